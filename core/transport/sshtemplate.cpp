// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/sshtemplate.h"

#include <algorithm>
#include <array>

namespace pilothouse {

namespace {

// Letters of a plain host name: with others ("user@", "[::1]", "ssh://") ssh may split the word.
bool isPlainName(const QByteArray &word)
{
    return !word.isEmpty() && std::all_of(word.begin(), word.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || c == '.' || c == '-' || c == '_';
    });
}

// Nobody here reads these, so tokens in them do not matter.
bool isUnused(const QByteArray &keyword)
{
    constexpr std::array unused{"controlpath", "localcommand", "remotecommand", "setenv", "sendenv",
        "controlmaster", "controlpersist"};
    return std::any_of(
        unused.begin(), unused.end(), [&](const char *one) { return keyword == one; });
}

bool hasToken(const ConfigLine &line)
{
    return std::any_of(line.words.begin(), line.words.end(),
        [](const QByteArray &word) { return word.contains('%') || word.contains('$'); });
}

bool isNo(const ConfigLine &line)
{
    return line.words.size() == 1 && line.words.first().toLower() == "no";
}

void append(QByteArray *key, const QByteArray &piece)
{
    key->append(QByteArray::number(piece.size())).append(':').append(piece);
}

// The first value counts; each keyword that is there must be in the key, since its default differs.
class Shaper {
public:
    explicit Shaper(const QByteArray &alias)
        : m_alias(alias)
    {
    }

    bool add(const ConfigLine &line)
    {
        const bool own
            = line.keyword == "hostname" || line.keyword == "user" || line.keyword == "port";
        if (own) {
            append(&m_shape.key, line.keyword);
            return line.words.size() == 1 && !line.words.first().isEmpty()
                && take(line.keyword, line.words.first());
        }
        if (line.keyword.startsWith("canonical") && !isNo(line))
            return false;
        if (!isUnused(line.keyword) && hasToken(line))
            return false;
        if (line.keyword == "proxyjump")
            m_jumps << line.words;
        append(&m_shape.key, line.keyword);
        append(&m_shape.key, QByteArray::number(line.words.size()));
        for (const QByteArray &word : line.words)
            append(&m_shape.key, word);
        return true;
    }

    std::optional<HostShape> finish()
    {
        if (m_shape.hostName.isEmpty())
            m_shape.hostName = QString::fromLatin1(m_alias.toLower());
        // A host that jumps through itself is a loop, which is for ssh to say.
        const QByteArray name = m_shape.hostName.toLatin1();
        for (const QByteArray &jump : m_jumps)
            if (jump.toLower().contains(name) || jump.toLower().contains(m_alias.toLower()))
                return std::nullopt;
        return std::move(m_shape);
    }

private:
    bool take(const QByteArray &keyword, QByteArray value)
    {
        if (keyword == "port") {
            bool good = false;
            const int port = value.toInt(&good);
            if (m_shape.port == 0)
                m_shape.port = port;
            return good && port >= 1 && port <= 65535;
        }
        if (keyword == "hostname") {
            value.replace("%h", m_alias);
            if (m_shape.hostName.isEmpty())
                m_shape.hostName = QString::fromLatin1(value.toLower());
            return isPlainName(value);
        }
        if (m_shape.user.isEmpty())
            m_shape.user = QString::fromUtf8(value);
        return isPlainName(value);
    }

    const QByteArray m_alias;
    HostShape m_shape;
    QList<QByteArray> m_jumps;
};

} // namespace

std::optional<HostShape> hostShape(const QByteArray &alias, const HostLines &lines)
{
    if (lines.needsSsh || !isPlainName(alias))
        return std::nullopt;
    Shaper shaper(alias);
    for (const ConfigLine &line : lines.lines)
        if (!shaper.add(line))
            return std::nullopt;
    return shaper.finish();
}

ParsedSshG fitted(ParsedSshG shared, const QString &alias, const HostShape &shape)
{
    shared.host.alias = alias;
    shared.host.hostName = shape.hostName;
    if (!shape.user.isEmpty())
        shared.host.user = shape.user;
    if (shape.port != 0)
        shared.host.port = quint16(shape.port);
    return shared;
}

} // namespace pilothouse
