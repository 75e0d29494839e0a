// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace pilothouse {

/// How long the thread that made it does not come back to its event loop: a thread of its own asks
/// every `periodMs` and waits for the answer. What is shorter than the period may be missed. Costs
/// two wake-ups a period, so it is for benchmarks and looking for stalls.
class StallWatch : public QObject {
    Q_OBJECT

public:
    static constexpr int periodMs = 10;

    explicit StallWatch(QObject *parent = nullptr);
    ~StallWatch() override;
    qint64 takeWorstMs(); ///< since the last call

private:
    void ask();

    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_ending = false; ///< guarded by m_mutex
    std::atomic<qint64> m_askedAt{0}; ///< ns of the steady clock; 0 = answered
    qint64 m_worst = 0; ///< ms
    std::thread m_thread;
};

} // namespace pilothouse
