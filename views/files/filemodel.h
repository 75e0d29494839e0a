// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/rowmodel.h"
#include "core/types/fileinfo.h"

namespace pilothouse {

/// One folder's entries. By name, folders stand before files in either order. The size of a folder
/// is unknown ("–"), since nobody added it up.
class FileModel : public RowModel<FileInfo> {
public:
    enum FileColumn { Name, Size, Modified, Kind, Mode };
    /// `clock` gives Unix ms, for ages.
    explicit FileModel(std::function<qint64()> clock, QObject *parent = nullptr);

    void setShown(const QString &words, bool hidden); ///< all words must be in the name
    void sort(int column, Qt::SortOrder order) override;

protected:
    QVariant extra(const FileInfo &file, int column, int role) const override;

private:
    FileModel(std::function<qint64()> clock, std::shared_ptr<bool> descending, QObject *parent);
    std::shared_ptr<bool> m_descending; ///< by name: folders come first all the same
};

QString fileName(const FileInfo &file); ///< last part of its path
bool isHiddenFile(const FileInfo &file);
QString modeText(quint32 mode); ///< 0644 → "rw-r--r--"
/// `path` without its last part; "/" stays.
QString folderAbove(const QString &path);

} // namespace pilothouse
