// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/aliaslister.h"
#include "core/transport/sshconfig.h"
#include "core/transport/transport.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <glob.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pilothouse {

static constexpr qint64 largestFile = 4 * 1024 * 1024;

static Error unreadable(int code, const QString &cause)
{
    return {code == ENOENT || code == ENOTDIR ? ErrorKind::NotFound : ErrorKind::Denied,
        QStringLiteral("resolve"), {}, cause, {}};
}

static Result<QByteArray> readConfig(const QString &path)
{
    // Non-blocking: a pipe that somebody named like a file must not hold us.
    const Descriptor in(
        ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    struct stat info { };
    if (!in.valid() || fstat(in.get(), &info) != 0)
        return fail(unreadable(errno, QString::fromLocal8Bit(std::strerror(errno))));
    if (!S_ISREG(info.st_mode))
        return fail(unreadable(0, QStringLiteral("not a file")));
    if (info.st_size > largestFile)
        return fail(unreadable(0, QStringLiteral("larger than 4 MB")));
    QFile file;
    if (!file.open(in.get(), QFile::ReadOnly))
        return fail(unreadable(0, file.errorString()));
    return file.read(largestFile);
}

static QStringList expandPattern(const QString &pattern)
{
    glob_t found{};
    QStringList files;
    if (glob(QFile::encodeName(pattern).constData(), GLOB_TILDE, nullptr, &found) == 0)
        for (std::size_t i = 0; i < found.gl_pathc; ++i)
            files << QFile::decodeName(found.gl_pathv[i]);
    globfree(&found);
    return files;
}

QString namedSshConfig()
{
    const QString named = qEnvironmentVariable("PILOTHOUSE_SSH_CONFIG");
    return named.isEmpty() ? QString() : QFileInfo(named).absoluteFilePath();
}

QString userSshConfig()
{
    const QString named = namedSshConfig();
    return named.isEmpty() ? QDir::homePath() + QStringLiteral("/.ssh/config") : named;
}

ConfigSource configFiles()
{
    ConfigSource source;
    source.read = &readConfig;
    source.expand = &expandPattern;
    source.home = QDir::homePath();
    return source;
}

} // namespace pilothouse
