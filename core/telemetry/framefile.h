// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/frame.h"
#include "core/telemetry/registry.h"

#include <QStringList>

namespace pilothouse {

/// One segment or journal: frames on disk and the numbers its series have inside. Reading is safe
/// from any thread, everything else is for the store's thread.
class FrameFile {
public:
    /// Null when it cannot be opened or made; `reason` says why (errno).
    static std::shared_ptr<FrameFile> open(const QString &path, bool writable, int *reason);
    ~FrameFile();
    FrameFile(const FrameFile &) = delete;
    FrameFile &operator=(const FrameFile &) = delete;

    const QString &path() const { return m_path; }
    QString name() const;
    std::uint64_t end() const { return m_end; }

    /// Frames behind what was walked before; series frames are taken in here. `trimTail`: what is
    /// no frame at the end is cut off. Returns damage as sentences.
    QStringList walk(Registry &registry, bool verify, bool trimTail, const OnFrame &onFrame);
    QString damaged(const QString &where) const; ///< the sentence
    Bytes read(std::uint64_t offset, std::size_t size) const;
    /// The head or body of a frame; empty when its hash is wrong.
    Bytes readHead(std::uint64_t offset, const FrameHeader &header) const;
    Bytes readBody(std::uint64_t offset, const FrameHeader &header) const;
    /// Part of a frame's body, as it is on disk.
    Bytes readPiece(std::uint64_t frame, const FrameHeader &header, std::uint64_t offset,
        std::size_t size) const
    {
        return read(frame + FrameHeader::size + header.headSize + offset, size);
    }

    /// 0 or errno; after a failure the file is as before.
    int append(ByteSpan bytes);
    bool sync();

    SeriesId global(quint32 number) const { return m_global.value(number); }
    /// Number of a series here; a definition is appended to `out` when it is new.
    quint32 local(SeriesId id, const Registry &registry, Bytes &out);
    std::optional<quint32> known(SeriesId id) const;
    void forgetUnwritten(); ///< definitions handed out since the last append did not arrive
    qint64 maxTime = 0, minTime = 0;

private:
    FrameFile(QString path, int descriptor);
    bool takeSeries(Registry &registry, std::uint64_t offset, const FrameHeader &header);

    QString m_path;
    int m_descriptor;
    std::uint64_t m_end = 0;
    QHash<quint32, SeriesId> m_global;
    QHash<SeriesId, quint32> m_local;
    std::vector<SeriesId> m_unwritten;
    quint32 m_next = 1;
};

} // namespace pilothouse
