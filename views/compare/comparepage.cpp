// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/compare/comparepage.h"

#include "core/acts/services.h"
#include "core/models/fleet.h"
#include "core/session/telemetryservice.h"
#include "views/common/emptystate.h"
#include "views/common/pageheader.h"
#include "views/common/scrolled.h"
#include "views/common/segmentedcontrol.h"
#include "views/node/chartbridge.h"
#include "views/node/chartgrid.h"
#include "views/theme/metrics.h"

#include <QScrollArea>
#include <QSet>
#include <QStackedLayout>

#include <QVBoxLayout>
#include <algorithm>

namespace pilothouse {

ComparePage::ComparePage(const PageContext &context)
    : m_context(context)
    , m_header(new PageHeader)
    , m_empty(new EmptyState(QStringLiteral("chart-line")))
    , m_stack(new QStackedLayout)
{
    m_header->setTitle(tr("Compare"));
    auto *what = new SegmentedControl(tr("Compare"), {tr("GPUs"), tr("Nodes")});
    what->setCurrent(0);
    m_header->addAction(what);
    auto *content = new QWidget;
    auto *rows = new QVBoxLayout(content);
    rows->setContentsMargins(metrics::margin, 16, metrics::margin, metrics::margin);
    rows->addStretch(1);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(scrolled(content));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_header);
    column->addLayout(m_stack, 1);
    m_empty->setText(tr("Nothing to compare yet"),
        tr("This page shows GPUs side by side, and their nodes. Choose some on the fleet page."));
    m_empty->setAction(tr("Show the fleet"));

    connect(m_empty, &EmptyState::activated, this,
        [this] { m_context.openPage(QStringLiteral("fleet")); });
    connect(what, &SegmentedControl::chosen, this, [this](int choice) {
        m_nodes = choice == 1;
        refresh();
    });
    if (context.services == nullptr || context.services->store == nullptr)
        return;
    m_charts = new ChartGrid(context.services->store,
        timelineOf(context.range, [feed = context.feed] { return feed->now(); }), 2, {260, 240});
    rows->insertWidget(0, m_charts);
    if (auto *telemetry = context.services->telemetry)
        connect(
            telemetry, &TelemetryService::catalogueChanged, this, [this](const QString &target) {
                const auto ours
                    = [&](const QString &key) { return key.section(u'/', 0, -2) == target; };
                if (isVisible() && std::any_of(m_keys.begin(), m_keys.end(), ours))
                    refresh();
            });
}

void ComparePage::showSubject(const QString &keys)
{
    m_keys = keys.split(u'\n', Qt::SkipEmptyParts);
    m_wanted = m_keys.size();
    m_keys = m_keys.mid(0, mostShown);
    refresh();
}

QList<ChartSubject> ComparePage::subjects() const
{
    QList<ChartSubject> gpus, nodes;
    QStringList targets;
    for (const auto &key : m_keys) {
        // An id of a target may have slashes of its own, a UUID has none.
        const QString target = key.section(u'/', 0, -2), uuid = key.section(u'/', -1);
        const QString node = m_context.feed->targetName(target);
        QString name = uuid;
        if (const auto facts = m_context.feed->facts(target)) {
            for (const Device &device : facts->node.devices)
                if (device.uuid == uuid)
                    name = gpuNumber(device, facts->node.devices);
        }
        gpus << ChartSubject{target, uuid, node + QStringLiteral(" · ") + name};
        if (!targets.contains(target)) {
            targets << target;
            nodes << ChartSubject{target, {}, node};
        }
    }
    return m_nodes ? nodes : gpus;
}

void ComparePage::refresh()
{
    const auto compared = subjects();
    QSet<QString> nodes;
    for (const auto &one : compared)
        nodes << one.target;
    const auto count = [](qsizetype number, const QString &one, const QString &many) {
        return number == 1 ? one : many.arg(number);
    };
    QStringList facts;
    if (!m_nodes && !compared.isEmpty())
        facts << count(compared.size(), tr("1 GPU"), tr("%1 GPUs"));
    if (!compared.isEmpty())
        facts << count(nodes.size(), tr("1 node"), tr("%1 nodes"));
    if (m_wanted > mostShown)
        facts << tr("the first %1 of %2").arg(mostShown).arg(m_wanted);
    m_header->setFacts(facts.join(QStringLiteral(" · ")));
    m_header->setBadge(m_context.feed->simulated() ? tr("simulated") : QString(), Token::Watch);

    if (m_charts == nullptr)
        return;
    m_charts->setCharts(comparedCharts(*m_context.services->store, compared));
    m_stack->setCurrentIndex(m_charts->charts().isEmpty() ? 0 : 1);
}

extern const RailPage comparePage;
const RailPage comparePage{"compare", QT_TRANSLATE_NOOP("pages", "Compare"), "", "", false,
    [](const PageContext &context) -> QWidget * { return new ComparePage(context); }};

} // namespace pilothouse
