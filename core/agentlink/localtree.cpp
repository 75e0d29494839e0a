// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/agentlink/localtree.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QScopeGuard>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pilothouse {

FileInfo localInfo(const QString &path)
{
    FileInfo info;
    info.path = path;
    struct stat found { };
    if (::lstat(QFile::encodeName(path).constData(), &found) != 0) {
        if (errno != ENOENT && errno != ENOTDIR)
            info.error = QString::fromLocal8Bit(std::strerror(errno));
        return info;
    }
    info.kind = S_ISREG(found.st_mode) ? QStringLiteral("file")
        : S_ISDIR(found.st_mode)       ? QStringLiteral("folder")
        : S_ISLNK(found.st_mode)       ? QStringLiteral("link")
                                       : QStringLiteral("other");
    info.size = quint64(found.st_size);
    info.modifiedNs = qint64(found.st_mtim.tv_sec) * 1'000'000'000 + found.st_mtim.tv_nsec;
    info.mode = found.st_mode & 07777;
    if (S_ISLNK(found.st_mode)) {
        QByteArray target(4096, '\0');
        const auto length
            = ::readlink(QFile::encodeName(path).constData(), target.data(), std::size_t(4096));
        info.linkTarget = QFile::decodeName(target.left(std::max<qsizetype>(0, length)));
    }
    return info;
}

QList<FileInfo> walkLocalTree(const QString &root)
{
    QList<FileInfo> found;
    QStringList folders{QString()};
    while (!folders.isEmpty()) {
        const QString below = folders.takeFirst();
        const QDir folder(below.isEmpty() ? root : root + QLatin1Char('/') + below);
        if (!folder.isReadable()) {
            FileInfo unreadable;
            unreadable.path = below.isEmpty() ? root : below;
            unreadable.error
                = QCoreApplication::translate("agentlink", "the folder cannot be read");
            found << unreadable;
            continue;
        }
        const auto names = folder.entryList(
            QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot, QDir::Name);
        for (const auto &name : names) {
            auto info = localInfo(folder.path() + QLatin1Char('/') + name);
            info.path = below.isEmpty() ? name : below + QLatin1Char('/') + name;
            if (info.kind == QLatin1String("folder"))
                folders << info.path;
            found << info;
        }
    }
    return found;
}

static QString reason(int error)
{
    return QString::fromLocal8Bit(std::strerror(error));
}

static QString placeFolder(const QByteArray &path, const FileInfo &entry)
{
    if (::mkdir(path.constData(), 0700) != 0 && errno != EEXIST)
        return reason(errno);
    const int fd
        = ::open(path.constData(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return reason(errno);
    const auto close = qScopeGuard([fd] { ::close(fd); });
    if (entry.mode != 0 && ::fchmod(fd, entry.mode & 03777) != 0)
        return reason(errno);
    if (entry.modifiedNs > 0) {
        timespec times[2]{};
        times[0].tv_nsec = UTIME_OMIT;
        times[1].tv_sec = entry.modifiedNs / 1'000'000'000;
        times[1].tv_nsec = entry.modifiedNs % 1'000'000'000;
        if (::futimens(fd, times) != 0)
            return reason(errno);
    }
    return {};
}

QString placeLocally(const QString &path, const FileInfo &entry)
{
    const QByteArray name = QFile::encodeName(path);
    if (entry.kind == QLatin1String("folder"))
        return placeFolder(name, entry);
    if (entry.kind != QLatin1String("link"))
        return reason(EINVAL);
    const QByteArray target = QFile::encodeName(entry.linkTarget);
    const auto there = localInfo(path);
    if (there.kind == QLatin1String("link") && there.linkTarget == entry.linkTarget)
        return {};
    if (there.kind == QLatin1String("link"))
        ::unlink(name.constData());
    else if (!there.kind.isEmpty())
        return reason(EEXIST);
    return ::symlink(target.constData(), name.constData()) == 0 ? QString() : reason(errno);
}

} // namespace pilothouse
