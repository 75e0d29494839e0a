// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/processidentity.h"

#include <QCoreApplication>
#include <QFile>

namespace pilothouse {

static QByteArray contents(const QString &path)
{
    QFile file(path);
    return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray();
}

static QString startOf(const QString &pid)
{
    const QByteArray stat = contents(QStringLiteral("/proc/%1/stat").arg(pid));
    // The name in parentheses may hold spaces and parentheses: count from the last one.
    const auto fields = stat.mid(stat.lastIndexOf(')') + 2).split(' ');
    const bool zombie = fields.value(0) == "Z" || fields.value(0) == "X";
    return zombie ? QString() : QString::fromLatin1(fields.value(19));
}

static QString bootId()
{
    return QString::fromLatin1(
        contents(QStringLiteral("/proc/sys/kernel/random/boot_id")).trimmed());
}

ProcessIdentity ProcessIdentity::ofThisProcess()
{
    const QString pid = QString::number(QCoreApplication::applicationPid());
    return {pid, startOf(pid), bootId()};
}

bool ProcessIdentity::alive() const
{
    return !pid.isEmpty() && boot == bootId() && !start.isEmpty() && start == startOf(pid);
}

} // namespace pilothouse
