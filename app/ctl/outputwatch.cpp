// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/outputwatch.h"

#include "app/ctl/output.h"

#include <cerrno>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pilothouse::ctl {

OutputWatch::OutputWatch()
{
    struct stat about { };
    if (::fstat(STDOUT_FILENO, &about) != 0
        || !(S_ISFIFO(about.st_mode) || S_ISSOCK(about.st_mode)))
        return; // only these have a reader that can go
    m_notifier = std::make_unique<QSocketNotifier>(STDOUT_FILENO, QSocketNotifier::Exception);
    QObject::connect(m_notifier.get(), &QSocketNotifier::activated, m_notifier.get(), [this] {
        m_notifier->setEnabled(false);
        pollfd state{STDOUT_FILENO, 0, 0};
        if (::poll(&state, 1, 0) == 1 && (state.revents & (POLLERR | POLLHUP)) != 0)
            endOutput(EPIPE);
    });
}

} // namespace pilothouse::ctl
