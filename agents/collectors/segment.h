// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/collectors/descriptor.h"
#include "agents/wire/tickcodec.h"

#include <array>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

namespace pilothouse::agent {

/// Random identity of a boot or a ring, as 16 bytes.
using Id = std::array<uint8_t, 16>;

/// A file of fixed size: a header, then encoded ticks one after the other, each behind its length
/// and checksum, then zeros. Files are used again under a higher sequence, which every checksum
/// depends on, so that what an earlier use left behind is never taken for ours.
class Segment {
public:
    struct Key { ///< a key frame: where reading can start
        uint64_t number = 0;
        int64_t wallNs = 0;
        uint32_t offset = 0;
    };
    struct Identity {
        Id ring{}, boot{};
        uint64_t sequence = 0;
    };

    /// Makes or overwrites the file. On failure nullptr and `error` is an errno (ENOSPC ...).
    static std::shared_ptr<Segment> create(
        const std::filesystem::path &path, uint32_t size, const Identity &identity, int &error);
    /// The same in memory only, for when there is no room on the disk.
    static std::shared_ptr<Segment> createInMemory(uint32_t size, const Identity &identity);
    /// Reads what is there; nullptr when it is not a segment of this ring.
    static std::shared_ptr<Segment> open(const std::filesystem::path &path, const Id &ring);

    /// Appends one encoded tick; false when it does not fit or cannot be written (`error` is then
    /// set).
    bool append(const wire::Tick &header, bool isKey, std::string_view bytes, int &error);
    /// Whether more can be appended: not after damage at the end.
    bool isClean() const { return m_clean; }
    bool isInMemory() const { return m_path.empty(); }
    void sync() const;

    const std::filesystem::path &path() const { return m_path; }
    const Identity &identity() const { return m_identity; }
    const std::vector<Key> &keys() const { return m_keys; }
    uint32_t tail() const { return m_tail; }
    bool isEmpty() const { return m_keys.empty(); }
    const wire::Tick &last() const { return m_last; } ///< without values

    /// Decodes from a key frame's offset up to `tail`, skipping damage. `visit` returns false to
    /// stop. May run while another thread appends behind `tail`.
    void read(
        uint32_t offset, uint32_t tail, const std::function<bool(const wire::Tick &)> &visit) const;

private:
    Segment() = default;
    bool writeHeader(int &error);
    void scan();
    uint32_t checksum(uint32_t length, const char *bytes) const;
    std::string load(uint32_t offset, uint32_t end) const;

    std::filesystem::path m_path;
    Descriptor m_file;
    Identity m_identity;
    uint32_t m_size = 0, m_tail = 0;
    bool m_clean = true;
    std::vector<Key> m_keys;
    wire::Tick m_last;
};

} // namespace pilothouse::agent
