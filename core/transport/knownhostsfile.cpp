// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/knownhostsfile.h"

#include "core/transport/transport.h"

#include <QFile>

#include <algorithm>
#include <fcntl.h>
#include <mutex>
#include <sys/stat.h>

namespace pilothouse {

namespace {

struct Parsed {
    struct stat info { };
    std::shared_ptr<const KnownHostsFile> file;
};

bool same(const struct stat &a, const struct stat &b)
{
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino && a.st_size == b.st_size
        && a.st_mtim.tv_sec == b.st_mtim.tv_sec && a.st_mtim.tv_nsec == b.st_mtim.tv_nsec
        && a.st_ctim.tv_sec == b.st_ctim.tv_sec && a.st_ctim.tv_nsec == b.st_ctim.tv_nsec;
}

// Times of files are as coarse as the kernel's tick: a file that changed just now may change again
// and show the same time.
bool settled(const struct stat &info)
{
    struct timespec now { };
    clock_gettime(CLOCK_REALTIME, &now);
    const auto nanoseconds = [](const struct timespec &time) {
        return qint64(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
    };
    constexpr qint64 ticks = 50'000'000;
    return nanoseconds(now) - nanoseconds(info.st_ctim) > ticks;
}

std::mutex mutex;
QHash<QString, Parsed> files; // guarded by mutex

// No pattern, no negation, not hashed: the whole list is names that stand for themselves.
bool isPlain(const QByteArray &names)
{
    return std::none_of(names.begin(), names.end(),
        [](char c) { return c == '|' || c == '!' || c == '*' || c == '?'; });
}

} // namespace

std::shared_ptr<const KnownHostsFile> KnownHostsFile::read(const QString &path)
{
    // Opened each time, as ssh does: on a network file system only this asks the server what is
    // new. Without waiting, since opening a pipe would hold us.
    const Descriptor opened(
        ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    struct stat info { };
    if (!opened.valid() || ::fstat(opened.get(), &info) != 0 || !S_ISREG(info.st_mode))
        return {};
    {
        const std::lock_guard lock(mutex);
        const auto known = files.constFind(path);
        if (known != files.cend() && same(known->info, info))
            return known->file;
    }
    QFile file;
    if (!file.open(opened.get(), QFile::ReadOnly))
        return {};
    const auto parsed = std::make_shared<const KnownHostsFile>(file.readAll());
    if (settled(info)) {
        Parsed entry;
        entry.info = info;
        entry.file = parsed;
        const std::lock_guard lock(mutex);
        files.insert(path, entry);
    }
    return parsed;
}

KnownHostsFile::KnownHostsFile(const QByteArray &text)
{
    int number = 0;
    for (qsizetype start = 0; start < text.size();) {
        const auto end = text.indexOf('\n', start);
        const auto after = end < 0 ? text.size() : end + 1;
        auto line = parseKnownHostsLine(QByteArrayView(text).sliced(start, after - start));
        start = after;
        ++number;
        if (!line)
            continue;
        const std::size_t at = m_entries.size();
        Entry entry;
        entry.number = number;
        entry.plainNames = line->plainNames();
        entry.line = std::move(*line);
        m_byBlob[entry.line.key.blob].push_back(at);
        if (isPlain(entry.line.names)) {
            for (const QByteArray &name : entry.line.names.toLower().split(','))
                m_byName[name].push_back(at);
        } else {
            m_unnamed.push_back(at);
        }
        m_entries.push_back(std::move(entry));
    }
}

std::vector<const KnownHostsFile::Entry *> KnownHostsFile::candidates(
    const QList<QByteArray> &names, const QByteArray &blob) const
{
    std::vector<std::size_t> places = m_unnamed;
    const auto add
        = [&](const QHash<QByteArray, std::vector<std::size_t>> &index, const QByteArray &key) {
              if (const auto found = index.constFind(key); found != index.cend())
                  places.insert(places.end(), found->begin(), found->end());
          };
    for (const QByteArray &name : names)
        add(m_byName, name);
    if (!blob.isEmpty())
        add(m_byBlob, blob);
    std::sort(places.begin(), places.end());
    places.erase(std::unique(places.begin(), places.end()), places.end());
    std::vector<const Entry *> entries;
    entries.reserve(places.size());
    for (const std::size_t place : places)
        entries.push_back(&m_entries[place]);
    return entries;
}

} // namespace pilothouse
