// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/kerberosticket.h"

#include "core/transport/localtransport.h"

#include <QDeadlineTimer>
#include <QFileInfo>
#include <QStandardPaths>

#include <unistd.h>

namespace pilothouse {

using namespace std::chrono_literals;

/// Types other than files cannot be looked into without the library.
static bool hasCacheFile()
{
    QString cache = qEnvironmentVariable("KRB5CCNAME");
    if (cache.isEmpty())
        cache = QStringLiteral("/tmp/krb5cc_%1").arg(::getuid());
    if (cache.startsWith(QLatin1String("FILE:")))
        cache.remove(0, 5);
    const QFileInfo file(cache);
    return cache.startsWith(QLatin1Char('/')) && file.isFile() && file.size() > 0
        && file.ownerId() == ::getuid();
}

Task<bool> hasKerberosTicket(Context context)
{
    struct Known {
        QByteArray environment;
        QDeadlineTimer until;
        bool ticket = false;
    };
    static Known known;
    const QByteArray environment = qgetenv("PATH") + '\n' + qgetenv("KRB5CCNAME");
    if (known.environment == environment && !known.until.hasExpired())
        co_return bool(known.ticket);
    bool ticket = hasCacheFile();
    const QString klist = QStandardPaths::findExecutable(QStringLiteral("klist"));
    if (!klist.isEmpty()) {
        const auto shell = std::make_shared<LocalTransport>();
        const Command silent(klist, QStringList{QStringLiteral("-s")});
        auto asking = shell->run(context.within(3s), silent);
        const auto answer = co_await std::move(asking);
        ticket = answer && answer->exitCode == 0;
    }
    known = {environment, QDeadlineTimer(5s), ticket};
    co_return bool(ticket);
}

} // namespace pilothouse
