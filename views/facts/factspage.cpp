// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/facts/factspage.h"

#include "core/acts/services.h"
#include "core/session/telemetryservice.h"
#include "views/common/agelabel.h"
#include "views/common/emptystate.h"
#include "views/common/textlabel.h"
#include "views/facts/factcard.h"
#include "views/theme/icons.h"
#include "views/theme/metrics.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedLayout>
#include <QVBoxLayout>

namespace pilothouse {

FactsPage::FactsPage(const PageContext &context, const QString &target)
    : m_context(context)
    , m_target(target)
    , m_missing(new FactCard(tr("Not given by this node")))
    , m_age(new AgeLabel(AgeLabel::Form::Ago))
    , m_ageRow(new QWidget)
    , m_empty(new EmptyState(QStringLiteral("info-circle")))
{
    auto *ageLine = new QHBoxLayout(m_ageRow);
    ageLine->setContentsMargins(0, 0, 0, 0);
    ageLine->setSpacing(4);
    ageLine->addWidget(
        new TextLabel(tr("Not connected: as the node said it"), TextKind::Body, Token::Text2));
    ageLine->addWidget(m_age);
    ageLine->addStretch(1);
    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(metrics::margin, 16, metrics::margin, metrics::margin);
    column->setSpacing(metrics::gap);
    column->addWidget(m_ageRow);
    auto *sides = new QHBoxLayout;
    sides->setSpacing(metrics::gap);
    auto *left = new QVBoxLayout, *right = new QVBoxLayout;
    left->setSpacing(metrics::gap);
    right->setSpacing(metrics::gap);
    const auto titles = factGroups({}, 0);
    for (int i = 0; i < titles.size(); ++i) {
        auto *card = new FactCard(titles[i].title);
        m_cards << card;
        (i < 3 ? left : right)->addWidget(card); // the machine at the left, us at the right
    }
    right->addWidget(m_missing);
    left->addStretch(1);
    right->addStretch(1);
    sides->addLayout(left, 1);
    sides->addLayout(right, 1);
    column->addLayout(sides);
    column->addStretch(1);
    auto *scroll = new QScrollArea;
    scroll->setWidget(content);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setAccessibleName(tr("Facts"));
    scroll->viewport()->setAutoFillBackground(false);
    content->setAutoFillBackground(false);
    m_stack = new QStackedLayout(this);
    m_stack->setContentsMargins(0, 0, 0, 0);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(scroll);
    connect(m_empty, &EmptyState::activated, this, [this] {
        ActRequest request;
        request.target = m_target;
        m_context.acts->trigger(QStringLiteral("target.connect"), {request});
    });
    if (const auto status = context.feed->status(target))
        refresh(*status);
}

QList<FactGroup> FactsPage::groups() const
{
    const auto known = m_context.feed->facts(m_target);
    return known ? factGroups(*known, m_context.feed->now()) : QList<FactGroup>();
}

void FactsPage::refresh(const TargetStatus &status)
{
    const auto known = m_context.feed->facts(m_target);
    const bool had = m_stack->currentIndex() == 1;
    m_stack->setCurrentIndex(known ? 1 : 0);
    if (had != known.has_value())
        Q_EMIT headerActionsChanged();
    if (!known) {
        const bool connecting = status.state == TargetState::Connecting;
        m_empty->setText(tr("Nothing is known of %1 yet").arg(status.target.name),
            connecting ? tr("It is being connected.")
                       : tr("Platform, CPUs, GPUs, driver, agent and clock are asked for when it "
                            "is connected."));
        m_empty->setAction(connecting ? QString() : tr("Connect"));
        return;
    }
    const auto all = factGroups(*known, m_context.feed->now());
    for (int i = 0; i < all.size(); ++i)
        m_cards[i]->setFacts(all[i].facts);
    m_ageRow->setVisible(!known->live);
    m_age->setTime(known->heardAt);
    QList<Fact> missing;
    if (m_context.services != nullptr && m_context.services->telemetry != nullptr) {
        const auto unsupported = m_context.services->telemetry->unsupported(m_target);
        QSet<QString> told; // each device says the same again
        for (const auto &[metric, reason] : unsupported) {
            if (told.contains(metric))
                continue;
            told.insert(metric);
            missing << Fact{metric, reason, tr("No reason was given.")};
        }
    }
    m_missing->setFacts(missing);
    m_missing->setVisible(!missing.isEmpty());
}

QList<QWidget *> FactsPage::headerActions()
{
    auto *copy = new QPushButton(icon(QStringLiteral("copy")), tr("Copy all"));
    const bool any = m_stack->currentIndex() == 1;
    copy->setEnabled(any);
    copy->setToolTip(any ? tr("Copies all facts as text") : tr("Nothing is known yet."));
    connect(copy, &QPushButton::clicked, this, &FactsPage::copyAll);
    return {copy};
}

void FactsPage::copyAll()
{
    QGuiApplication::clipboard()->setText(factsText(groups()));
}

extern const TargetTab factsTab;
const TargetTab factsTab{"facts", QT_TRANSLATE_NOOP("pages", "Facts"),
    [](const PageContext &context, const QString &target) -> TargetPage * {
        return new FactsPage(context, target);
    }};

} // namespace pilothouse
