// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace pilothouse {

struct FileInfo {
    QString path;
    QString kind; ///< "file", "folder", "link", "other"; empty when missing
    quint64 size = 0;
    qint64 modifiedNs = 0;
    quint32 mode = 0;
    QString linkTarget, error;

    bool operator==(const FileInfo &) const = default;
};

} // namespace pilothouse
