// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/gputest/store.h"
#include "core/types/node.h"

#include <QDialog>

class QComboBox;
class QPushButton;
class QStackedLayout;
class QTableView;

namespace pilothouse {

class ActMenu;
class DriftStrip;
class EmptyState;
class GpuTestModel;
class GpuTestService;
class ShapeWidget;
class TextLabel;

/// "Check this GPU" of one device: the test's figures beside the card's datasheet and the device's
/// baseline, how they drift over all tests, and a button that tests once more.
class GpuTestDialog : public QDialog {
    Q_OBJECT

public:
    /// `tests` may be null: then nothing is remembered, and the dialog says so.
    GpuTestDialog(GpuTestService *tests, ActMenu *acts, const QString &target, const Device &device,
        QWidget *parent = nullptr);

private:
    void reload();
    void showRun();
    void showDrift();
    void chooseBaseline();

    GpuTestService *m_tests;
    QString m_target;
    Device m_device;
    QList<GpuTestRun> m_runs; ///< newest first
    std::optional<GpuTestRun> m_baseline;
    GpuTestModel *m_model;
    QStackedLayout *m_stack;
    EmptyState *m_empty;
    QComboBox *m_choice;
    QPushButton *m_makeBaseline;
    ShapeWidget *m_shape;
    TextLabel *m_verdict, *m_details, *m_source, *m_driftTitle;
    QTableView *m_table;
    DriftStrip *m_drift;
    bool m_starting = false; ///< the act that was started last is the test of this GPU
};

} // namespace pilothouse
