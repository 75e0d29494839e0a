// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Host keys that are accepted for one connection only.
#include "core/transport/hostlines.h"
#include "core/transport/opensshmaster.h"

#include <QFile>

#include <algorithm>

namespace pilothouse {

/// Takes a word as it is in ssh_config: no pattern, nothing that ends a quoted word.
static bool isLiteral(const QString &word)
{
    return !word.isEmpty() && std::none_of(word.begin(), word.end(), [](QChar c) {
        return c < QLatin1Char(' ') || QStringLiteral("\"'\\*?!,").contains(c);
    });
}

/// A path as a quoted word; "%" and "$" would be expanded.
static QString quotedPath(QString path)
{
    return QLatin1Char('"') + path.replace(QLatin1Char('%'), QLatin1String("%%"))
        + QLatin1Char('"');
}

bool OpenSshMaster::acceptOnce(const HostKeyQuestion &question)
{
    const ResolvedHost &host = m_log->current();
    Once once{host.alias, question.host, question.fingerprint, {}};
    for (const QString &file : host.userKnownHosts) {
        if (file != QLatin1String("none") && file != QLatin1String("/dev/null"))
            once.knownHosts << file;
    }
    const auto fits
        = [](const QString &file) { return isLiteral(file) && !file.contains(QLatin1Char('$')); };
    const auto roots = configRoots();
    if (!isLiteral(once.alias) || once.alias.contains(QLatin1Char(' '))
        || !std::all_of(once.knownHosts.cbegin(), once.knownHosts.cend(), fits)
        || !std::all_of(
            roots.cbegin(), roots.cend(), [&](const ConfigRoot &root) { return fits(root.file); }))
        return false;
    m_once << once;
    if (writeOnceConfig())
        return true;
    m_once.removeLast();
    return false;
}

bool OpenSshMaster::writeOnceConfig() const
{
    // Each host of the chain has its own line: the ssh of a jump host reads this file too. A first
    // value wins, so these stand before what is included.
    QString text;
    for (const Once &once : m_once) {
        QStringList files{quotedPath(m_folder->filePath(QStringLiteral("known_hosts")))};
        for (const QString &file : once.knownHosts)
            files << quotedPath(file);
        text += QStringLiteral("Host %1\n UserKnownHostsFile %2\n UpdateHostKeys no\n")
                    .arg(once.alias, files.join(QLatin1Char(' ')));
    }
    text += QStringLiteral("Match all\n");
    const auto roots = configRoots();
    for (const ConfigRoot &root : roots)
        text += QStringLiteral(" Include \"%1\"\n").arg(root.file);
    const auto secure = QFile::ReadOwner | QFile::WriteOwner;
    QFile known(m_folder->filePath(QStringLiteral("known_hosts"))), file(onceConfig());
    return known.open(QFile::Append) && known.setPermissions(secure)
        && file.open(QFile::WriteOnly | QFile::Truncate) && file.setPermissions(secure)
        && file.write(text.toUtf8()) == text.toUtf8().size() && file.flush();
}

} // namespace pilothouse
