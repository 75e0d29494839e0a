// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

#include <mutex>

namespace pilothouse {

/// What could not be read or kept, as sentences; shared by the store's thread and the pool.
class DamageList {
public:
    void add(const QString &sentence);
    /// No room on disk for rows of [from, to]; neighbouring gaps become one sentence.
    void gap(qint64 from, qint64 to);
    QStringList all() const;

private:
    mutable std::mutex m_mutex;
    QStringList m_sentences;
    qint64 m_gapFrom = 0, m_gapTo = 0;
};

} // namespace pilothouse
