// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/collectors/ring.h"

#include "agents/collectors/cataloguefile.h"
#include "agents/collectors/ids.h"
#include "agents/collectors/kernelfile.h"

#include <algorithm>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

namespace pilothouse::agent {

namespace {

constexpr std::size_t newestKept = 8;
constexpr int ticksUntilRetry = 10;
// Another boot may mean that the last seconds before it never reached the disk.
constexpr uint64_t jumpAfterBoot = 60, longestJump = 30 * 86400;

/// Makes the folder ours alone, or says why it cannot be used.
std::string prepareFolder(const std::filesystem::path &folder)
{
    std::error_code error;
    std::filesystem::create_directories(folder.parent_path(), error);
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
        return folder.string() + ": " + std::strerror(errno);
    struct stat info { };
    if (::lstat(folder.c_str(), &info) != 0)
        return folder.string() + ": " + std::strerror(errno);
    if (!S_ISDIR(info.st_mode) || info.st_uid != ::geteuid())
        return folder.string() + " belongs to another user";
    if ((info.st_mode & 077) != 0 && ::chmod(folder.c_str(), 0700) != 0)
        return folder.string() + ": " + std::strerror(errno);
    return {};
}

std::string takeLock(const std::filesystem::path &file, Descriptor &lock)
{
    lock = Descriptor(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!lock)
        return file.string() + ": " + std::strerror(errno);
    // An agent that hands over to us may need a moment to let go.
    for (int attempt = 0; attempt < 150; ++attempt) {
        if (::flock(lock.get(), LOCK_EX | LOCK_NB) == 0)
            return {};
        ::usleep(20000);
    }
    lock.reset();
    return "another agent writes to " + file.parent_path().string();
}

} // namespace

Ring::Ring(RingOptions options, Moment now)
    : m_options(std::move(options))
{
    if (!m_options.folder.empty()) {
        m_lockTrouble = prepareFolder(m_options.folder);
        if (m_lockTrouble.empty())
            m_lockTrouble = takeLock(m_options.folder / "ring.lock", m_lock);
        if (!m_lockTrouble.empty())
            m_options.folder.clear();
    }
    m_options.ticks.folder = m_options.rollups.folder = m_options.folder;
    open(now);
    if (!m_options.folder.empty())
        m_syncer = std::thread([this] { syncLoop(); });
}

Ring::~Ring()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stop = true;
    }
    m_wake.notify_all();
    if (m_syncer.joinable())
        m_syncer.join();
}

void Ring::open(Moment now)
{
    std::optional<Catalogue> stored;
    if (!m_options.folder.empty())
        stored = parseCatalogue(readOnce(m_options.folder / "catalogue"));
    auto ring = stored ? parseId(stored->ringId) : std::nullopt;
    if (ring) {
        m_ticks = std::make_unique<TickLog>(m_options.ticks, *ring, m_options.boot);
        // A catalogue without a single tick: numbers would start anew under an id that had some.
        if (m_ticks->ends().lastNumber == 0)
            ring.reset();
    }
    if (!ring) {
        stored = Catalogue();
        ring = randomId();
        stored->ringId = formatId(*ring);
        m_ticks = std::make_unique<TickLog>(m_options.ticks, *ring, m_options.boot);
    }
    m_known = std::move(*stored);
    m_storedSeries = m_known.series.size();
    m_rollups = std::make_unique<TickLog>(m_options.rollups, *ring, m_options.boot);

    const auto ends = m_ticks->ends();
    if (ends.lastNumber == 0)
        return;
    const bool sameBoot = ends.lastBoot == m_options.boot;
    const int64_t passed
        = sameBoot ? now.boottimeNs - ends.lastBoottimeNs : now.wallNs - ends.lastWallNs;
    const auto periods = uint64_t(std::max<int64_t>(0, passed / m_options.periodNs));
    m_firstNumber = ends.lastNumber
        + std::clamp<uint64_t>(periods, sameBoot ? 1 : jumpAfterBoot, longestJump);
    // The row that was being filled goes on where it was.
    const uint64_t inRow
        = uint64_t(m_options.rollupSeconds) * 1000000000 / uint64_t(m_options.periodNs);
    const auto rollupEnds = m_rollups->ends();
    for (const auto &tick :
        m_ticks->after(ends.lastNumber - std::min(ends.lastNumber, inRow + 1), inRow + 1)) {
        if (tick.wallNs > rollupEnds.lastWallNs + int64_t(m_options.rollupSeconds) * 1000000000 - 1)
            addToRollup(tick);
    }
}

