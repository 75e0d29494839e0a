// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/transport.h"

#include <QCoreApplication>

#include <unistd.h>

namespace pilothouse {

Descriptor &Descriptor::operator=(Descriptor &&other) noexcept
{
    if (this != &other) {
        if (m_fd >= 0)
            ::close(m_fd);
        m_fd = other.release();
        m_end = std::move(other.m_end);
    }
    return *this;
}

Descriptor::~Descriptor()
{
    if (m_fd >= 0)
        ::close(m_fd);
}

QByteArray CommandEnd::err() const
{
    const std::lock_guard lock(m_mutex);
    return m_err;
}

std::optional<int> CommandEnd::exitCode() const
{
    const std::lock_guard lock(m_mutex);
    return m_exitCode;
}

void CommandEnd::addErr(const QByteArray &text)
{
    const std::lock_guard lock(m_mutex);
    m_err = (m_err + text).right(4096);
}

void CommandEnd::setExitCode(int code)
{
    const std::lock_guard lock(m_mutex);
    m_exitCode = code;
}

Result<QByteArray> printed(const Result<Output> &output, const QString &stage)
{
    if (!output)
        return fail(output.error());
    if (output->signal == 0 && output->exitCode == 0)
        return output->out;
    const QString message = output->signal != 0
        ? QCoreApplication::translate("transport", "The command was ended by signal %1.")
              .arg(output->signal)
        : QCoreApplication::translate("transport", "The command ended with exit code %1.")
              .arg(output->exitCode);
    const auto kind = output->exitCode == 127 ? ErrorKind::NotFound : ErrorKind::BadReply;
    return fail({kind, stage, message, QString::fromUtf8(output->err.right(2000)).trimmed(), {}});
}

} // namespace pilothouse
