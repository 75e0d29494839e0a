// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/node/processpanel.h"

#include "core/acts/services.h"
#include "core/jobs/jobservice.h"
#include "core/models/fleet.h"
#include "core/models/processmodel.h"
#include "views/acts/confirmdialog.h"
#include "views/acts/signalnames.h"
#include "views/common/searchfield.h"
#include "views/common/table.h"
#include "views/common/textlabel.h"
#include "views/theme/metrics.h"
#include "views/theme/style.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QMenu>
#include <QPushButton>
#include <QTableView>

#include <algorithm>

namespace pilothouse {

static constexpr int leastCommand = 170;
static const QString signalAct = QStringLiteral("process.signal");

ProcessPanel::ProcessPanel(const PageContext &context, const QString &target,
    std::function<QString(const QString &)> deviceName, QWidget *parent)
    : QWidget(parent)
    , m_context(context)
    , m_target(target)
    , m_model(new ProcessModel(
          std::move(deviceName),
          [this](const QString &id) {
              const auto *services = m_context.services;
              const auto job = services != nullptr && services->jobs != nullptr
                  ? services->jobs->find(id)
                  : Result<Job>(fail(cancelled({})));
              return job ? job->shownName() : id.left(10);
          },
          this))
    , m_table(new QTableView)
    , m_search(new SearchField(tr("Filter processes")))
    , m_choice(new QComboBox)
    , m_hidden(new TextLabel({}, TextKind::Small, Token::Text3))
{
    setUpTable(m_table, m_model, tr("Processes"));
    m_table->setMinimumHeight(metrics::header + 8 * metrics::tableRow);
    m_table->sortByColumn(ProcessModel::Cpu, Qt::DescendingOrder);
    const int widths[] = {70, 80, leastCommand, 110, 65, 80, 100, 85, 75, 80, 60, 90, 80};
    for (int column = 0; column < ProcessModel::ProcessColumns; ++column)
        m_table->setColumnWidth(column, widths[column]);
    m_table->setColumnHidden(ProcessModel::Place, true);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_table, &QWidget::customContextMenuRequested, this, &ProcessPanel::contextMenu);
    auto *tree = new QPushButton(tr("Tree"));
    tree->setCheckable(true);
    setSmall(tree);
    tree->setToolTip(tr("Processes below their parents"));
    connect(tree, &QPushButton::toggled, this, &ProcessPanel::setTree);
    connect(m_table->horizontalHeader(), &QHeaderView::sortIndicatorChanged, tree,
        [tree](int column) { tree->setChecked(column == ProcessModel::Place); });
    auto *top = new QHBoxLayout;
    top->addWidget(new TextLabel(tr("Processes"), TextKind::Strong));
    top->addWidget(m_hidden);
    top->addStretch(1);
    m_search->setMaximumWidth(240);
    m_search->setMinimumWidth(140);
    m_choice->setAccessibleName(tr("Processes on"));
    m_choice->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_choice->hide();
    top->addWidget(m_search, 1);
    top->addWidget(m_choice);
    top->addWidget(tree);
    connect(m_search, &QLineEdit::textChanged, this, &ProcessPanel::applyFilter);
    connect(m_search, &SearchField::left, m_table, qOverload<>(&QWidget::setFocus));
    connect(m_choice, &QComboBox::currentIndexChanged, this, &ProcessPanel::choose);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(metrics::gap);
    column->addLayout(top);
    column->addWidget(m_table);
}

void ProcessPanel::setProcesses(const QList<Process> &processes)
{
    m_model->show(processes);
    sayHidden();
    const bool onGpus = std::any_of(
        processes.begin(), processes.end(), [](const Process &one) { return !one.gpus.isEmpty(); });
    if (onGpus == m_onGpus)
        return;
    m_onGpus = onGpus;
    for (int column = ProcessModel::Devices; column <= ProcessModel::Energy; ++column)
        m_table->setColumnHidden(column, !onGpus);
    fitCommand();
}

void ProcessPanel::setDevices(const QList<Device> &devices)
{
    if (devices == m_devices)
        return;
    m_devices = devices;
    const QString chosen = m_choice->currentText();
    const QSignalBlocker quiet(m_choice);
    m_choice->clear();
    m_choice->addItem(tr("all processes"));
    for (const auto &device : devices)
        m_choice->addItem(gpuLabel(device, devices));
    m_choice->setCurrentIndex(std::max(0, m_choice->findText(chosen)));
    m_choice->setVisible(!devices.isEmpty());
    choose(m_choice->currentIndex());
}

/// A GPU with its partitions; 0 = all.
void ProcessPanel::choose(int choice)
{
    QStringList only;
    if (choice > 0 && choice <= m_devices.size()) {
        only << m_devices[choice - 1].uuid;
        for (const auto &part : std::as_const(m_devices))
            if (part.parent == only.first())
                only << part.uuid;
    }
    showOnly(only);
}

