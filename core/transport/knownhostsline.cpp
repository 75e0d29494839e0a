// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/knownhostsline.h"

#include "core/transport/sshpattern.h"

#include <QCryptographicHash>
#include <QMessageAuthenticationCode>
#include <QtEndian>

namespace pilothouse {

static constexpr qsizetype saltBytes = 20; // of SHA-1

static bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}

// The next word, and the text behind it without leading blanks.
static QByteArrayView takeWord(QByteArrayView &text)
{
    qsizetype end = 0;
    while (end < text.size() && !isBlank(text[end]))
        ++end;
    const QByteArrayView word = text.first(end);
    while (end < text.size() && isBlank(text[end]))
        ++end;
    text = text.sliced(end);
    return word;
}

static std::optional<QByteArray> decoded(QByteArrayView text)
{
    if (text.isEmpty() || text.size() % 4 != 0)
        return std::nullopt;
    auto result = QByteArray::fromBase64Encoding(
        text.toByteArray(), QByteArray::Base64Encoding | QByteArray::AbortOnBase64DecodingErrors);
    if (!result)
        return std::nullopt;
    return std::move(result.decoded);
}

static bool blobHasType(const QByteArray &blob, QByteArrayView type)
{
    // A blob begins with its own type: a 32 bit length, then the name.
    return blob.size() > 4 && qFromBigEndian<quint32>(blob.constData()) == quint32(type.size())
        && QByteArrayView(blob).sliced(4).startsWith(type);
}

std::optional<KnownHostsLine> parseKnownHostsLine(QByteArrayView line)
{
    // OpenSSH reads C strings: what follows a NUL does not exist.
    for (const char end : {'\n', '\0'})
        if (const auto at = line.indexOf(end); at >= 0)
            line = line.first(at);
    while (!line.isEmpty() && line.back() == '\r')
        line.chop(1);
    while (!line.isEmpty() && isBlank(line.front()))
        line = line.sliced(1);
    if (line.isEmpty() || line.front() == '#')
        return std::nullopt;

    KnownHostsLine entry;
    if (line.front() == '@') {
        const QByteArrayView marker = takeWord(line);
        if (marker == "@cert-authority")
            entry.marker = KnownHostsLine::Marker::CertAuthority;
        else if (marker == "@revoked")
            entry.marker = KnownHostsLine::Marker::Revoked;
        else
            return std::nullopt;
        if (line.startsWith('@'))
            return std::nullopt;
    }
    entry.names = takeWord(line).toByteArray();
    const QByteArrayView type = takeWord(line);
    const auto blob = decoded(takeWord(line));
    if (entry.names.isEmpty() || type.isEmpty() || !blob || !blobHasType(*blob, type))
        return std::nullopt;
    entry.key.type = QString::fromLatin1(type);
    entry.key.blob = *blob;
    return entry;
}

QByteArray hashedHostName(const QByteArray &name, const QByteArray &salt)
{
    return "|1|" + salt.toBase64() + '|'
        + QMessageAuthenticationCode::hash(name, salt, QCryptographicHash::Sha1).toBase64();
}

bool KnownHostsLine::matches(const QByteArray &name) const
{
    if (!names.startsWith('|'))
        return matchPatternList(name, names) == PatternMatch::Yes;
    const auto parts = names.split('|');
    if (parts.size() != 4 || parts[1] != "1")
        return false;
    const auto salt = decoded(parts[2]);
    return salt && salt->size() == saltBytes && hashedHostName(name, *salt) == names;
}

QStringList KnownHostsLine::plainNames() const
{
    QStringList plain;
    if (names.startsWith('|'))
        return plain;
    for (const QByteArray &name : names.split(','))
        if (!name.isEmpty() && !name.startsWith('!') && !name.contains('*') && !name.contains('?'))
            plain << QString::fromUtf8(name).toLower();
    return plain;
}

} // namespace pilothouse
