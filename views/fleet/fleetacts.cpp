// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Where the fleet page leads: node, alert, comparison, launch.
#include "core/models/rowmodel.h"
#include "views/fleet/filterfield.h"
#include "views/fleet/fleetpage.h"
#include "views/fleet/heatmap.h"

#include <QHash>
#include <QMenu>
#include <QTableView>

namespace pilothouse {

void FleetPage::open(const QString &target)
{
    if (!target.isEmpty() && m_context.openTarget)
        m_context.openTarget(target, QStringLiteral("live"));
}

void FleetPage::openDevice(const QString &key)
{
    if (!key.isEmpty() && m_context.openDevice)
        m_context.openDevice(key);
}

void FleetPage::openJob(const QString &job)
{
    if (m_context.openJob)
        m_context.openJob(job);
}

void FleetPage::openAlert(const QString &key)
{
    if (m_context.openAlert)
        m_context.openAlert(key);
}

void FleetPage::contextMenu(const QPoint &place)
{
    const auto index = m_table->indexAt(place);
    const auto *gpu = m_model->gpuAt(index.row());
    if (gpu == nullptr)
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Open GPU"), this, [this, key = gpu->key()] { openDevice(key); });
    menu->addAction(tr("Open node"), this, [this, target = gpu->target] { open(target); });
    if (gpu->reserved())
        menu->addAction(tr("Open job %1").arg(groupOf(*gpu, FleetGrouping::Job)), this,
            [this, job = gpu->job] { openJob(job); });
    if (gpu->state == FleetState::Bad || gpu->state == FleetState::Watch)
        menu->addAction(tr("Show alert"), this, [this, key = gpu->key()] { openAlert(key); });
    menu->addAction(tr("Compare in charts"), this, &FleetPage::compare);
    menu->addSeparator();
    const auto only = [&](const QString &text, const char *field, const QString &value) {
        if (!value.isEmpty())
            menu->addAction(text.arg(value), m_filter,
                [this,
                    filter = QString::fromLatin1(field) + QStringLiteral(" = \"%1\"").arg(value)] {
                    m_filter->setText(filter);
                });
    };
    only(tr("Only node %1"), "node", gpu->node);
    only(tr("Only job %1"), "job", groupOf(*gpu, FleetGrouping::Job));
    only(tr("Only %1"), "owner", gpu->person);
    menu->addSeparator();
    const auto actions = m_table->actions();
    for (auto *action : actions)
        menu->addAction(action);
    menu->popup(m_table->viewport()->mapToGlobal(place));
}

/// One alone is compared with all others that are shown.
void FleetPage::compare()
{
    QStringList keys;
    const auto selected = m_table->selectionModel()->selectedRows();
    if (selected.size() > 1) {
        for (const auto &row : selected)
            keys << row.data(KeyRole).toString();
    } else {
        for (int row = 0; row < m_model->rowCount(); ++row)
            keys << m_model->index(row, 0).data(KeyRole).toString();
    }
    if (m_context.compare && !keys.isEmpty())
        m_context.compare(keys);
}

void FleetPage::launch()
{
    QString best;
    if (const auto *gpu = m_model->gpu(m_map->current())) {
        best = gpu->target;
    } else {
        QHash<QString, int> free;
        for (const auto &one : m_model->gpus()) {
            const int count = free[one.target]
                += one.state == FleetState::Idle && !one.reserved() ? 1 : 0;
            if (best.isEmpty() || count > free.value(best))
                best = one.target;
        }
    }
    if (!best.isEmpty())
        m_context.openTarget(best, QStringLiteral("launch"));
    else
        m_context.openPage(QStringLiteral("targets"));
}

} // namespace pilothouse
