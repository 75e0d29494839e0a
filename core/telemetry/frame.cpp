// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/frame.h"

#include <algorithm>

#include <xxhash.h>

namespace pilothouse {

namespace {
constexpr std::uint32_t magic = 0x33464850; // "PHF3"
constexpr std::uint32_t largest = 64 << 20;
constexpr std::size_t hashed = FrameHeader::size - sizeof(std::uint64_t);
} // namespace

std::uint64_t frameHash(ByteSpan bytes)
{
    return XXH3_64bits(bytes.data(), bytes.size());
}

void appendFrame(Bytes &out, FrameHeader header, ByteSpan head, ByteSpan body)
{
    const auto start = out.size();
    ByteWriter write(out);
    write.value(magic);
    write.value(std::uint8_t(header.kind));
    write.value(std::uint8_t(0)); // reserved
    write.value(header.rows);
    write.value(header.seriesCount);
    write.value(header.anySeries);
    write.value(std::uint32_t(head.size()));
    write.value(std::uint32_t(body.size()));
    write.value(header.bodyRawSize);
    write.value(std::uint32_t(0)); // reserved
    write.value(header.minTime);
    write.value(header.maxTime);
    write.value(frameHash(head));
    write.value(frameHash(body));
    write.value(frameHash(ByteSpan(out).subspan(start, hashed)));
    write.bytes(head);
    write.bytes(body);
}

std::optional<FrameHeader> parseFrameHeader(ByteSpan bytes)
{
    if (bytes.size() < FrameHeader::size)
        return {};
    ByteReader read(bytes.first(FrameHeader::size));
    FrameHeader header;
    if (read.value<std::uint32_t>() != magic)
        return {};
    const auto kind = read.value<std::uint8_t>();
    read.value<std::uint8_t>();
    header.kind = FrameKind(kind);
    header.rows = read.value<std::uint16_t>();
    header.seriesCount = read.value<std::uint32_t>();
    header.anySeries = read.value<std::uint32_t>();
    header.headSize = read.value<std::uint32_t>();
    header.bodySize = read.value<std::uint32_t>();
    header.bodyRawSize = read.value<std::uint32_t>();
    read.value<std::uint32_t>();
    header.minTime = read.value<std::int64_t>();
    header.maxTime = read.value<std::int64_t>();
    header.headHash = read.value<std::uint64_t>();
    header.bodyHash = read.value<std::uint64_t>();
    if (read.value<std::uint64_t>() != frameHash(bytes.first(hashed)))
        return {};
    if (kind < std::uint8_t(FrameKind::Series) || kind > std::uint8_t(FrameKind::Replaces)
        || std::max({header.headSize, header.bodySize, header.bodyRawSize}) > largest
        || header.minTime > header.maxTime)
        return {};
    return header;
}

namespace {

/// Offset of the next valid header at or behind `from`.
std::optional<std::uint64_t> nextHeader(const ReadAt &readAt, std::uint64_t from)
{
    constexpr std::size_t chunk = 64 << 10;
    for (;;) {
        const auto bytes = readAt(from, chunk);
        if (bytes.size() < FrameHeader::size)
            return {};
        const auto last = bytes.size() - FrameHeader::size;
        for (std::size_t i = 0; i <= last; ++i)
            if (bytes[i] == 'P' && parseFrameHeader(ByteSpan(bytes).subspan(i)))
                return from + i;
        from += last + 1;
    }
}

} // namespace

FrameWalk walkFrames(
    const ReadAt &readAt, std::uint64_t offset, bool verify, const OnFrame &onFrame)
{
    FrameWalk walk{offset, 0, {}};
    for (;;) {
        const auto bytes = readAt(walk.end, FrameHeader::size);
        if (bytes.empty())
            return walk;
        const auto header = parseFrameHeader(bytes);
        const bool fits = header && readAt(walk.end + header->frameSize() - 1, 1).size() == 1;
        if (!fits) {
            const auto next = nextHeader(readAt, walk.end + 1);
            if (!next) {
                for (auto at = walk.end;;) {
                    const auto rest = readAt(at, 1 << 20);
                    walk.tail += rest.size();
                    if (rest.empty())
                        return walk;
                    at += rest.size();
                }
            }
            walk.damage.push_back(
                std::to_string(walk.end) + " (" + std::to_string(*next - walk.end) + " bytes)");
            walk.end = *next;
            continue;
        }
        bool good = true;
        if (verify) {
            const auto content
                = readAt(walk.end + FrameHeader::size, header->headSize + header->bodySize);
            const ByteSpan all(content);
            good = all.size() == header->headSize + header->bodySize
                && frameHash(all.first(header->headSize)) == header->headHash
                && frameHash(all.subspan(header->headSize)) == header->bodyHash;
        }
        if (good)
            onFrame(walk.end, *header);
        else
            walk.damage.push_back(
                std::to_string(walk.end) + " (" + std::to_string(header->frameSize()) + " bytes)");
        walk.end += header->frameSize();
    }
}

} // namespace pilothouse
