// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/node.h"
#include "views/pages/page.h"

class QPushButton;
class QScrollArea;
class QStackedLayout;
class QVBoxLayout;

namespace pilothouse {

class ChartGrid;
class DeviceFigures;
class DeviceTestCard;
class DeviceVerdict;
class PageHeader;
class ProcessPanel;

/// One GPU: its verdict with the raw line, figures, all its charts, its test beside the baseline,
/// and the processes on it.
class DevicePage : public QWidget, public Subjects {
    Q_OBJECT

public:
    explicit DevicePage(const PageContext &context);
    QList<ActRequest> selection() const override { return {}; }
    void showSubject(const QString &key) override; ///< "TARGET/UUID"

protected:
    void showEvent(QShowEvent *event) override;

private:
    QWidget *content();
    void addActions();
    Device device() const; ///< only its UUID where the node was never heard
    QList<Device> devices() const;
    void rebuild(); ///< what there is
    void second();
    void showEvents();
    void askProcesses();
    void check();

    PageContext m_context;
    QString m_target, m_uuid, m_job;
    PageHeader *m_header;
    QPushButton *m_openJob, *m_openNode, *m_check;
    DeviceVerdict *m_verdict;
    DeviceFigures *m_figures;
    ChartGrid *m_charts = nullptr; ///< null without a store
    DeviceTestCard *m_test;
    ProcessPanel *m_processes = nullptr; ///< of m_target
    QStackedLayout *m_stack;
    QScrollArea *m_area = nullptr;
    QVBoxLayout *m_rows = nullptr;
    int m_seconds = 0;
    bool m_asking = false;
};

} // namespace pilothouse
