// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/fleetmodel.h"
#include "views/pages/page.h"

class QPushButton;
class QSplitter;
class QStackedLayout;
class QTableView;
class QTimer;

namespace pilothouse {

class DeviceBar;
class EmptyState;
class FilterField;
class FleetDelegate;
class FleetFigureRow;
class FleetSource;
class HeatLegend;
class HeatMap;
class PageHeader;
class TextLabel;

/// All GPUs of all open targets: figures, heat map, table, one filter for both.
class FleetPage : public QWidget {
    Q_OBJECT

public:
    explicit FleetPage(const PageContext &context);
    FleetModel *model() const { return m_model; }
    HeatMap *map() const { return m_map; }
    QTableView *table() const { return m_table; }
    FilterField *filter() const { return m_filter; }
    FleetDelegate *delegate() const { return m_delegate; }
    /// Where GPUs come from instead, for pictures and tests; asked once a second while visible.
    void setReading(std::function<std::vector<FleetGpu>(qint64 now)> reading);
    void refresh(); ///< all GPUs

protected:
    void showEvent(QShowEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QWidget *content();
    bool follow(qsizetype aged);
    void second();
    void showFigures();
    void addChoices();
    void settle();
    void shareHeight(int wanted);
    void choose(const QString &key);
    void open(const QString &target);
    void openDevice(const QString &key);
    void openJob(const QString &job);
    void openAlert(const QString &key); ///< of a GPU
    void setTab(int tab);
    void contextMenu(const QPoint &place);
    void compare();
    void launch();

    PageContext m_context;
    FleetSource *m_source;
    std::function<std::vector<FleetGpu>(qint64)> m_reading;
    FleetModel *m_model;
    PageHeader *m_header;
    FleetFigureRow *m_figures;
    HeatMap *m_map;
    HeatLegend *m_legend;
    FilterField *m_filter;
    TextLabel *m_problem;
    DeviceBar *m_bar;
    QTableView *m_table;
    FleetDelegate *m_delegate;
    EmptyState *m_empty, *m_hidden;
    QSplitter *m_splitter;
    QStackedLayout *m_stack, *m_tableStack;
    QTimer *m_second, *m_frame;
    bool m_live = true; ///< no other reading was set
    bool m_outdated = false; ///< GPUs came or went
    bool m_sized = false;
};

} // namespace pilothouse
