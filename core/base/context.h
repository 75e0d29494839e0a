// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDeadlineTimer>
#include <QString>

#include <chrono>
#include <stop_token>

namespace pilothouse {

/// Goes first into every Task function: who asked (act id), until when, and how it is stopped.
/// Cheap to copy; every copy sees the same stop.
class Context {
public:
    Context() = default; ///< never stopped, no deadline
    explicit Context(
        std::stop_token stop, QDeadlineTimer deadline = QDeadlineTimer::Forever, QString actId = {})
        : m_stop(std::move(stop))
        , m_deadline(deadline)
        , m_actId(std::move(actId))
    {
    }

    const std::stop_token &stop() const { return m_stop; }
    QDeadlineTimer deadline() const { return m_deadline; }
    const QString &actId() const { return m_actId; }
    bool stopped() const { return m_stop.stop_requested(); }
    bool expired() const { return m_deadline.hasExpired(); }

    /// The same, but due after `limit` at the latest.
    Context within(std::chrono::milliseconds limit) const
    {
        const QDeadlineTimer own(limit);
        return Context(m_stop, own < m_deadline ? own : m_deadline, m_actId);
    }

private:
    std::stop_token m_stop;
    QDeadlineTimer m_deadline = QDeadlineTimer::Forever;
    QString m_actId;
};

} // namespace pilothouse
