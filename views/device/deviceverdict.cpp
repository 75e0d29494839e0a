// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/device/deviceverdict.h"

#include "views/common/fleetshape.h"
#include "views/common/textlabel.h"
#include "views/common/verdictword.h"
#include "views/theme/style.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

namespace pilothouse {

DeviceVerdict::DeviceVerdict(QWidget *parent)
    : Card({}, parent)
{
    setAccessibleName(tr("Verdict"));
    body()->setSpacing(6);
}

void DeviceVerdict::show(const FleetGpu &gpu, const QList<HealthFinding> &findings)
{
    QString now = fleetStateName(gpu.state) + gpu.verdict;
    for (const auto &finding : findings)
        now += finding.rule + finding.raw + verdictName(finding.verdict);
    if (now == m_shown) // what somebody selects of it stays selected
        return;
    m_shown = now;
    const auto before = findChildren<QWidget *>(QString(), Qt::FindDirectChildrenOnly);
    for (auto *widget : before)
        delete widget;
    while (auto *item = body()->takeAt(0))
        delete item;
    if (findings.isEmpty())
        addState(gpu);
    for (const auto &finding : findings)
        addFinding(finding, &finding == &findings.first());
    const bool bad = gpu.state == FleetState::Bad;
    setEdge(bad                                                   ? std::optional(Token::Bad)
            : gpu.state == FleetState::Watch || !findings.empty() ? std::optional(Token::Watch)
                                                                  : std::nullopt);
}

void DeviceVerdict::addRow(
    FleetState state, const QString &title, const QString &word, QWidget *action)
{
    auto *shape = new ShapeWidget(this);
    shape->setShape(shapeOf(state), word);
    shape->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(shape);
    auto *name = new TextLabel(title, TextKind::Strong, Token::Text, this);
    name->setTextInteractionFlags(Qt::TextSelectableByMouse);
    row->addWidget(name);
    if (!word.isEmpty())
        row->addWidget(new TextLabel(word, TextKind::Body, Token::Text2, this));
    row->addStretch(1);
    if (action != nullptr)
        row->addWidget(action);
    body()->addLayout(row);
}

void DeviceVerdict::addState(const FleetGpu &gpu)
{
    const QString state = fleetStateWord(gpu.state);
    addRow(gpu.state, state, gpu.verdict == state ? QString() : gpu.verdict, nullptr);
}

void DeviceVerdict::addFinding(const HealthFinding &finding, bool first)
{
    QPushButton *alert = nullptr;
    if (first) {
        alert = new QPushButton(tr("Show alert"), this);
        setSmall(alert);
        alert->setToolTip(tr("The alert: why, since when, and what to do"));
        connect(alert, &QPushButton::clicked, this, &DeviceVerdict::alertWanted);
    }
    const auto words = finding.words();
    addRow(finding.verdict >= HealthVerdict::Reboot ? FleetState::Bad : FleetState::Watch,
        words.title, verdictWord(finding.verdict), alert);
    for (const auto &[text, kind, token] :
        {std::tuple{words.sentence, TextKind::Body, Token::Text2},
            {words.next, TextKind::Body, Token::Text2},
            {finding.raw, TextKind::Mono, Token::Text}}) {
        if (text.isEmpty())
            continue;
        auto *label = new TextLabel(text, kind, token, this);
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        body()->addWidget(label);
    }
}

} // namespace pilothouse
