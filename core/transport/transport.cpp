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
    }
    return *this;
}

Descriptor::~Descriptor()
{
    if (m_fd >= 0)
        ::close(m_fd);
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
