// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <memory>
#include <vector>

namespace pilothouse {

/// Lets readers follow plain atomic pointers without waiting. The one writer unlinks an object,
/// then retires it here; it is freed once no reader is inside. A reader that enters later cannot
/// find it any more, since both sides are sequentially consistent.
class ReadGate {
public:
    class Reader {
    public:
        explicit Reader(const ReadGate &gate)
            : m_gate(gate)
        {
            m_gate.m_readers.fetch_add(1);
        }
        ~Reader() { m_gate.m_readers.fetch_sub(1); }
        Reader(const Reader &) = delete;
        Reader &operator=(const Reader &) = delete;

    private:
        const ReadGate &m_gate;
    };

    void retire(std::shared_ptr<const void> object) { m_retired.push_back(std::move(object)); }
    void collect()
    {
        if (!m_retired.empty() && m_readers.load() == 0)
            m_retired.clear();
    }
    std::size_t retired() const { return m_retired.size(); }

private:
    mutable std::atomic<int> m_readers{0};
    std::vector<std::shared_ptr<const void>> m_retired; // writer only
};

} // namespace pilothouse
