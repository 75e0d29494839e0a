// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/fuzzy.h"
#include "views/frame/commandpalette.h"

#include <QAbstractListModel>

namespace pilothouse {

/// The entries that match, best first.
class PaletteModel : public QAbstractListModel {
    Q_OBJECT

public:
    using QAbstractListModel::QAbstractListModel;
    void setEntries(QList<PaletteEntry> entries);
    /// A first character `>`, `@`, `#`, `/` or `:` keeps only that kind.
    void search(const QString &text);

    const PaletteEntry &entry(int row) const;
    const FuzzyMatch &match(int row) const { return m_matches[std::size_t(row)]; }
    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

private:
    QList<PaletteEntry> m_entries;
    FuzzyIndex m_index;
    std::vector<FuzzyMatch> m_matches;
};

} // namespace pilothouse
