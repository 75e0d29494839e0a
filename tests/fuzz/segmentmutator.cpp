// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Every frame carries hashes of itself, which no mutation would survive: they are made right again.
#include "core/telemetry/frame.h"

#include <algorithm>

using namespace pilothouse;

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t *data, std::size_t size, std::size_t maxSize);

namespace {

template <typename T> T valueAt(const std::uint8_t *from)
{
    T value;
    std::memcpy(&value, from, sizeof value);
    return value;
}
template <typename T> void put(std::uint8_t *to, T value)
{
    std::memcpy(to, &value, sizeof value);
}

/// Offsets in a header: see appendFrame().
enum : std::size_t {
    Magic = 0,
    HeadSize = 16,
    BodySize = 20,
    HeadHash = 48,
    BodyHash = 56,
    Hash = 64
};

void repair(std::uint8_t *data, std::size_t size)
{
    while (size >= FrameHeader::size) {
        const auto room = std::uint32_t(size - FrameHeader::size);
        const auto head = std::min(valueAt<std::uint32_t>(data + HeadSize), room);
        const auto body = std::min(valueAt<std::uint32_t>(data + BodySize), room - head);
        const ByteSpan content(data + FrameHeader::size, head + body);
        put(data + Magic, std::uint32_t(0x31464850));
        put(data + HeadSize, head);
        put(data + BodySize, body);
        put(data + HeadHash, frameHash(content.first(head)));
        put(data + BodyHash, frameHash(content.subspan(head)));
        put(data + Hash, frameHash({data, Hash}));
        data += FrameHeader::size + head + body;
        size -= FrameHeader::size + head + body;
    }
}

} // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(
    std::uint8_t *data, std::size_t size, std::size_t maxSize, unsigned seed)
{
    size = LLVMFuzzerMutate(data, size, maxSize);
    if (seed % 8 != 0) // now and then the damage stays
        repair(data, size);
    return size;
}
