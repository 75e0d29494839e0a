// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/alertmodel.h"

#include <QWidget>

class QPushButton;
class QVBoxLayout;

namespace pilothouse {

class ShapeWidget;
class TextLabel;

/// The chosen alerts in full: what, where, since when, why, the raw lines to copy, the next step,
/// and what can be done.
class AlertDetail : public QWidget {
    Q_OBJECT

public:
    explicit AlertDetail(QWidget *parent = nullptr);
    /// One, or several of one or more causes; empty = none is chosen. The first is shown in full.
    void show(const std::vector<AlertRow> &rows, qint64 now);
    using QWidget::show;
    QString rawText() const; ///< one line each
    QPushButton *snoozeButton() const { return m_snooze; }

Q_SIGNALS:
    void acknowledgeWanted(bool acknowledged);
    void snoozeWanted(); ///< a menu, or the end of it when all sleep
    void chartsWanted();
    void nodeWanted();
    void jobWanted();

private:
    void showButtons(const std::vector<AlertRow> &rows, qint64 now);

    ShapeWidget *m_shape;
    TextLabel *m_title, *m_place, *m_times, *m_said, *m_why, *m_nextHead, *m_next, *m_whyHead;
    TextLabel *m_rawHead, *m_raw, *m_none;
    QWidget *m_full;
    QPushButton *m_acknowledge, *m_snooze, *m_charts, *m_node, *m_job, *m_copy;
    QString m_rawText;
    bool m_acknowledged = false;
};

} // namespace pilothouse
