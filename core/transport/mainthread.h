// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>

#include <functional>
#include <memory>
#include <utility>

namespace pilothouse {

/// Runs `work` on the main thread, in order of calls. Dropped when the program is on its way out.
template <typename Work> void onMainThread(Work work)
{
    if (auto *app = QCoreApplication::instance())
        QMetaObject::invokeMethod(app, std::move(work), Qt::QueuedConnection);
}

/// A callback that several may hold and that its owner can switch off: reports on their way to the
/// main thread must not reach a caller whose call has ended.
template <typename... Arguments> class Switchable {
public:
    explicit Switchable(std::function<void(Arguments...)> call)
        : m_call(std::make_shared<std::function<void(Arguments...)>>(std::move(call)))
    {
    }
    ~Switchable() { *m_call = nullptr; }
    Switchable(const Switchable &) = delete;
    /// For others to call, main thread.
    std::function<void(Arguments...)> callback() const
    {
        if (!*m_call)
            return {};
        return [call = m_call](Arguments... arguments) {
            if (*call)
                (*call)(arguments...);
        };
    }

private:
    const std::shared_ptr<std::function<void(Arguments...)>> m_call;
};

} // namespace pilothouse
