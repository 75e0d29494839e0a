// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/paths.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>

#include <unistd.h>

namespace pilothouse::paths {

static QString &root()
{
    static QString folder;
    return folder;
}

void setRoot(const QString &folder)
{
    root() = folder;
}

static QString made(const QString &folder)
{
    QDir().mkpath(folder);
    QFile::setPermissions(folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    return folder;
}

/// The folder of one kind.
static QString inXdg(QStandardPaths::StandardLocation location, const QString &name)
{
    if (!root().isEmpty())
        return made(root() + QLatin1Char('/') + name);
    return made(QStandardPaths::writableLocation(location) + QStringLiteral("/pilothouse"));
}

QString data()
{
    return inXdg(QStandardPaths::GenericDataLocation, QStringLiteral("data"));
}

QString config()
{
    return inXdg(QStandardPaths::GenericConfigLocation, QStringLiteral("config"));
}

QString cache()
{
    return inXdg(QStandardPaths::GenericCacheLocation, QStringLiteral("cache"));
}

QString runtime()
{
    if (!root().isEmpty())
        return made(root() + QStringLiteral("/run"));
    const QString xdg = qEnvironmentVariable("XDG_RUNTIME_DIR");
    if (!xdg.isEmpty() && QFileInfo(xdg).isWritable())
        return made(xdg + QStringLiteral("/pilothouse"));
    const QString own = QDir::tempPath() + QStringLiteral("/pilothouse-run-%1").arg(getuid());
    return made(own);
}

QString bundled(const QString &name)
{
    const QString here = QCoreApplication::applicationDirPath();
    for (const auto &folder : {here, here + QStringLiteral("/../libexec/pilothouse"),
             here + QStringLiteral("/../agents")}) {
        const QString file = folder + QLatin1Char('/') + name;
        if (QFileInfo::exists(file))
            return QFileInfo(file).canonicalFilePath();
    }
    return {};
}

} // namespace pilothouse::paths
