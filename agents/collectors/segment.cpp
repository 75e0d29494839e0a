// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/collectors/segment.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
// Inline: the static agent can link no shared library, and that is what pkg-config names.
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace pilothouse::agent {

namespace {

constexpr char magic[8] = {'P', 'H', 'R', 'I', 'N', 'G', '1', '\0'};
constexpr uint32_t largestSegment = 64 * 1024 * 1024;

// Both are written in the machine's byte order: a ring never leaves its host.
struct FileHeader {
    char magic[8];
    uint64_t sequence;
    Id ring, boot;
    uint32_t size, reserved;
    uint64_t checksum; ///< of all bytes before
};
struct RecordHeader {
    uint32_t length, checksum;
};
static_assert(sizeof(FileHeader) == 64 && sizeof(RecordHeader) == 8);

bool writeAll(int fd, const char *data, std::size_t size, off_t offset, int &error)
{
    while (size > 0) {
        const ssize_t written = ::pwrite(fd, data, size, offset);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) {
            error = written < 0 ? errno : ENOSPC;
            return false;
        }
        data += written;
        size -= std::size_t(written);
        offset += written;
    }
    return true;
}

} // namespace

std::shared_ptr<Segment> Segment::create(
    const std::filesystem::path &path, uint32_t size, const Identity &identity, int &error)
{
    std::shared_ptr<Segment> segment(new Segment);
    segment->m_path = path;
    segment->m_size = size;
    segment->m_identity = identity;
    segment->m_file = Descriptor(
        ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600));
    if (!segment->m_file) {
        error = errno;
        return nullptr;
    }
    // Room is taken now, so that a full disk is met here and not in the middle of a tick.
    error = ::posix_fallocate(segment->m_file.get(), 0, size);
    if (error != 0) {
        ::unlink(path.c_str());
        return nullptr;
    }
    return segment->writeHeader(error) ? segment : nullptr;
}

std::shared_ptr<Segment> Segment::createInMemory(uint32_t size, const Identity &identity)
{
    std::shared_ptr<Segment> segment(new Segment);
    segment->m_size = size;
    segment->m_identity = identity;
    segment->m_file = Descriptor(::memfd_create("pilothouse-ring", MFD_CLOEXEC));
    int error = 0;
    if (!segment->m_file || ::ftruncate(segment->m_file.get(), size) != 0
        || !segment->writeHeader(error))
        return nullptr;
    return segment;
}

