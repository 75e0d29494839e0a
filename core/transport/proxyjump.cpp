// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/proxyjump.h"

#include <QCoreApplication>

namespace pilothouse {

static std::optional<JumpHop> parseHop(QString text)
{
    JumpHop hop;
    hop.text = text;
    const QLatin1String scheme("ssh://");
    if (text.startsWith(scheme)) {
        text.remove(0, scheme.size());
        if (text.endsWith(QLatin1Char('/')))
            text.chop(1);
    }
    if (const auto at = text.lastIndexOf(QLatin1Char('@')); at >= 0) {
        hop.user = text.left(at);
        text.remove(0, at + 1);
        if (hop.user.isEmpty() || hop.user.startsWith(QLatin1Char('-')))
            return std::nullopt;
    }
    QString port;
    bool hasPort = false;
    if (text.startsWith(QLatin1Char('['))) {
        const auto end = text.indexOf(QLatin1Char(']'));
        if (end < 0)
            return std::nullopt;
        hop.host = text.mid(1, end - 1);
        const QString rest = text.mid(end + 1);
        hasPort = rest.startsWith(QLatin1Char(':'));
        if (!rest.isEmpty() && !hasPort)
            return std::nullopt;
        port = rest.mid(1);
    } else {
        // Several colons without brackets: a bare IPv6 address.
        hasPort = text.count(QLatin1Char(':')) == 1;
        hop.host = hasPort ? text.section(QLatin1Char(':'), 0, 0) : text;
        port = hasPort ? text.section(QLatin1Char(':'), 1) : QString();
    }
    if (hasPort) {
        bool number = false;
        hop.port = port.toUShort(&number);
        if (!number || hop.port == 0)
            return std::nullopt;
    }
    if (hop.host.isEmpty() || hop.host.startsWith(QLatin1Char('-')))
        return std::nullopt;
    for (const QChar c : hop.host + hop.user)
        if (c <= QLatin1Char(' ') || c == QChar(0x7f))
            return std::nullopt;
    return hop;
}

Result<QList<JumpHop>> parseProxyJump(const QString &text)
{
    QList<JumpHop> hops;
    const QString trimmed = text.trimmed();
    if (trimmed.isEmpty() || trimmed.compare(QLatin1String("none"), Qt::CaseInsensitive) == 0)
        return hops;
    for (const QString &one : trimmed.split(QLatin1Char(','))) {
        const auto hop = parseHop(one.trimmed());
        if (!hop)
            return fail(Error{ErrorKind::BadInput, QStringLiteral("resolve"),
                QCoreApplication::translate("transport", "The ProxyJump list cannot be read."),
                text,
                QCoreApplication::translate(
                    "transport", "Write it as user@host:port, with commas between hops.")});
        hops << *hop;
    }
    return hops;
}

} // namespace pilothouse