void Ring::append(const wire::Tick &tick, const Catalogue *catalogue)
{
    if (catalogue)
        m_unstored = *catalogue;
    // A disk that has room again is met by the ticks in this very call: the catalogue goes first.
    if (m_unstored && !m_options.folder.empty() && (m_untilRetry-- <= 0 || !m_ticks->isOnDisk())) {
        const int error = saveCatalogue(m_options.folder / "catalogue", *m_unstored);
        m_untilRetry = error == 0 ? 0 : ticksUntilRetry;
        if (error == 0) {
            m_storedSeries = m_unstored->series.size();
            m_unstored.reset();
        }
    }
    if (m_unstored && m_storedSeries < tick.values.size() && m_ticks->isOnDisk()) {
        // Values whose series is not stored would be taken for another's after a restart.
        auto shorter = tick;
        shorter.values.resize(m_storedSeries);
        m_ticks->append(shorter);
    } else {
        m_ticks->append(tick);
    }
    addToRollup(tick);
    const std::lock_guard lock(m_mutex);
    m_newest.push_back(tick);
    if (m_newest.size() > newestKept)
        m_newest.pop_front();
}

void Ring::addToRollup(const wire::Tick &tick)
{
    const int64_t rowNs = int64_t(m_options.rollupSeconds) * 1000000000;
    int64_t start = tick.wallNs / rowNs * rowNs;
    if (m_row.number != 0 && m_row.wallNs != start) {
        m_rollups->append(m_row);
        m_row.number = 0;
    }
    if (m_row.number == 0) {
        m_row.number = m_rollups->ends().lastNumber + 1;
        m_row.wallNs = start;
        m_row.boottimeNs = start; // only steady steps matter: they encode to nothing
        std::fill(m_row.values.begin(), m_row.values.end(), wire::absent);
    }
    m_row.values.resize(std::max(m_row.values.size(), tick.values.size() * 3), wire::absent);
    for (std::size_t i = 0; i < tick.values.size(); ++i) {
        const int64_t value = tick.values[i];
        if (value == wire::absent)
            continue;
        int64_t *row = &m_row.values[i * 3];
        row[0] = row[0] == wire::absent ? value : std::min(row[0], value);
        row[1] = row[1] == wire::absent ? value : std::max(row[1], value);
        row[2] = value;
    }
}

std::vector<wire::Tick> Ring::ticksAfter(uint64_t after, std::size_t limit) const
{
    {
        const std::lock_guard lock(m_mutex);
        if (!m_newest.empty() && after + 1 >= m_newest.front().number) {
            std::vector<wire::Tick> ticks;
            for (const auto &tick : m_newest) {
                if (tick.number > after && ticks.size() < limit)
                    ticks.push_back(tick);
            }
            return ticks;
        }
    }
    return m_ticks->after(after, limit);
}

std::vector<Rollup> Ring::rollups(int64_t fromWallNs, int64_t toWallNs) const
{
    std::vector<Rollup> rows;
    for (auto &tick : m_rollups->between(fromWallNs, toWallNs))
        rows.push_back({tick.wallNs, m_options.rollupSeconds, std::move(tick.values)});
    return rows;
}

RingCoverage Ring::coverage() const
{
    const auto ends = m_ticks->ends();
    return {ends.firstNumber, ends.lastNumber, ends.firstWallNs, ends.lastWallNs,
        m_rollups->ends().firstWallNs};
}

std::string Ring::bootIdOf(uint64_t number) const
{
    return formatUuid(m_ticks->bootOf(number));
}

std::string Ring::trouble() const
{
    if (!m_lockTrouble.empty())
        return "history is kept in memory only: " + m_lockTrouble;
    return m_ticks->trouble();
}

void Ring::syncLoop()
{
    std::unique_lock lock(m_mutex);
    while (!m_stop) {
        m_wake.wait_for(lock, std::chrono::milliseconds(m_options.syncEveryMs));
        lock.unlock();
        m_ticks->sync();
        m_rollups->sync();
        lock.lock();
    }
}

} // namespace pilothouse::agent
