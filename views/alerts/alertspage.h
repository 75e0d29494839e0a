// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/alertmodel.h"
#include "views/pages/page.h"

class QPushButton;
class QStackedLayout;
class QTimer;

namespace pilothouse {

class AlertDetail;
class AlertTree;
class AlertUndo;
class EmptyState;
class NoticeBar;
class PageHeader;
class SearchField;

/// What the rules found on all targets, grouped by cause: open, quiet and ended ones; acknowledge,
/// snooze and the undo of both; the ways to charts, node and job. Keys: Return charts, Ctrl+D
/// acknowledges, Ctrl+S snoozes, Ctrl+Z undoes, Ctrl+G the node.
class AlertsPage : public QWidget, public Subjects {
    Q_OBJECT

public:
    explicit AlertsPage(const PageContext &context);
    QList<ActRequest> selection() const override;
    /// An alert's id, or "TARGET/DEVICE" for the worst that holds there.
    void showSubject(const QString &subject) override;
    AlertTree *tree() const { return m_tree; }
    AlertModel *model() const { return m_model; }

protected:
    void showEvent(QShowEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void addKeys();
    void refresh();
    void take(const QStringList &ids); ///< what the log says of some
    void settle();
    void showChosen();
    void setView(AlertView view);
    std::vector<AlertRow> chosen() const;
    void acknowledge(bool acknowledged);
    void snooze();
    void snoozeFor(const QString &length);
    void say(const QString &act, const QJsonObject &parameters);
    void openCharts();
    void openNode();
    void openJob();
    void contextMenu(const QPoint &place);

    PageContext m_context;
    AlertModel *m_model;
    PageHeader *m_header;
    SearchField *m_search;
    AlertTree *m_tree;
    AlertDetail *m_detail;
    EmptyState *m_empty;
    QWidget *m_content;
    NoticeBar *m_notice;
    AlertUndo *m_undo;
    QStackedLayout *m_stack;
    QTimer *m_second;
};

} // namespace pilothouse
