// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/knownhosts.h"

#include "core/transport/knownhostsline.h"
#include "core/transport/transport.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRandomGenerator>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace pilothouse {

static constexpr int lockTries = 500; // 10 ms each

static Error failure(ErrorKind kind, const QString &message, const QString &cause)
{
    return {kind, QStringLiteral("host_key"), message, cause,
        QCoreApplication::translate("transport", "Check the file, then connect again.")};
}

static Error systemFailure(const QString &file)
{
    const int code = errno;
    const ErrorKind kind = code == ENOSPC || code == EDQUOT ? ErrorKind::NoSpace
        : code == EACCES || code == EPERM || code == EROFS  ? ErrorKind::Denied
                                                            : ErrorKind::Internal;
    return failure(kind,
        QCoreApplication::translate("transport", "The host key could not be saved to %1.")
            .arg(file),
        QString::fromLocal8Bit(std::strerror(code)));
}

// A name that a line of the file can hold, and that reads back as itself.
static bool writable(const QByteArray &name)
{
    if (name.isEmpty() || QByteArray("|@#!").contains(name.front()))
        return false;
    for (const char c : name)
        if (uchar(c) <= ' ' || c == 0x7f || c == ',' || c == '*' || c == '?')
            return false;
    return true;
}

static bool lock(int fd)
{
    for (int i = 0; i < lockTries; ++i) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0)
            return true;
        if (errno != EWOULDBLOCK && errno != EINTR)
            return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
}

Result<> appendKnownHost(const QString &file, const QString &name, const HostKey &key, bool hashed)
{
    QByteArray host = name.toLower().toUtf8();
    if (!writable(host))
        return fail(failure(ErrorKind::BadInput,
            QCoreApplication::translate("transport", "This host name cannot be saved."), name));
    if (hashed) {
        QByteArray salt(20, '\0');
        for (char &byte : salt)
            byte = char(QRandomGenerator::system()->bounded(256));
        host = hashedHostName(host, salt);
    }
    QByteArray line = host + ' ' + key.type.toLatin1() + ' ' + key.blob.toBase64() + '\n';
    if (!parseKnownHostsLine(line))
        return fail(failure(ErrorKind::BadInput,
            QCoreApplication::translate("transport", "This host key cannot be saved."), key.type));

    const QString folder = QFileInfo(file).absolutePath();
    if (!QFileInfo::exists(folder)) {
        if (!QDir().mkpath(folder))
            return fail(systemFailure(file));
        ::chmod(QFile::encodeName(folder).constData(), 0700);
    }
    const Descriptor out(::open(QFile::encodeName(file).constData(),
        O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600));
    if (!out.valid() || !lock(out.get()))
        return fail(systemFailure(file));
    struct stat info { };
    char last = '\n';
    if (fstat(out.get(), &info) != 0
        || (info.st_size > 0 && pread(out.get(), &last, 1, info.st_size - 1) != 1))
        return fail(systemFailure(file));
    if (last != '\n')
        line.prepend('\n');
    // One write: readers that do not lock see all of it or nothing.
    const ssize_t written = ::write(out.get(), line.constData(), std::size_t(line.size()));
    if (written != line.size()) {
        if (written >= 0) {
            // Takes back our own torn end, unless another line has come after it.
            struct stat now { };
            if (fstat(out.get(), &now) == 0 && now.st_size == info.st_size + written)
                static_cast<void>(::ftruncate(out.get(), info.st_size) == 0);
            errno = ENOSPC;
        }
        return fail(systemFailure(file));
    }
    if (fsync(out.get()) != 0 && errno != EINVAL) // EINVAL: a device or pipe stands there
        return fail(systemFailure(file));
    return {};
}

} // namespace pilothouse
