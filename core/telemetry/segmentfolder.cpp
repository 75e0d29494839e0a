// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/segmentfolder.h"

#include "core/base/log.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QSet>

#include <cerrno>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace pilothouse {

static constexpr auto segmentSuffix = "seg", journalSuffix = "jnl";

SegmentFolder::SegmentFolder(
    QString folder, const StoreOptions &options, Registry &registry, DamageList &damage)
    : m_folder(std::move(folder))
    , m_options(options)
    , m_registry(registry)
    , m_damage(damage)
{
    if (!m_options.now)
        m_options.now = [] { return QDateTime::currentMSecsSinceEpoch(); };
}

SegmentFolder::~SegmentFolder()
{
    if (m_lock >= 0)
        ::close(m_lock);
}

QString SegmentFolder::pathOf(quint64 number, const char *suffix) const
{
    return QStringLiteral("%1/%2.%3")
        .arg(m_folder)
        .arg(number, 12, 10, QLatin1Char('0'))
        .arg(QLatin1String(suffix));
}

bool SegmentFolder::lock()
{
    const QByteArray path = QFile::encodeName(m_folder + QStringLiteral("/lock"));
    const int descriptor = ::open(path.constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return false;
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        ::close(descriptor);
        return false;
    }
    m_lock = descriptor;
    return true;
}

Result<> SegmentFolder::open(const OnRows &onRows, const std::function<void()> &onIndexed)
{
    if (!QDir().mkpath(m_folder)
        || ::access(QFile::encodeName(m_folder).constData(), R_OK | X_OK) != 0) {
        return fail({.kind = ErrorKind::Denied,
            .stage = QStringLiteral("telemetry"),
            .message
            = QCoreApplication::translate("store", "The folder for telemetry cannot be opened."),
            .cause = m_folder,
            .next = QCoreApplication::translate(
                "store", "Check who owns the folder, then start again.")});
    }
    if (lock()) {
        // Rows that are in a segment already are known before the journal brings them again.
        scan({segmentSuffix}, onRows, true);
        onIndexed();
        scan({journalSuffix}, onRows, true);
    } else {
        scan({journalSuffix, segmentSuffix}, onRows, false);
        onIndexed();
    }
    return {};
}

void SegmentFolder::follow(const OnRows &onRows)
{
    if (!writable())
        scan({journalSuffix, segmentSuffix}, onRows, false);
}

void SegmentFolder::scan(
    std::initializer_list<const char *> suffixes, const OnRows &onRows, bool trimTail)
{
    // A follower reads journals first: a row leaves its journal only after it is in a segment.
    for (const auto *suffix : suffixes) {
        const bool journals = suffix == journalSuffix;
        auto &files = journals ? m_journals : m_segments;
        QSet<quint64> there;
        const auto names = QDir(m_folder).entryList(
            {QStringLiteral("*.") + QLatin1String(suffix)}, QDir::Files, QDir::Name);
        for (const auto &name : names) {
            bool isNumber = false;
            const auto number = name.section(QLatin1Char('.'), 0, 0).toULongLong(&isNumber);
            if (!isNumber)
                continue;
            there.insert(number);
            auto &file = files[number];
            int reason = 0;
            if (!file)
                file = FrameFile::open(m_folder + QLatin1Char('/') + name, writable(), &reason);
            if (!file) {
                files.erase(number);
                m_damage.add(QCoreApplication::translate("store", "%1 cannot be opened: %2")
                                 .arg(name, QString::fromLocal8Bit(strerror(reason))));
                continue;
            }
            const bool newest = name == names.last();
            const auto sentences = file->walk(
                m_registry, journals || newest, trimTail, [&](auto offset, const auto &header) {
                    if (header.kind == FrameKind::Block || header.kind == FrameKind::Rollup)
                        indexBlock(file, offset, header);
                    else
                        replay(*file, offset, header, onRows);
                });
            for (const auto &sentence : sentences)
                m_damage.add(sentence);
        }
        std::erase_if(files, [&](const auto &one) { return !there.contains(one.first); });
    }
    for (auto &refs : m_index)
        std::erase_if(refs, [this](const auto &ref) {
            return std::none_of(m_segments.begin(), m_segments.end(),
                [&](const auto &one) { return one.second == ref.file; });
        });
}

void SegmentFolder::indexBlock(
    const std::shared_ptr<FrameFile> &file, std::uint64_t offset, const FrameHeader &header)
{
    const auto *series = m_registry.slot(file->global(header.anySeries));
    if (!series) {
        m_damage.add(file->damaged(QString::number(offset)));
        return;
    }
    m_index[series->target].push_back({file, offset, header});
    if (header.maxTime > series->target->newest.load())
        series->target->newest.store(header.maxTime);
}

void SegmentFolder::replay(
    const FrameFile &file, std::uint64_t offset, const FrameHeader &header, const OnRows &onRows)
{
    auto batch
        = decodeRows(file.readHead(offset, header), file.readBody(offset, header), header, file);
    if (batch && !batch->ids.empty())
        onRows(std::move(*batch));
    else
        m_damage.add(file.damaged(QString::number(offset)));
}

bool SegmentFolder::openJournal()
{
    if (m_journal)
        return true;
    const quint64 number = m_journals.empty() ? 1 : m_journals.rbegin()->first + 1;
    int reason = 0;
    m_journal = FrameFile::open(pathOf(number, journalSuffix), true, &reason);
    if (m_journal)
        m_journals[number] = m_journal;
    return m_journal != nullptr;
}

