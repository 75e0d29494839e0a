// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/charts/chartdatadialog.h"

#include "views/charts/chartview.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QPushButton>
#include <QShortcut>
#include <QStandardItemModel>
#include <QTableView>
#include <QVBoxLayout>

namespace pilothouse {

static QTableView *tableOf(QAbstractItemModel *model, const QString &name)
{
    auto *table = new QTableView;
    table->setModel(model);
    table->setAccessibleName(name);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setShowGrid(false);
    table->setTabKeyNavigation(false); // Tab leaves it
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(24);
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    return table;
}

ChartDataDialog::ChartDataDialog(ChartView *chart, ChartTableModel::Text text)
    : QDialog(chart)
    , m_chart(chart)
    , m_text(std::move(text))
    , m_model(new ChartTableModel(this))
    , m_summary(new QStandardItemModel(this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("%1: data").arg(chart->spec().title));
    m_summary->setHorizontalHeaderLabels(
        {tr("Series"), tr("Newest"), tr("Minimum"), tr("Maximum")});
    auto *layout = new QVBoxLayout(this);
    m_summaryTable = tableOf(m_summary, tr("Summary"));
    auto *table = tableOf(m_model, tr("All values"));
    layout->addWidget(m_summaryTable);
    layout->addWidget(table, 1);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    auto *again = buttons->addButton(tr("Refresh"), QDialogButtonBox::ActionRole);
    auto *copy = buttons->addButton(tr("Copy"), QDialogButtonBox::ActionRole);
    auto *save = buttons->addButton(tr("Export CSV…"), QDialogButtonBox::ActionRole);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(again, &QPushButton::clicked, this, &ChartDataDialog::refresh);
    connect(copy, &QPushButton::clicked, chart, &ChartView::copyTable);
    connect(save, &QPushButton::clicked, chart, &ChartView::exportTable);
    connect(new QShortcut(QKeySequence::Refresh, this), &QShortcut::activated, this,
        &ChartDataDialog::refresh);
    connect(new QShortcut(QKeySequence::Copy, this), &QShortcut::activated, chart,
        &ChartView::copyTable);
    refresh();
    table->setFocus();
    table->setCurrentIndex(m_model->index(0, 0));
    resize(640, 560);
}

void ChartDataDialog::refresh()
{
    QStringList names;
    std::vector<Curve> curves;
    m_summary->removeRows(0, m_summary->rowCount());
    const auto summary = m_chart->summary();
    for (std::size_t i = 0; i < summary.size(); ++i) {
        const auto &one = summary[i];
        if (one.hidden || i >= m_chart->curves().size())
            continue;
        names << one.name;
        curves.push_back(m_chart->curves()[i]);
        QList<QStandardItem *> row{new QStandardItem(one.name), new QStandardItem(one.latest),
            new QStandardItem(one.minimum), new QStandardItem(one.maximum)};
        for (qsizetype cell = 1; cell < row.size(); ++cell)
            row[cell]->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        m_summary->appendRow(row);
    }
    const int rows = std::clamp(m_summary->rowCount(), 1, 8);
    m_summaryTable->setFixedHeight(
        m_summaryTable->horizontalHeader()->sizeHint().height() + rows * 24 + 4);
    m_model->show(names, std::move(curves), m_text);
}

} // namespace pilothouse
