// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>

struct uv_loop_s;

namespace pilothouse {

/// The one I/O thread: a libuv loop for all libssh sessions, child processes and timers.
/// Created on first use; stopped and joined at exit of main (see stop()).
class IoLoop {
public:
    static IoLoop &instance();
    /// Runs `work` on the loop's thread, in order of posting. Any thread. False after stop().
    bool post(std::function<void()> work);
    /// The raw loop, for code that runs on its thread only.
    uv_loop_s *raw();
    bool onThread() const;
    /// Closes all handles and joins. Called once, by the composition root, before QCoreApplication
    /// dies.
    void stop();

private:
    IoLoop();
    ~IoLoop();
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace pilothouse