std::shared_ptr<Segment> Segment::open(const std::filesystem::path &path, const Id &ring)
{
    std::shared_ptr<Segment> segment(new Segment);
    segment->m_path = path;
    segment->m_file
        = Descriptor(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    FileHeader header{};
    struct stat info { };
    if (!segment->m_file || ::fstat(segment->m_file.get(), &info) != 0 || !S_ISREG(info.st_mode)
        || ::pread(segment->m_file.get(), &header, sizeof header, 0) != ssize_t(sizeof header)
        || std::memcmp(header.magic, magic, sizeof magic) != 0
        || header.checksum != XXH64(&header, offsetof(FileHeader, checksum), 0)
        || header.ring != ring || header.size < sizeof header || header.size > largestSegment)
        return nullptr;
    segment->m_size = header.size;
    segment->m_identity = {header.ring, header.boot, header.sequence};
    segment->scan();
    return segment;
}

bool Segment::writeHeader(int &error)
{
    FileHeader header{};
    std::memcpy(header.magic, magic, sizeof magic);
    header.sequence = m_identity.sequence;
    header.ring = m_identity.ring;
    header.boot = m_identity.boot;
    header.size = m_size;
    header.checksum = XXH64(&header, offsetof(FileHeader, checksum), 0);
    char start[sizeof header + sizeof(RecordHeader)]{}; // with the end mark
    std::memcpy(start, &header, sizeof header);
    m_tail = sizeof header;
    return writeAll(m_file.get(), start, sizeof start, 0, error);
}

uint32_t Segment::checksum(uint32_t length, const char *bytes) const
{
    const uint64_t seed = m_identity.sequence * 0x9e3779b97f4a7c15ull + length;
    return uint32_t(XXH64(bytes, length, seed));
}

bool Segment::append(const wire::Tick &header, bool isKey, std::string_view bytes, int &error)
{
    error = 0;
    const std::size_t needed = sizeof(RecordHeader) * 2 + bytes.size();
    if (!m_clean || m_tail + needed > m_size)
        return false;
    const RecordHeader record{
        uint32_t(bytes.size()), checksum(uint32_t(bytes.size()), bytes.data())};
    thread_local std::string out;
    out.assign(reinterpret_cast<const char *>(&record), sizeof record);
    out.append(bytes);
    out.append(sizeof(RecordHeader), '\0'); // the end mark; the next record overwrites it
    if (!writeAll(m_file.get(), out.data(), out.size(), m_tail, error)) {
        m_clean = false;
        return false;
    }
    if (isKey)
        m_keys.push_back({header.number, header.wallNs, m_tail});
    m_tail += uint32_t(sizeof record + bytes.size());
    m_last = {header.number, header.boottimeNs, header.wallNs, {}};
    return true;
}

std::string Segment::load(uint32_t offset, uint32_t end) const
{
    std::string bytes(end - offset, '\0');
    std::size_t size = 0;
    while (size < bytes.size()) {
        const ssize_t got
            = ::pread(m_file.get(), bytes.data() + size, bytes.size() - size, off_t(offset + size));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        size += std::size_t(got);
    }
    bytes.resize(size);
    return bytes;
}

void Segment::scan()
{
    const auto bytes = load(0, m_size);
    std::size_t at = sizeof(FileHeader);
    bool connected = false; // to a key frame, by undamaged records
    m_tail = uint32_t(at);
    RecordHeader record{};
    while (at + sizeof record <= bytes.size()) {
        std::memcpy(&record, bytes.data() + at, sizeof record);
        if (record.length == 0)
            return;
        const char *payload = bytes.data() + at + sizeof record;
        if (record.length > bytes.size() - at - sizeof record)
            break;
        std::string_view in(payload, record.length);
        bool isKey = false;
        const bool whole = record.checksum == checksum(record.length, payload);
        const auto header = whole ? wire::decodeHeader(in, m_last, isKey) : std::nullopt;
        const bool usable
            = header && (isKey || connected) && (m_keys.empty() || header->number > m_last.number);
        if (usable) {
            if (isKey)
                m_keys.push_back({header->number, header->wallNs, uint32_t(at)});
            m_last = *header;
        } else {
            m_clean = false; // what follows may still be readable, but nothing is added here
        }
        connected = usable;
        at += sizeof record + record.length;
        if (usable)
            m_tail = uint32_t(at);
    }
    m_clean = m_clean && at + sizeof record > bytes.size() && bytes.size() == m_size;
}

void Segment::read(
    uint32_t offset, uint32_t tail, const std::function<bool(const wire::Tick &)> &visit) const
{
    constexpr uint32_t piece = 128 * 1024;
    wire::TickDecoder decoder;
    uint64_t lastNumber = 0;
    RecordHeader record{};
    while (offset < tail) {
        const auto bytes = load(offset, std::min(tail, offset + piece));
        std::size_t at = 0;
        while (at + sizeof record <= bytes.size()) {
            std::memcpy(&record, bytes.data() + at, sizeof record);
            if (record.length == 0 || record.length > tail - offset - at - sizeof record)
                return;
            if (record.length > bytes.size() - at - sizeof record)
                break; // in the next piece
            const char *payload = bytes.data() + at + sizeof record;
            std::string_view in(payload, record.length);
            at += sizeof record + record.length;
            if (record.checksum != checksum(record.length, payload)) {
                decoder = {}; // skips to the next key frame
                continue;
            }
            const auto tick = decoder.decode(in);
            if (!tick || tick->number <= lastNumber)
                continue;
            lastNumber = tick->number;
            if (!visit(*tick))
                return;
        }
        if (at == 0) // larger than a piece: no tick of ours is
            return;
        offset += uint32_t(at);
    }
}

void Segment::sync() const
{
    if (!isInMemory())
        ::fdatasync(m_file.get());
}

} // namespace pilothouse::agent
