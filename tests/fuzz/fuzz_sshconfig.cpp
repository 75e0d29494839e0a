// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/aliaslister.h"
#include "core/transport/proxyjump.h"

#include <QSet>

#include <cstdlib>

using namespace pilothouse;

// The input is several files, parted by 0xff; "/f/N" names them, and an Include reaches the next.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const auto files
        = QByteArray(reinterpret_cast<const char *>(data), qsizetype(size)).split('\xff');
    ConfigSource source;
    source.home = QStringLiteral("/f");
    source.read = [&](const QString &path) -> Result<QByteArray> {
        const qsizetype number = path.section(QLatin1Char('/'), 2, 2).toInt();
        if (number < 0 || number >= files.size())
            return fail(Error{ErrorKind::NotFound, {}, {}, {}, {}});
        return files[number];
    };
    source.expand = [&](const QString &pattern) {
        return QStringList{
            QStringLiteral("/f/%1").arg(qHash(pattern, 0) % size_t(files.size())), pattern};
    };
    const AliasList list = listAliases(QStringLiteral("/f/0"), source);
    QSet<QString> seen;
    for (const QString &alias : list.aliases) {
        if (alias.isEmpty() || alias.startsWith(QLatin1Char('-')) || seen.contains(alias)
            || alias.contains(QLatin1Char('*')) || alias.contains(QLatin1Char('\n')))
            std::abort();
        seen.insert(alias);
    }
    const auto hops = parseProxyJump(QString::fromUtf8(files.first()));
    if (hops)
        for (const JumpHop &hop : *hops)
            if (hop.host.isEmpty() || hop.host.startsWith(QLatin1Char('-')))
                std::abort();
    static_cast<void>(parseSshG(QStringLiteral("x"), files.first()));
    return 0;
}
