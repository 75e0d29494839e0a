// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTreeView>

namespace pilothouse {

class AlertModel;

/// The feed's list: columns that sort and are chosen in the header's menu, many rows selected,
/// Ctrl+C copies them. Left and Right fold and unfold; a click on the chevron does, too.
class AlertTree : public QTreeView {
    Q_OBJECT

public:
    explicit AlertTree(AlertModel *model, QWidget *parent = nullptr);
    QStringList selectedIds() const; ///< of alerts, those of selected groups among them
    void select(const QString &alertId); ///< unfolds to it
    QString text() const; ///< the selected rows (all when none), tab-separated

protected:
    void mousePressEvent(QMouseEvent *event) override;
    void drawBranches(
        QPainter *painter, const QRect &rect, const QModelIndex &index) const override;

private:
    AlertModel *m_model;
};

} // namespace pilothouse