void ProcessPanel::showOnly(const QStringList &uuids)
{
    m_only = uuids;
    applyFilter();
}

/// Each word of the field must be in some cell.
void ProcessPanel::applyFilter()
{
    const auto words = m_search->text().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    m_model->setFilter([this, words, only = m_only](const ProcessRow &row) {
        const auto &gpus = row.process.gpus;
        if (!only.isEmpty() && std::none_of(gpus.begin(), gpus.end(), [&only](const GpuUse &use) {
                return only.contains(use.device);
            }))
            return false;
        return std::all_of(words.begin(), words.end(), [&](const QString &word) {
            const auto &columns = m_model->columns();
            return std::any_of(columns.begin(), columns.end(), [&](const auto &column) {
                const auto text = column.text ? column.text(row) : column.value(row).toString();
                return text.contains(word, Qt::CaseInsensitive);
            });
        });
    });
    sayHidden();
}

void ProcessPanel::sayHidden()
{
    const int hidden = m_model->hiddenCount();
    const bool filtered = m_choice->currentIndex() > 0 || !m_search->text().isEmpty();
    m_hidden->setText(!filtered || hidden == 0 ? QString()
            : hidden == 1                      ? tr("1 hidden by the filter")
                                               : tr("%1 hidden by the filter").arg(hidden));
}

/// The command takes what is left, as long as that is enough to read it.
void ProcessPanel::fitCommand()
{
    auto *header = m_table->horizontalHeader();
    int others = 0;
    for (int column = 0; column < ProcessModel::ProcessColumns; ++column)
        others += column == ProcessModel::Command ? 0 : header->sectionSize(column);
    const bool room = m_table->viewport()->width() >= others + leastCommand;
    header->setSectionResizeMode(
        ProcessModel::Command, room ? QHeaderView::Stretch : QHeaderView::Interactive);
    if (!room)
        m_table->setColumnWidth(ProcessModel::Command, leastCommand);
}

void ProcessPanel::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fitCommand();
}

void ProcessPanel::setTree(bool tree)
{
    m_model->setTree(tree);
    const bool sorted = m_table->horizontalHeader()->sortIndicatorSection() == ProcessModel::Place;
    if (tree && !sorted)
        m_table->sortByColumn(ProcessModel::Place, Qt::AscendingOrder);
    else if (!tree && sorted)
        m_table->sortByColumn(ProcessModel::Cpu, Qt::DescendingOrder);
}

QList<ActRequest> ProcessPanel::requests(int number) const
{
    QList<ActRequest> all;
    const auto rows = m_table->selectionModel()->selectedRows();
    for (const auto &index : rows) {
        const Process &process = m_model->at(index.row()).process;
        ActRequest request;
        request.target = m_target;
        request.subject = QStringLiteral("%1 %2").arg(process.pid).arg(process.command.left(80));
        request.parameters = {{QStringLiteral("pid"), qint64(process.pid)},
            {QStringLiteral("start_ticks"), QString::number(process.startTicks)},
            {QStringLiteral("signal"), number}};
        all << request;
    }
    return all;
}

void ProcessPanel::contextMenu(const QPoint &at)
{
    const auto info = m_context.acts->port()->find(signalAct);
    const auto selected = requests(15);
    if (!info || selected.isEmpty())
        return;
    const auto can = m_context.acts->canAll(signalAct, selected);
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setToolTipsVisible(true);
    for (const auto &one : offeredSignals()) {
        auto *action = menu->addAction(tr("Send %1 …").arg(one.text()), this,
            [this, number = one.number] { confirmSignal(number); });
        action->setEnabled(can.ok());
        action->setToolTip(can.ok() ? info->undo : can.reason);
    }
    menu->popup(m_table->viewport()->mapToGlobal(at));
}

void ProcessPanel::confirmSignal(int number)
{
    const auto signalled = offeredSignals();
    const auto named = std::find_if(signalled.begin(), signalled.end(),
        [number](const NamedSignal &one) { return one.number == number; });
    const auto info = m_context.acts->port()->find(signalAct);
    const auto chosen = requests(number);
    if (named == signalled.end() || !info || chosen.isEmpty())
        return;
    if (m_context.acts->port()->needsTypedName(signalAct, chosen.first())) {
        m_context.acts->trigger(signalAct, chosen); // asks more than we would
        return;
    }
    QStringList touches;
    for (const auto &request : chosen)
        touches << request.subject;
    auto *dialog = new ConfirmDialog(*info, m_context.feed->targetName(m_target), touches,
        m_context.acts->previewAll(signalAct, chosen),
        tr("Send %1").arg(QString::fromLatin1(named->name)), window());
    connect(dialog, &QDialog::accepted, this,
        [this, chosen] { m_context.acts->trigger(signalAct, chosen); });
    dialog->open();
}

} // namespace pilothouse
