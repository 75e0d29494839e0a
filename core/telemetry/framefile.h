// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/coldlist.h"
#include "core/telemetry/registry.h"

#include <QStringList>

namespace pilothouse {

/// One segment or journal: frames on disk and the numbers its series have inside. Reading is safe
/// from any thread, everything else is for the store's thread.
class FrameFile : public std::enable_shared_from_this<FrameFile> {
public:
    /// Null when it cannot be opened or made; `reason` says why (errno).
    static std::shared_ptr<FrameFile> open(const QString &path, bool writable, int *reason);
    ~FrameFile();
    FrameFile(const FrameFile &) = delete;
    FrameFile &operator=(const FrameFile &) = delete;

    const QString &path() const { return m_path; }
    QString name() const;
    /// False: there is another file at its path, or none, by now.
    bool isAtPath() const;
    /// Takes the place of what is at `path`; false: errno says why.
    bool moveTo(const QString &path);
    std::uint64_t end() const { return m_end; }
    /// No reader finds it any more: what still holds it should let it go. Set before that is told.
    void markGone() { m_gone = true; }
    bool isGone() const { return m_gone.load(); } ///< any thread
    /// Deletes it and frees its room at once, whoever still has it open: they find nothing there.
    /// 0 or errno.
    int abandon();

    /// Frames behind what was walked before; series frames are taken in here. `trimTail`: what is
    /// no frame at the end is cut off. Where the disk cannot be read it stops, and cuts nothing
    /// off. Returns damage as sentences.
    QStringList walk(Registry &registry, bool verify, bool trimTail, const OnFrame &onFrame);
    QString damaged(const QString &where) const; ///< the sentence
    /// Fewer bytes at the end, or where the disk fails: `reason` says why then (errno).
    Bytes read(std::uint64_t offset, std::size_t size, int *reason = nullptr) const;
    /// The same without waiting for the disk: nothing when some of it is not in memory.
    std::optional<Bytes> readAtHand(std::uint64_t offset, std::size_t size) const;
    /// The head or body of a frame; empty when its hash is wrong.
    Bytes readHead(std::uint64_t offset, const FrameHeader &header) const;
    Bytes readBody(std::uint64_t offset, const FrameHeader &header) const;
    quint64 id() const { return m_id; } ///< among all files that were ever open
    static quint64 idOf(quint64 place) { return place >> offsetBits; } ///< of BlockRef::place
    BlockRef block(std::uint64_t offset, const FrameHeader &header);

    /// 0 or errno; after a failure the file is as before.
    int append(ByteSpan bytes);
    bool sync();

    SeriesId global(quint32 number) const; ///< any thread
    /// Number of a series here; a definition is appended to `out` when it is new.
    quint32 local(SeriesId id, const Registry &registry, Bytes &out);
    void forgetUnwritten(); ///< definitions handed out since the last append did not arrive
    qint64 maxTime = 0, minTime = 0;
    quint64 rows = 0, blocks = 0; ///< of fine blocks
    /// False: there is more behind what was walked or appended, which could not be read.
    bool isReadToItsEnd() const;
    bool intact = true; ///< false: some of it turned out to be damaged
    /// Numbers of the segments that this one was made of, both inside; 0: of none.
    quint64 replacesFrom = 0, replacesTo = 0;

private:
    static constexpr int offsetBits = 40; // of a place: the id is above
    FrameFile(QString path, int descriptor);
    bool takeSeries(Registry &registry, std::uint64_t offset, const FrameHeader &header);

    const quint64 m_id;
    QString m_path;
    int m_descriptor;
    std::atomic<bool> m_gone{false};
    std::uint64_t m_end = 0;
    mutable std::shared_mutex m_numbers; // of the next one, for readers
    QHash<quint32, SeriesId> m_global;
    QHash<SeriesId, quint32> m_local;
    std::vector<SeriesId> m_unwritten;
    quint32 m_next = 1;
};

} // namespace pilothouse
