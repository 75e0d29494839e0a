// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/fleet/devicebar.h"

#include "core/models/filter.h"
#include "core/models/filtertokens.h"
#include "views/common/fleetshape.h"
#include "views/common/plaintip.h"
#include "views/common/textlabel.h"
#include "views/theme/icons.h"
#include "views/theme/style.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include <cmath>

namespace pilothouse {

DeviceBar::DeviceBar(QWidget *parent)
    : Card({}, parent)
    , m_shape(new ShapeWidget)
    , m_name(new TextLabel({}, TextKind::Strong))
    , m_verdict(new TextLabel({}, TextKind::Body, Token::Text2))
    , m_values(new TextLabel({}, TextKind::Small, Token::Text3))
    , m_raw(new TextLabel({}, TextKind::Body, Token::Text2))
    , m_job(new QPushButton)
    , m_person(new QPushButton)
    , m_alert(new QPushButton(tr("Why")))
{
    setAccessibleName(tr("Chosen GPU"));
    body()->setContentsMargins(14, 6, 8, 6);
    auto *row = new QHBoxLayout;
    row->setSpacing(10);
    m_shape->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    m_verdict->setElide(Qt::ElideRight);
    m_verdict->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_values->setElide(Qt::ElideRight);
    row->addWidget(m_shape);
    row->addWidget(m_name);
    m_verdict->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
    m_values->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    row->addWidget(m_verdict);
    row->addWidget(m_values, 1);
    auto *device = new QPushButton(tr("Open GPU"));
    auto *close = new QPushButton(icon(QStringLiteral("x")), QString());
    close->setAccessibleName(tr("Choose none"));
    close->setToolTip(tr("Choose none"));
    for (auto *button : {m_alert, m_job, m_person, device, close}) {
        setSmall(button);
        button->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
        row->addWidget(button);
    }
    setButtonKind(close, ButtonKind::Flat);
    body()->setSpacing(4);
    body()->addLayout(row);
    m_raw->setWordWrap(true); // all of it: it is what one looked for
    m_raw->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto *below = new QHBoxLayout;
    below->addSpacing(m_shape->sizeHint().width() + row->spacing());
    below->addWidget(m_raw, 1);
    body()->addLayout(below);
    hide();
    connect(device, &QPushButton::clicked, this, [this] { Q_EMIT deviceWanted(m_gpu.key()); });
    m_alert->setToolTip(tr("The alert: why, since when, and what to do"));
    connect(m_alert, &QPushButton::clicked, this, [this] { Q_EMIT alertWanted(m_gpu.key()); });
    connect(close, &QPushButton::clicked, this, &DeviceBar::closed);
    connect(m_job, &QPushButton::clicked, this, [this] { Q_EMIT jobWanted(m_gpu.job); });
    connect(m_person, &QPushButton::clicked, this, [this] {
        Q_EMIT filterWanted(QStringLiteral("owner = ") + quotedForFilter(m_gpu.person));
    });
}

void DeviceBar::show(const FleetGpu &gpu)
{
    m_gpu = gpu;
    m_shape->setShape(shapeOf(gpu.state), fleetStateWord(gpu.state));
    m_name->setText(tr("%1 · %2").arg(gpu.node, gpu.label()));
    m_name->setToolTip(plainToolTip(gpu.model + QLatin1Char('\n') + gpu.uuid));
    const bool look = gpu.state == FleetState::Bad || gpu.state == FleetState::Watch;
    const QString state = fleetStateWord(gpu.state);
    m_verdict->setText(look ? state : state + QStringLiteral(": ") + gpu.verdict);
    m_verdict->setMinimumWidth(look ? m_verdict->sizeHint().width() : 0);
    m_verdict->setToken(gpu.state == FleetState::Bad ? Token::Bad
            : look                                   ? Token::Watch
                                                     : Token::Text2);
    m_raw->setText(gpu.verdict);
    m_raw->setVisible(look);
    m_alert->setVisible(look);
    QStringList values{shortModel(gpu.model)};
    for (const auto metric :
        {FleetMetric::Util, FleetMetric::Memory, FleetMetric::Power, FleetMetric::Temperature})
        if (!std::isnan(shareOf(gpu, metric)))
            values << valueOf(gpu, metric);
    m_values->setText(values.join(QStringLiteral(" · ")));
    const auto job = groupOf(gpu, FleetGrouping::Job);
    m_job->setVisible(!job.isEmpty());
    const auto label
        = [](QString text) { return text.replace(QLatin1Char('&'), QStringLiteral("&&")); };
    m_job->setText(label(m_job->fontMetrics().elidedText(job, Qt::ElideRight, 160)));
    m_job->setToolTip(plainToolTip(tr("Open job %1").arg(job)));
    m_person->setVisible(!gpu.person.isEmpty());
    m_person->setText(label(m_person->fontMetrics().elidedText(gpu.person, Qt::ElideRight, 120)));
    m_person->setToolTip(plainToolTip(tr("Show only GPUs of %1").arg(gpu.person)));
    show();
}

} // namespace pilothouse
