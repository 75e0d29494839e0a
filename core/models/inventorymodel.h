// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/rowmodel.h"
#include "core/models/targetstatus.h"

#include <QAbstractItemModel>

namespace pilothouse {

/// Targets under sections: favourites (with this machine), each group, those added here, SSH
/// aliases. Merges what is applied (rows are moved, inserted and removed, never reset), so
/// selection and scroll survive. KeyRole is a target's id, or the section's key.
class InventoryModel : public QAbstractItemModel {
    Q_OBJECT

public:
    enum InventoryRole {
        DetailRole = AgeRole + 1, ///< last word of the row: count or age
        ProtectionRole, ///< protectionName() when not open, else empty
        SectionRole, ///< true for a section
        SubtitleRole, ///< user and host, for tool tips
    };

    /// `clock` gives Unix ms; ages follow it when refreshAges() is called.
    explicit InventoryModel(std::function<qint64()> clock, QObject *parent = nullptr);
    ~InventoryModel() override;

    void apply(const QList<TargetStatus> &statuses);
    void setFilter(const QString &text); ///< words in name, group, host or user; all must match
    QString filter() const { return m_filter; }
    void refreshAges();

    QModelIndex indexOf(const QString &targetId) const;
    const TargetStatus *status(const QModelIndex &index) const; ///< null for sections
    int shownCount() const;
    int hiddenCount() const; ///< by the filter

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &child) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

private:
    struct Section {
        QString key, title;
        std::vector<TargetStatus> rows;
    };
    using Sections = std::vector<std::unique_ptr<Section>>;
    Sections wanted() const;
    void settle();
    void settleRows(int section, const std::vector<TargetStatus> &rows);
    bool shows(const TargetStatus &status) const;
    QVariant targetData(const TargetStatus &status, int role) const;

    std::function<qint64()> m_clock;
    QList<TargetStatus> m_all;
    QString m_filter;
    Sections m_sections;
};

} // namespace pilothouse
