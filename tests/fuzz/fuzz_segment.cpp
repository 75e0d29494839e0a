// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// The input is a segment or journal of the telemetry store, read as the store reads one.
#include "core/telemetry/blockformat.h"
#include "core/telemetry/codec.h"

#include <algorithm>
#include <cstdlib>

#include <sys/mman.h>
#include <unistd.h>

using namespace pilothouse;

namespace {

void require(bool holds)
{
    if (!holds)
        std::abort();
}

/// Bytes as a file with a path.
class MemoryFile {
public:
    explicit MemoryFile(ByteSpan bytes)
        : m_descriptor(::memfd_create("segment", MFD_CLOEXEC))
    {
        require(::write(m_descriptor, bytes.data(), bytes.size()) == ssize_t(bytes.size()));
    }
    ~MemoryFile() { ::close(m_descriptor); }
    MemoryFile(const MemoryFile &) = delete;
    MemoryFile &operator=(const MemoryFile &) = delete;
    QString path() const { return QStringLiteral("/proc/self/fd/%1").arg(m_descriptor); }

private:
    int m_descriptor;
};

void checkBody(ByteSpan packed, const FrameHeader &header)
{
    const int width = header.kind == FrameKind::Block ? 1 : 3;
    const auto body = BlockBody::open(packed, header, width);
    if (!body)
        return;
    const auto &times = body->times();
    require(times.size() == header.rows && std::is_sorted(times.begin(), times.end()));
    require(times.front() == header.minTime && times.back() == header.maxTime);
    std::vector<double> values;
    const auto columns = std::size_t(header.seriesCount) * std::size_t(width);
    for (std::size_t i = 0; i < columns; ++i)
        require(!body->column(i, values) || values.size() == header.rows);
    require(!body->column(columns, values));
}

void checkRows(ByteSpan head, ByteSpan body, const FrameHeader &header, const FrameFile &file)
{
    const auto batch = decodeRows(head, body, header, file);
    if (!batch)
        return;
    const auto &ids = batch->ids;
    require(std::adjacent_find(ids.begin(), ids.end(), std::greater_equal<>()) == ids.end());
    require(ids.empty() || ids.front() != 0);
    require(batch->times.size() == header.rows);
    require(batch->values.size() == batch->times.size() * batch->cells());
}

void checkFile(ByteSpan bytes)
{
    const MemoryFile memory(bytes);
    int reason = 0;
    const auto file = FrameFile::open(memory.path(), false, &reason);
    require(file && reason == 0);
    ReadGate gate;
    Registry registry(gate);
    file->walk(registry, true, false, [&](std::uint64_t offset, const FrameHeader &header) {
        require(offset + header.frameSize() <= bytes.size());
        const auto head = file->readHead(offset, header);
        const auto body = file->readBody(offset, header);
        if (header.kind == FrameKind::Rows || header.kind == FrameKind::RollupRows)
            return checkRows(head, body, header, *file);
        if (const auto decoded = decodeBlockHead(head, header))
            require(decoded->entries.size() == header.seriesCount);
        checkBody(body, header);
    });
    require(file->end() <= bytes.size());
}

/// The same bytes as the inside of a block's body: compression would keep a fuzzer out.
void checkInside(ByteSpan bytes)
{
    if (bytes.size() < 3)
        return;
    const auto raw = bytes.subspan(3);
    FrameHeader header{.kind = bytes[0] & 1 ? FrameKind::Block : FrameKind::Rollup,
        .rows = std::uint16_t(bytes[1] + 1),
        .seriesCount = bytes[2],
        .bodyRawSize = std::uint32_t(raw.size())};
    decodeBlockHead(raw, header);
    std::vector<std::int64_t> times(header.rows);
    ByteReader in(raw);
    if (codec::decodeTimes(in, times)) {
        header.minTime = times.front();
        header.maxTime = times.back();
        checkBody(codec::compress(raw), header);
    }
    std::vector<double> column(header.rows);
    ByteReader again(raw);
    codec::decodeColumn(again, column);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    checkFile({data, size});
    checkInside({data, size});
    return 0;
}
