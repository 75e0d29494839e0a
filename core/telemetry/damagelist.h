// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

#include <functional>
#include <mutex>

namespace pilothouse {

/// What could not be read or kept, as sentences; shared by the store's thread and the pool.
class DamageList {
public:
    /// `onChange` is called on any thread when all() has changed, under a lock: it may only post.
    void watch(std::function<void()> onChange);
    void add(const QString &sentence);
    /// No room on disk for rows of [from, to]; neighbouring gaps become one sentence.
    void gap(qint64 from, qint64 to);
    QStringList all() const;

private:
    mutable std::mutex m_mutex;
    std::function<void()> m_onChange;
    QStringList m_sentences;
    qint64 m_gapFrom = 0, m_gapTo = 0;
};

} // namespace pilothouse
