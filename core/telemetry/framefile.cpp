// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/framefile.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

namespace pilothouse {

std::shared_ptr<FrameFile> FrameFile::open(const QString &path, bool writable, int *reason)
{
    const int flags = writable ? O_RDWR | O_CREAT : O_RDONLY;
    const int descriptor = ::open(QFile::encodeName(path).constData(), flags | O_CLOEXEC, 0600);
    *reason = descriptor < 0 ? errno : 0;
    return descriptor < 0 ? nullptr : std::shared_ptr<FrameFile>(new FrameFile(path, descriptor));
}

static quint64 nextId()
{
    static std::atomic<quint64> last{0};
    return ++last;
}

FrameFile::FrameFile(QString path, int descriptor)
    : m_id(nextId())
    , m_path(std::move(path))
    , m_descriptor(descriptor)
{
}

FrameFile::~FrameFile()
{
    ::close(m_descriptor);
}

QString FrameFile::name() const
{
    return QFileInfo(m_path).fileName();
}

bool FrameFile::isAtPath() const
{
    struct stat mine = {}, there = {};
    return ::fstat(m_descriptor, &mine) == 0
        && ::stat(QFile::encodeName(m_path).constData(), &there) == 0 && mine.st_ino == there.st_ino
        && mine.st_dev == there.st_dev;
}

bool FrameFile::isReadToItsEnd() const
{
    struct stat mine = {};
    return ::fstat(m_descriptor, &mine) == 0 && std::uint64_t(mine.st_size) == m_end;
}

bool FrameFile::moveTo(const QString &path)
{
    if (std::rename(QFile::encodeName(m_path).constData(), QFile::encodeName(path).constData())
        != 0)
        return false;
    m_path = path;
    return true;
}

int FrameFile::abandon()
{
    // In this order: a reader that finds less than it should looks whether there is still a path.
    markGone();
    if (::unlink(QFile::encodeName(m_path).constData()) != 0 && errno != ENOENT)
        return errno;
    return ::ftruncate(m_descriptor, 0) == 0 ? 0 : errno;
}

BlockRef FrameFile::block(std::uint64_t offset, const FrameHeader &header)
{
    return {shared_from_this(), offset, header, m_id << offsetBits | offset};
}

std::optional<Bytes> FrameFile::readAtHand(std::uint64_t offset, std::size_t size) const
{
    Bytes bytes(size);
    const iovec place{bytes.data(), size};
    const auto count = ::preadv2(m_descriptor, &place, 1, off_t(offset), RWF_NOWAIT);
    return size == 0 || count == ssize_t(size) ? std::optional(std::move(bytes)) : std::nullopt;
}

Bytes FrameFile::read(std::uint64_t offset, std::size_t size, int *reason) const
{
    Bytes bytes(size);
    std::size_t got = 0;
    while (got < size) {
        const auto count
            = ::pread(m_descriptor, bytes.data() + got, size - got, off_t(offset + got));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0 && reason)
            *reason = errno;
        if (count <= 0)
            break;
        got += std::size_t(count);
    }
    bytes.resize(got);
    return bytes;
}

Bytes FrameFile::readHead(std::uint64_t offset, const FrameHeader &header) const
{
    auto bytes = read(offset + FrameHeader::size, header.headSize);
    if (bytes.size() != header.headSize || frameHash(bytes) != header.headHash)
        bytes.clear();
    return bytes;
}

Bytes FrameFile::readBody(std::uint64_t offset, const FrameHeader &header) const
{
    auto bytes = read(offset + FrameHeader::size + header.headSize, header.bodySize);
    if (bytes.size() != header.bodySize || frameHash(bytes) != header.bodyHash)
        bytes.clear();
    return bytes;
}

