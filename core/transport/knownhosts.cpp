// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/knownhosts.h"

#include "core/transport/knownhostsfile.h"

#include <QCryptographicHash>

#include <functional>

namespace pilothouse {

using Marker = KnownHostsLine::Marker;
using Visit = std::function<void(const QString &file, const KnownHostsFile::Entry &entry)>;

static void eachLine(const QStringList &files, const QList<QByteArray> &names,
    const QByteArray &blob, const Visit &visit)
{
    for (const QString &path : files)
        if (const auto file = KnownHostsFile::read(path))
            for (const KnownHostsFile::Entry *entry : file->candidates(names, blob))
                visit(path, *entry);
}

// OpenSSH holds all ECDSA curves for one type: a key on another curve is a changed key.
static QString family(const QString &type)
{
    return type.startsWith(QLatin1String("ecdsa-sha2-")) ? QStringLiteral("ecdsa") : type;
}

QString HostKey::fingerprint() const
{
    return QStringLiteral("SHA256:")
        + QString::fromLatin1(QCryptographicHash::hash(blob, QCryptographicHash::Sha256)
                                  .toBase64(QByteArray::OmitTrailingEquals));
}

QString knownHostsName(const QString &host, quint16 port)
{
    const QString name = host.toLower();
    return port == 22 ? name : QStringLiteral("[%1]:%2").arg(name).arg(port);
}

// "name" of "[name]:port"; empty for a name without a port.
static QString withoutPort(const QString &name)
{
    const auto end = name.lastIndexOf(QLatin1String("]:"));
    return name.startsWith(QLatin1Char('[')) && end > 0 ? name.mid(1, end - 1) : QString();
}

static KnownHostsAnswer judge(
    const QStringList &files, const QString &name, const QString &address, const HostKey &key)
{
    KnownHostsAnswer answer;
    const QByteArray wanted = name.toLower().toUtf8(), ip = address.toLower().toUtf8();
    eachLine(files, {wanted, ip}, key.blob, [&](const QString &file, const auto &entry) {
        const KnownHostsLine &line = entry.line;
        const auto found = [&](HostKeyVerdict verdict) {
            answer.verdict = verdict;
            answer.file = file;
            answer.line = entry.number;
        };
        const bool same = line.key == key;
        const bool here = line.matches(wanted);
        if (line.marker == Marker::Revoked) {
            if (same && answer.verdict != HostKeyVerdict::Revoked
                && (here || (!ip.isEmpty() && line.matches(ip))))
                found(HostKeyVerdict::Revoked);
            return;
        }
        if (line.marker == Marker::CertAuthority) {
            answer.hostCa = answer.hostCa || here;
            return;
        }
        if (!here) {
            if (same)
                answer.alsoKnownAs << entry.plainNames;
            return;
        }
        if (!answer.knownTypes.contains(line.key.type))
            answer.knownTypes << line.key.type;
        if (answer.verdict == HostKeyVerdict::Revoked || answer.verdict == HostKeyVerdict::Known)
            return;
        if (same) {
            found(HostKeyVerdict::Known);
            answer.known.reset();
        } else if (family(line.key.type) == family(key.type)) {
            found(HostKeyVerdict::Changed);
            answer.known = line.key;
        } else if (answer.verdict == HostKeyVerdict::Unknown) {
            answer.verdict = HostKeyVerdict::OtherType;
        }
    });
    if (answer.verdict != HostKeyVerdict::Changed)
        answer.known.reset();
    answer.alsoKnownAs.removeDuplicates();
    answer.alsoKnownAs.removeAll(name.toLower());
    return answer;
}

KnownHostsAnswer lookUpHostKey(
    const QStringList &files, const QString &name, const QString &address, const HostKey &key)
{
    KnownHostsAnswer answer = judge(files, name, address, key);
    const QString bare = withoutPort(name);
    const bool stranger
        = answer.verdict == HostKeyVerdict::Unknown || answer.verdict == HostKeyVerdict::OtherType;
    if (!stranger || bare.isEmpty())
        return answer;
    // As OpenSSH: a key that is known for the host on port 22 is good for its other ports too.
    const KnownHostsAnswer plain = judge(files, bare, address, key);
    if (plain.verdict == HostKeyVerdict::Known) {
        answer.verdict = plain.verdict;
        answer.file = plain.file;
        answer.line = plain.line;
        answer.alsoKnownAs.removeAll(bare);
    }
    return answer;
}

KnownHostsAnswer lookUpHost(const QStringList &files, const QString &name)
{
    KnownHostsAnswer answer;
    const QByteArray wanted = name.toLower().toUtf8();
    eachLine(files, {wanted}, {}, [&](const QString &, const auto &entry) {
        const KnownHostsLine &line = entry.line;
        if (line.marker == Marker::Revoked || !line.matches(wanted))
            return;
        if (line.marker == Marker::CertAuthority)
            answer.hostCa = true;
        else if (!answer.knownTypes.contains(line.key.type))
            answer.knownTypes << line.key.type;
    });
    return answer;
}

} // namespace pilothouse
