// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSocketNotifier>

#include <functional>
#include <memory>

namespace pilothouse::ctl {

/// SIGINT and SIGTERM as calls on the main thread, while it lives. One at a time.
class Signals {
public:
    explicit Signals(std::function<void(int signal)> arrived);
    ~Signals();
    Signals(const Signals &) = delete;

private:
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace pilothouse::ctl
