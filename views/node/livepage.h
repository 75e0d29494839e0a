// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/node.h"
#include "views/pages/page.h"

class QGridLayout;
class QTimer;

namespace pilothouse {

class Card;
class ChartGrid;
class EmptyState;
class FastPanel;
class GpuCard;
class ProcessPanel;
class TextLabel;

/// A node live: GPUs in short, linked charts, top processes.
class LivePage : public TargetPage {
    Q_OBJECT

public:
    LivePage(const PageContext &context, const QString &target);
    QList<QWidget *> headerActions() override;
    void refresh(const TargetStatus &status) override;

protected:
    void resizeEvent(QResizeEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    void placeGpus();
    void takeFacts();
    void rebuildCharts();
    bool hasCharts() const;
    void tick();
    void showFast(bool wanted);
    void showGpu(GpuCard *card, const Device &device);
    void askProcesses();
    QString deviceName(const QString &device) const;

    PageContext m_context;
    QString m_target;
    QList<Device> m_devices;
    QStringList m_warnings;
    QWidget *m_content;
    EmptyState *m_empty;
    Card *m_banner;
    TextLabel *m_bannerText;
    QWidget *m_gpuRow;
    QGridLayout *m_gpuGrid;
    QList<GpuCard *> m_gpus;
    FastPanel *m_fast;
    bool m_wantsFast = false;
    ChartGrid *m_charts = nullptr; ///< null without a store
    ProcessPanel *m_processes;
    TextLabel *m_noProcesses; ///< why there are none
    QTimer *m_second;
    int m_seconds = 0;
    bool m_asking = false;
};

} // namespace pilothouse
