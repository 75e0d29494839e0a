// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/stage.h"

#include <QAbstractListModel>

namespace pilothouse {

/// Stage reports as a list; later reports replace the row of the same stage and hop.
class StageListModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role { ReportRole = Qt::UserRole + 1, TitleRole, ResultRole, TimeRole };
    using QAbstractListModel::QAbstractListModel;

    void apply(const QList<StageReport> &stages);
    QString asText() const; ///< one line per stage, tab-separated

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

private:
    QList<StageReport> m_stages;
};

} // namespace pilothouse
