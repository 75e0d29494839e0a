// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/stage.h"

#include <QListView>

namespace pilothouse {

class StageListModel;

/// The stages of a connection, one row each: state, title, result (elided, whole in the tool tip),
/// progress while it is known, milliseconds. As high as its rows. Ctrl+C copies them as text.
class StageList : public QListView {
    Q_OBJECT

public:
    explicit StageList(QWidget *parent = nullptr);
    void setStages(const QList<StageReport> &stages); ///< merges: rows stay what they were
    QString asText() const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {360, sizeHint().height()}; }

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    StageListModel *m_model;
};

} // namespace pilothouse
