// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/frame.h"
#include "core/telemetry/readgate.h"

#include <QtGlobal>

namespace pilothouse {

class FrameFile;

/// A block on disk.
struct BlockRef {
    std::shared_ptr<FrameFile> file;
    std::uint64_t offset = 0;
    FrameHeader header;
    quint64 place = 0; ///< of the block among all files that were ever open; never 0
};

/// The blocks on disk of one target. The store's thread changes them; readers inside the gate find
/// what was published last.
class ColdList {
public:
    using Refs = std::vector<BlockRef>;

    explicit ColdList(ReadGate &gate)
        : m_gate(gate)
    {
    }
    const Refs *published() const { return m_published.load(); } ///< null: none yet

    // The store's thread only:
    const Refs &refs() const { return m_refs; }
    void add(BlockRef ref)
    {
        m_refs.push_back(std::move(ref));
        m_changed = true;
    }
    template <typename Which> void removeIf(Which which)
    {
        if (std::erase_if(m_refs, which) > 0)
            m_changed = true;
    }
    void publish()
    {
        if (!std::exchange(m_changed, false))
            return;
        auto list = std::make_shared<const Refs>(m_refs);
        m_published.store(list.get());
        if (m_list)
            m_gate.retire(std::exchange(m_list, nullptr));
        m_list = std::move(list);
    }

private:
    ReadGate &m_gate;
    Refs m_refs;
    bool m_changed = false;
    std::atomic<const Refs *> m_published{nullptr};
    std::shared_ptr<const Refs> m_list; // what m_published points to
};

} // namespace pilothouse
