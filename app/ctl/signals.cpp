// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/signals.h"

#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace pilothouse::ctl {

// Not signalfd: blocked signals would be inherited by the programs we start.
static int ends[2] = {-1, -1};

static void caught(int number)
{
    const int kept = errno;
    const char byte = char(number);
    [[maybe_unused]] const ssize_t wrote = ::write(ends[1], &byte, 1);
    errno = kept;
}

Signals::Signals(std::function<void(int signal)> arrived)
{
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
        return; // signals then end the process, as they do by themselves
    m_notifier = std::make_unique<QSocketNotifier>(ends[0], QSocketNotifier::Read);
    QObject::connect(m_notifier.get(), &QSocketNotifier::activated, m_notifier.get(),
        [arrived = std::move(arrived)] {
            char byte = 0;
            while (::read(ends[0], &byte, 1) == 1)
                arrived(int(byte));
        });
    struct sigaction action { };
    action.sa_handler = &caught;
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
}

Signals::~Signals()
{
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    m_notifier.reset();
    for (int &end : ends) {
        if (end >= 0)
            ::close(end);
        end = -1;
    }
}

} // namespace pilothouse::ctl