static QString textOf(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

bool FrameFile::takeSeries(Registry &registry, std::uint64_t offset, const FrameHeader &header)
{
    const auto body = readBody(offset, header);
    ByteReader in(body);
    const auto number = in.value<quint32>();
    const auto kind = in.value<std::uint8_t>();
    SeriesDescription series;
    series.key.target = textOf(in.text());
    series.key.device = textOf(in.text());
    series.key.metric = textOf(in.text());
    series.unit = textOf(in.text());
    series.kind = StoredKind(std::min<std::uint8_t>(kind, std::uint8_t(StoredKind::State)));
    constexpr quint32 most = 1 << 24;
    if (!in.ok() || number > most)
        return false;
    const auto id = registry.add(series);
    const std::unique_lock lock(m_numbers);
    m_global.insert(number, id);
    m_local.insert(id, number);
    m_next = std::max(m_next, number + 1);
    return true;
}

QString FrameFile::damaged(const QString &where) const
{
    return QCoreApplication::translate("store", "%1: damaged at %2, the rest is readable.")
        .arg(name(), where);
}

QStringList FrameFile::walk(Registry &registry, bool verify, bool trimTail, const OnFrame &onFrame)
{
    QStringList sentences;
    const auto take = [&](std::uint64_t offset, const FrameHeader &header) {
        if (header.kind == FrameKind::Series) {
            if (!takeSeries(registry, offset, header))
                sentences << damaged(QString::number(offset));
            return;
        }
        if (header.kind == FrameKind::Replaces) {
            const auto body = readBody(offset, header);
            ByteReader in(body);
            replacesFrom = in.value<quint64>();
            replacesTo = in.value<quint64>();
            return;
        }
        if (header.kind == FrameKind::Block) {
            rows += header.rows;
            ++blocks;
        }
        minTime = maxTime == 0 ? header.minTime : std::min(minTime, qint64(header.minTime));
        maxTime = std::max(maxTime, qint64(header.maxTime));
        onFrame(offset, header);
    };
    int failure = 0;
    const auto readAt = [&](auto offset, auto size) { return read(offset, size, &failure); };
    const auto found = walkFrames(readAt, m_end, verify, take);
    m_end = found.end;
    for (const auto &one : found.damage)
        sentences << damaged(QString::fromStdString(one));
    if (failure != 0) { // the disk's, not the file's end: nothing is cut off
        if (!isReadToItsEnd()) {
            sentences << QCoreApplication::translate("store", "%1 cannot be read behind %2: %3")
                             .arg(name())
                             .arg(m_end)
                             .arg(QString::fromLocal8Bit(strerror(failure)));
            // It is kept as long as its newest rows may have to be.
            maxTime = std::max(maxTime, QFileInfo(m_path).lastModified().toMSecsSinceEpoch());
        }
    } else if (found.tail > 0 && trimTail) {
        sentences << QCoreApplication::translate(
            "store", "%1: cut off at %2, %3 bytes are left out.")
                         .arg(name())
                         .arg(found.end)
                         .arg(found.tail);
        if (::ftruncate(m_descriptor, off_t(m_end)) != 0)
            sentences.last() += QLatin1Char(' ') + QString::fromLocal8Bit(strerror(errno));
    }
    return sentences;
}

int FrameFile::append(ByteSpan bytes)
{
    std::size_t done = 0;
    while (done < bytes.size()) {
        const auto count
            = ::pwrite(m_descriptor, bytes.data() + done, bytes.size() - done, off_t(m_end + done));
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0) {
            const int reason = count < 0 ? errno : EIO;
            if (::ftruncate(m_descriptor, off_t(m_end)) != 0)
                return errno;
            return reason;
        }
        done += std::size_t(count);
    }
    m_end += done;
    m_unwritten.clear();
    return 0;
}

bool FrameFile::sync()
{
    return ::fdatasync(m_descriptor) == 0;
}

quint32 FrameFile::local(SeriesId id, const Registry &registry, Bytes &out)
{
    if (const auto known = m_local.constFind(id); known != m_local.constEnd())
        return *known;
    const auto number = m_next++;
    const auto &series = registry.slot(id)->description;
    Bytes body;
    ByteWriter write(body);
    write.value(number);
    write.value(std::uint8_t(series.kind));
    for (const auto &text : {series.key.target, series.key.device, series.key.metric, series.unit})
        write.text(text.toStdString());
    appendFrame(out, {.kind = FrameKind::Series, .anySeries = number}, {}, body);
    m_local.insert(id, number);
    m_unwritten.push_back(id);
    const std::unique_lock lock(m_numbers);
    m_global.insert(number, id);
    return number;
}

SeriesId FrameFile::global(quint32 number) const
{
    const std::shared_lock lock(m_numbers);
    return m_global.value(number);
}

void FrameFile::forgetUnwritten()
{
    const std::unique_lock lock(m_numbers);
    for (const auto id : std::exchange(m_unwritten, {}))
        m_global.remove(m_local.take(id));
}

} // namespace pilothouse