bool SegmentFolder::openSegment()
{
    if (!m_segment && !m_segments.empty())
        m_segment = m_segments.rbegin()->second;
    if (m_segment && qint64(m_segment->end()) < m_options.segmentBytes
        && m_segment->maxTime - m_segment->minTime < m_options.segmentSpan)
        return true;
    if (m_segment)
        m_segment->sync();
    const quint64 number = m_segments.empty() ? 1 : m_segments.rbegin()->first + 1;
    int reason = 0;
    auto next = FrameFile::open(pathOf(number, segmentSuffix), true, &reason);
    if (!next)
        return false;
    m_segments[number] = m_segment = std::move(next);
    return true;
}

void SegmentFolder::journal(const RowBatch &batch)
{
    if (!writable() || batch.times.empty() || !openJournal())
        return;
    encodeRows(batch, *m_journal, m_registry, m_buffer);
}

void SegmentFolder::flush(bool sync)
{
    if (!writable() || !m_journal)
        return;
    while (!m_buffer.empty()) {
        const int reason = m_journal->append(m_buffer);
        if (reason == 0)
            m_buffer.clear();
        else if ((reason != ENOSPC && reason != EDQUOT) || !dropOldest("full")) {
            // The rows are still in memory: with a new journal they go into blocks.
            qCInfo(lcStore, "journal: %s", strerror(reason));
            m_journal->forgetUnwritten();
            m_buffer.clear();
            m_journalFull = true;
        }
    }
    if (sync) {
        m_journal->sync();
        if (m_segment)
            m_segment->sync();
    }
}

bool SegmentFolder::wantsNewJournal() const
{
    return writable()
        && (m_journalFull || (m_journal && qint64(m_journal->end()) >= m_options.journalBytes));
}

void SegmentFolder::startJournal(const std::function<void()> &storeAll)
{
    flush(false);
    const auto remove = [this] {
        for (const auto &[number, file] : std::exchange(m_journals, {}))
            QFile::remove(file->path());
        m_journal.reset();
    };
    if (std::exchange(m_journalFull, false))
        remove();
    storeAll();
    m_journalFull = false;
    if (m_segment)
        m_segment->sync();
    remove();
}

void SegmentFolder::store(HotBlock &block)
{
    for (;;) {
        if (!openSegment()) {
            if (dropOldest("full"))
                continue;
            break;
        }
        const auto bytes = encodeBlock(block, *m_segment, m_registry);
        const auto start = m_segment->end();
        const int reason = m_segment->append(bytes);
        if (reason != 0) {
            m_segment->forgetUnwritten();
            if ((reason == ENOSPC || reason == EDQUOT) && dropOldest("full"))
                continue;
            qCInfo(lcStore, "segment: %s", strerror(reason));
            break;
        }
        // Definitions come first: the block is the last frame.
        for (auto at = start; at < m_segment->end();) {
            const auto header = parseFrameHeader(ByteSpan(bytes).subspan(at - start));
            if (!header)
                break;
            if (header->kind != FrameKind::Series) {
                indexBlock(m_segment, at, *header);
                block.offset = at;
            }
            at += header->frameSize();
        }
        m_segment->minTime
            = m_segment->maxTime == 0 ? block.first() : std::min(m_segment->minTime, block.first());
        m_segment->maxTime = std::max(m_segment->maxTime, block.last());
        block.onDisk = true;
        block.file = m_segment.get();
        return;
    }
    block.lost = true;
    m_damage.gap(block.first(), block.last());
}

bool SegmentFolder::dropOldest(const char *why)
{
    if (m_segments.empty())
        return false;
    const auto [number, file] = *m_segments.begin();
    if (file == m_segment && file->end() == 0)
        return false; // nothing in it: no room is gained
    qCInfo(lcStore, "%s: %s is deleted", why, qPrintable(file->name()));
    if (qstrcmp(why, "full") == 0)
        m_damage.gap(file->minTime, file->maxTime);
    QFile::remove(file->path());
    if (m_segment == file)
        m_segment.reset();
    for (auto &refs : m_index)
        std::erase_if(refs, [&](const auto &ref) { return ref.file == file; });
    m_segments.erase(number);
    return true;
}

qint64 SegmentFolder::bytes() const
{
    qint64 sum = 0;
    for (const auto *files : {&m_segments, &m_journals})
        for (const auto &[number, file] : *files)
            sum += qint64(file->end());
    return sum;
}

void SegmentFolder::retain()
{
    if (!writable())
        return;
    const qint64 oldest = m_options.now() - m_options.keepTime;
    for (;;) {
        const bool spare = m_segments.size() > 1;
        const bool old = spare && m_segments.begin()->second->maxTime < oldest;
        if (!old && !(spare && bytes() > m_options.keepBytes))
            return;
        if (!dropOldest(old ? "age" : "size"))
            return;
    }
}

std::vector<BlockRef> SegmentFolder::blocks(
    const StoredTarget *target, qint64 from, qint64 to) const
{
    std::vector<BlockRef> found;
    if (const auto all = m_index.constFind(target); all != m_index.constEnd())
        for (const auto &ref : *all)
            if (ref.header.maxTime >= from && ref.header.minTime < to)
                found.push_back(ref);
    return found;
}

} // namespace pilothouse
