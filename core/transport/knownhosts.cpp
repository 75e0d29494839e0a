// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/knownhosts.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QFile>
#include <QFileInfo>
#include <QMessageAuthenticationCode>
#include <QRandomGenerator>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pilothouse {

namespace {

constexpr qint64 largest = 64 * 1024 * 1024;

/// One line of known_hosts (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT).
struct Line {
    QByteArray names;
    HostKey key;
    bool revoked = false, authority = false;
};

std::optional<Line> parseLine(const QByteArray &raw)
{
    QByteArrayList words = raw.simplified().split(' ');
    if (words.isEmpty() || words[0].isEmpty() || words[0].startsWith('#'))
        return std::nullopt;
    Line line;
    if (words[0].startsWith('@')) {
        line.revoked = words[0] == "@revoked";
        line.authority = words[0] == "@cert-authority";
        if (!line.revoked && !line.authority)
            return std::nullopt;
        words.removeFirst();
    }
    if (words.size() < 3)
        return std::nullopt;
    line.names = words[0];
    line.key.type = QString::fromLatin1(words[1]);
    const auto decoded
        = QByteArray::fromBase64Encoding(words[2], QByteArray::AbortOnBase64DecodingErrors);
    // The blob starts with its own type (RFC 4253 6.6); a line whose words disagree is broken.
    const QByteArray type = words[1];
    if (!decoded || decoded.decoded.size() < 4 + type.size()
        || decoded.decoded.mid(4, type.size()) != type)
        return std::nullopt;
    line.key.blob = decoded.decoded;
    return line;
}

/// * and ? as in fnmatch, nothing else is special.
bool matchesPattern(QByteArrayView pattern, QByteArrayView name)
{
    qsizetype p = 0, n = 0, star = -1, retry = 0;
    while (n < name.size()) {
        if (p < pattern.size()
            && (pattern[p] == '?' || (pattern[p] != '*' && pattern[p] == name[n]))) {
            ++p;
            ++n;
        } else if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            retry = n;
        } else if (star >= 0) {
            p = star + 1;
            n = ++retry;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*')
        ++p;
    return p == pattern.size();
}

bool matchesHashed(const QByteArray &names, const QByteArray &name)
{
    const auto parts = names.split('|'); // "", "1", salt, hash
    if (parts.size() != 4 || parts[1] != "1")
        return false;
    const QByteArray salt = QByteArray::fromBase64(parts[2]);
    return QMessageAuthenticationCode::hash(name, salt, QCryptographicHash::Sha1)
        == QByteArray::fromBase64(parts[3]);
}

bool matchesNames(const QByteArray &names, const QByteArray &name)
{
    if (names.startsWith('|'))
        return matchesHashed(names, name);
    bool found = false;
    const auto patterns = names.toLower().split(',');
    for (const auto &pattern : patterns) {
        if (pattern.startsWith('!')) {
            if (matchesPattern(QByteArrayView(pattern).sliced(1), name))
                return false;
        } else {
            found |= matchesPattern(pattern, name);
        }
    }
    return found;
}

/// Calls `take(line, file, number)` for every readable line of every file.
template <typename Take> void eachLine(const QStringList &files, Take take)
{
    for (const auto &path : files) {
        QFile file(path);
        if (!QFileInfo(path).isFile() || file.size() > largest || !file.open(QFile::ReadOnly))
            continue;
        int number = 0;
        while (!file.atEnd()) {
            ++number;
            const auto line = parseLine(file.readLine());
            if (line)
                take(*line, path, number);
        }
    }
}

bool isPlainName(const QByteArray &name)
{
    return !name.isEmpty() && !name.startsWith('|') && !name.contains('*') && !name.contains('?')
        && !name.startsWith('!');
}

Error cannotSave(const QString &file)
{
    return {errno == ENOSPC ? ErrorKind::NoSpace : ErrorKind::Denied, QStringLiteral("host_key"),
        QCoreApplication::translate("knownhosts", "The key could not be saved to %1.").arg(file),
        QString::fromLocal8Bit(std::strerror(errno)),
        QCoreApplication::translate(
            "knownhosts", "Check the file's permissions and the free space.")};
}

} // namespace

QString HostKey::fingerprint() const
{
    const auto digest = QCryptographicHash::hash(blob, QCryptographicHash::Sha256);
    return QStringLiteral("SHA256:")
        + QString::fromLatin1(digest.toBase64(QByteArray::OmitTrailingEquals));
}

QString knownHostsName(const QString &host, quint16 port)
{
    const QString name = host.toLower();
    return port == 22 ? name : QStringLiteral("[%1]:%2").arg(name).arg(port);
}

KnownHostsAnswer lookUpHostKey(
    const QStringList &files, const QString &name, const QString &address, const HostKey &key)
{
    KnownHostsAnswer answer;
    QByteArrayList asked{name.toLower().toUtf8()};
    if (!address.isEmpty())
        asked << address.toLower().toUtf8();
    bool sameTypeKnown = false;
    eachLine(files, [&](const Line &line, const QString &file, int number) {
        const bool ours = std::any_of(asked.begin(), asked.end(),
            [&](const QByteArray &one) { return matchesNames(line.names, one); });
        const auto found = [&](HostKeyVerdict verdict) {
            answer.verdict = verdict;
            answer.file = file;
            answer.line = number;
        };
        if (line.authority) {
            answer.hostCa |= ours;
            return;
        }
        const bool sameKey = line.key == key;
        if (line.revoked) {
            // As OpenSSH: revoked for the names of its line, whatever other lines say.
            if (ours && sameKey)
                found(HostKeyVerdict::Revoked);
            return;
        }
        if (sameKey) {
            const auto names = line.names.split(',');
            for (const auto &other : names) {
                if (isPlainName(other) && !asked.contains(other.toLower())
                    && answer.alsoKnownAs.size() < 10)
                    answer.alsoKnownAs << QString::fromUtf8(other);
            }
        }
        if (!ours)
            return;
        answer.knownTypes << line.key.type;
        if (answer.verdict == HostKeyVerdict::Revoked)
            return;
        if (sameKey) {
            if (answer.verdict != HostKeyVerdict::Known)
                found(HostKeyVerdict::Known);
        } else if (answer.verdict != HostKeyVerdict::Known && line.key.type == key.type
            && !sameTypeKnown) {
            sameTypeKnown = true;
            found(HostKeyVerdict::Changed);
            answer.known = line.key;
        } else if (answer.verdict == HostKeyVerdict::Unknown) {
            found(HostKeyVerdict::OtherType);
            answer.known = line.key;
        }
    });
    if (answer.verdict == HostKeyVerdict::Known)
        answer.known.reset();
    answer.knownTypes.removeDuplicates();
    answer.alsoKnownAs.removeDuplicates();
    return answer;
}

KnownHostsAnswer lookUpHost(const QStringList &files, const QString &name)
{
    KnownHostsAnswer answer;
    const QByteArray asked = name.toLower().toUtf8();
    eachLine(files, [&](const Line &line, const QString &, int) {
        if (!matchesNames(line.names, asked))
            return;
        if (line.authority)
            answer.hostCa = true;
        else if (!line.revoked)
            answer.knownTypes << line.key.type;
    });
    answer.knownTypes.removeDuplicates();
    return answer;
}

Result<> appendKnownHost(const QString &file, const QString &name, const HostKey &key, bool hashed)
{
    QByteArray shown = name.toLower().toUtf8();
    if (hashed) {
        QByteArray salt(20, '\0');
        QRandomGenerator::system()->generate(salt.begin(), salt.end());
        const auto hash = QMessageAuthenticationCode::hash(shown, salt, QCryptographicHash::Sha1);
        shown = "|1|" + salt.toBase64() + '|' + hash.toBase64();
    }
    QByteArray line = shown + ' ' + key.type.toLatin1() + ' ' + key.blob.toBase64() + '\n';
    const QByteArray folder = QFile::encodeName(QFileInfo(file).absolutePath());
    ::mkdir(folder.constData(), 0700);
    const int fd = ::open(
        QFile::encodeName(file).constData(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(cannotSave(file));
    // Two of our programs may add at once; a line must not be glued to one that lacks its line
    // feed.
    bool good = ::flock(fd, LOCK_EX) == 0;
    struct stat info { };
    char last = '\n';
    good = good && ::fstat(fd, &info) == 0;
    if (good && info.st_size > 0 && ::pread(fd, &last, 1, info.st_size - 1) == 1 && last != '\n')
        line.prepend('\n');
    good = good && ::write(fd, line.constData(), std::size_t(line.size())) == line.size()
        && ::fsync(fd) == 0;
    const auto result = good ? Result<>() : Result<>(fail(cannotSave(file)));
    ::close(fd);
    return result;
}

} // namespace pilothouse
