// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/transport/knownhostsline.h"

#include <QHash>

#include <memory>
#include <vector>

namespace pilothouse {

/// A known_hosts file, taken apart once for all who look something up in it. Never changes, so any
/// thread may read it: a thousand hosts must not parse a thousand lines each.
class KnownHostsFile {
public:
    struct Entry {
        int number = 0; ///< line, from 1
        KnownHostsLine line;
        QStringList plainNames; ///< as KnownHostsLine::plainNames()
    };

    /// The file as it is now. Null when it is no regular file that can be read.
    static std::shared_ptr<const KnownHostsFile> read(const QString &path);
    explicit KnownHostsFile(const QByteArray &text);

    /// The entries that may match one of `names` (lower case) or that hold `blob`, in the file's
    /// order. Those with patterns and hashed names are always among them: ask
    /// KnownHostsLine::matches.
    std::vector<const Entry *> candidates(
        const QList<QByteArray> &names, const QByteArray &blob) const;

private:
    std::vector<Entry> m_entries;
    // Positions in m_entries.
    QHash<QByteArray, std::vector<std::size_t>> m_byName, m_byBlob;
    std::vector<std::size_t> m_unnamed; // patterns, hashed
};

} // namespace pilothouse
