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

SegmentFolder::SegmentFolder(QString folder, const StoreOptions &options, Registry &registry,
    ColdCache &cache, DamageList &damage)
    : m_folder(std::move(folder))
    , m_options(options)
    , m_registry(registry)
    , m_cache(cache)
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
    if (!m_options.onlyReads && lock()) {
        QFile::remove(SegmentPacker::unfinishedIn(m_folder));
        // Rows that are in a segment already are known before the journal brings them again.
        scan({segmentSuffix, journalSuffix}, true);
        onIndexed();
        replay(onRows);
    } else {
        scan({journalSuffix, segmentSuffix}, false);
        replay(onRows);
        onIndexed();
    }
    return {};
}

void SegmentFolder::follow(const OnRows &onRows)
{
    if (writable())
        return;
    scan({journalSuffix, segmentSuffix}, false);
    replay(onRows);
}

void SegmentFolder::scan(std::initializer_list<const char *> suffixes, bool trimTail)
{
    // A follower reads journals first: a row leaves its journal only after it is in a segment.
    for (const auto *suffix : suffixes) {
        const bool journals = suffix == journalSuffix;
        auto &files = journals ? m_journals : m_segments;
        QSet<quint64> there;
        quint64 replaced = 0; // up to here, by a segment before
        const auto names = QDir(m_folder).entryList(
            {QStringLiteral("*.") + QLatin1String(suffix)}, QDir::Files, QDir::Name);
        for (const auto &name : names) {
            bool isNumber = false;
            const auto number = name.section(QLatin1Char('.'), 0, 0).toULongLong(&isNumber);
            const QString path = m_folder + QLatin1Char('/') + name;
            if (!isNumber)
                continue;
            if (!journals)
                m_lastNumber = std::max(m_lastNumber, number);
            if (number <= replaced) { // its writer ended before it could delete this one
                if (writable())
                    QFile::remove(path);
                continue;
            }
            auto &file = files[number];
            if (file && !writable() && !file->isAtPath()) { // another one took its place
                forget({file});
                file.reset();
            }
            int reason = 0;
            if (!file)
                file = FrameFile::open(path, writable(), &reason);
            if (!file) {
                files.erase(number);
                if (reason != ENOENT) // it was deleted meanwhile
                    m_damage.add(QCoreApplication::translate("store", "%1 cannot be opened: %2")
                                     .arg(name, QString::fromLocal8Bit(strerror(reason))));
                continue;
            }
            there.insert(number);
            const bool newest = name == names.last();
            const auto sentences = file->walk(
                m_registry, journals || newest, trimTail, [&](auto offset, const auto &header) {
                    const bool stored
                        = header.kind == FrameKind::Block || header.kind == FrameKind::Rollup;
                    if (stored)
                        index(file->block(offset, header));
                    else
                        m_replays.push_back(file->block(offset, header));
                });
            if (!sentences.isEmpty() && file->isAtPath()) { // else it was deleted meanwhile
                file->intact = false;
                for (const auto &sentence : sentences)
                    m_damage.add(sentence);
            }
            if (file->replacesFrom == number)
                replaced = file->replacesTo;
            if (!journals)
                m_lastNumber = std::max(m_lastNumber, file->replacesTo);
        }
        Files gone;
        std::erase_if(files, [&](const auto &one) {
            if (there.contains(one.first))
                return false;
            gone.insert(one.second);
            return true;
        });
        if (!gone.empty() && !journals)
            forget(gone);
    }
    publish();
}

void SegmentFolder::index(const BlockRef &ref)
{
    const auto *series = m_registry.slot(ref.file->global(ref.header.anySeries));
    if (!series) {
        ref.file->intact = false;
        m_damage.add(ref.file->damaged(QString::number(ref.offset)));
        return;
    }
    series->target->cold.add(ref);
    m_changed.insert(series->target);
    if (ref.header.maxTime > series->target->newest.load())
        series->target->newest.store(ref.header.maxTime);
}

void SegmentFolder::forget(const Files &files)
{
    for (auto *target : m_registry.targets()) {
        target->cold.removeIf([&](const auto &ref) { return files.contains(ref.file); });
        m_changed.insert(target);
    }
    for (const auto &file : files) {
        file->markGone();
        m_cache.forget(file->id());
    }
}

void SegmentFolder::publish()
{
    for (auto *target : std::exchange(m_changed, {}))
        target->cold.publish();
}

std::map<const StoredTarget *, qint64> SegmentFolder::journalStarts() const
{
    std::map<const StoredTarget *, qint64> starts;
    for (const auto &rows : m_replays) {
        const auto *series = m_registry.slot(rows.file->global(rows.header.anySeries));
        if (!series)
            continue;
        auto &start = starts.try_emplace(series->target, rows.header.minTime).first->second;
        start = std::min<qint64>(start, rows.header.minTime);
    }
    return starts;
}

void SegmentFolder::replay(const OnRows &onRows)
{
    for (const auto &[file, offset, header, place] : std::exchange(m_replays, {})) {
        auto batch = decodeRows(
            file->readHead(offset, header), file->readBody(offset, header), header, *file);
        if (batch && !batch->ids.empty())
            onRows(std::move(*batch));
        else if (file->isAtPath()) // else it was deleted meanwhile
            m_damage.add(file->damaged(QString::number(offset)));
    }
}

bool SegmentFolder::makeRoom(int reason)
{
    if (reason != ENOSPC && reason != EDQUOT)
        return false;
    if (!m_packer)
        return dropOldest("full");
    giveUpPacking(); // what it wrote is a copy: it goes before any history
    return true;
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
    if (m_packer && m_packer->uses(*file))
        m_packer.reset();
    if (m_segment == file)
        m_segment.reset();
    forget({file});
    publish();
    const int reason = file->abandon();
    if (reason != 0) // no room was gained: the next one would go for nothing
        qCInfo(lcStore, "%s: %s", qPrintable(file->name()), strerror(reason));
    m_segments.erase(number);
    return reason == 0;
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

} // namespace pilothouse
