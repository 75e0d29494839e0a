// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/alerts/alertdetail.h"

#include "core/base/units.h"
#include "views/common/card.h"
#include "views/common/scrolled.h"
#include "views/common/textlabel.h"
#include "views/common/verdictword.h"
#include "views/theme/icons.h"
#include "views/theme/metrics.h"
#include "views/theme/shapes.h"
#include "views/theme/style.h"

#include <QClipboard>
#include <QGridLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QSet>
#include <QVBoxLayout>

#include <algorithm>

namespace pilothouse {

static constexpr int mostShown = 5;

static TextLabel *wrapped(TextKind kind, Token token)
{
    auto *label = new TextLabel({}, kind, token);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

AlertDetail::AlertDetail(QWidget *parent)
    : QWidget(parent)
    , m_shape(new ShapeWidget)
    , m_title(wrapped(TextKind::Subheading, Token::Text))
    , m_place(wrapped(TextKind::Body, Token::Text2))
    , m_times(wrapped(TextKind::Body, Token::Text2))
    , m_said(wrapped(TextKind::Small, Token::Text3))
    , m_why(wrapped(TextKind::Body, Token::Text))
    , m_nextHead(new TextLabel(tr("Next step"), TextKind::Small, Token::Text3))
    , m_next(wrapped(TextKind::Body, Token::Text))
    , m_whyHead(new TextLabel(tr("Why"), TextKind::Small, Token::Text3))
    , m_rawHead(new TextLabel(tr("What the node said"), TextKind::Small, Token::Text3))
    , m_raw(wrapped(TextKind::Mono, Token::Text))
    , m_none(new TextLabel(
          tr("Choose an alert to see why, and what to do about it."), TextKind::Body, Token::Text3))
    , m_full(new QWidget)
    , m_acknowledge(new QPushButton)
    , m_snooze(new QPushButton)
    , m_charts(new QPushButton(tr("Charts from then")))
    , m_node(new QPushButton(tr("Open node")))
    , m_job(new QPushButton)
    , m_copy(new QPushButton(icon(QStringLiteral("copy"), Token::Text2), {}))
{
    m_shape->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    m_none->setAlignment(Qt::AlignCenter);
    m_none->setWordWrap(true);
    setButtonKind(m_acknowledge, ButtonKind::Primary);
    setButtonKind(m_copy, ButtonKind::Flat);
    setSmall(m_copy);
    m_copy->setAccessibleName(tr("Copy what the node said"));
    m_copy->setToolTip(tr("Copy"));
    auto *top = new QHBoxLayout;
    top->setSpacing(10);
    auto *shapeColumn = new QVBoxLayout;
    shapeColumn->setContentsMargins(0, 6, 0, 0);
    shapeColumn->addWidget(m_shape);
    shapeColumn->addStretch(1);
    top->addLayout(shapeColumn);
    top->addWidget(m_title, 1);
    auto *rawCard = new Card;
    rawCard->body()->setContentsMargins(10, 4, 4, 4);
    auto *rawRow = new QHBoxLayout;
    rawRow->setSpacing(4);
    rawRow->addWidget(m_raw, 1);
    rawRow->addWidget(m_copy, 0, Qt::AlignTop);
    rawCard->body()->addLayout(rawRow);
    auto *decide = new QHBoxLayout;
    decide->setSpacing(8);
    decide->addWidget(m_acknowledge, 1);
    decide->addWidget(m_snooze, 1);
    auto *go = new QHBoxLayout;
    go->setSpacing(8);
    go->addWidget(m_charts, 1);
    go->addWidget(m_node, 1);

    auto *full = new QVBoxLayout(m_full);
    full->setContentsMargins(16, 16, 16, 16);
    full->setSpacing(4);
    full->addLayout(top);
    full->addWidget(m_place);
    full->addWidget(m_times);
    full->addWidget(m_said);
    full->addSpacing(10);
    full->addWidget(m_whyHead);
    full->addWidget(m_why);
    full->addSpacing(10);
    full->addWidget(m_rawHead);
    full->addWidget(rawCard);
    full->addSpacing(10);
    full->addWidget(m_nextHead);
    full->addWidget(m_next);
    full->addSpacing(14);
    full->addLayout(decide);
    full->addSpacing(4);
    full->addLayout(go);
    full->addSpacing(4);
    full->addWidget(m_job);
    full->addStretch(1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(scrolled(m_full));
    column->addWidget(m_none);

    connect(m_acknowledge, &QPushButton::clicked, this,
        [this] { Q_EMIT acknowledgeWanted(!m_acknowledged); });
    m_acknowledge->setToolTip(tr("Seen: it is listed as quiet until it is over  (Ctrl+D)"));
    m_snooze->setToolTip(tr("Silent for a while  (Ctrl+S)"));
    connect(m_snooze, &QPushButton::clicked, this, &AlertDetail::snoozeWanted);
    connect(m_charts, &QPushButton::clicked, this, &AlertDetail::chartsWanted);
    connect(m_node, &QPushButton::clicked, this, &AlertDetail::nodeWanted);
    connect(m_job, &QPushButton::clicked, this, &AlertDetail::jobWanted);
    connect(m_copy, &QPushButton::clicked, this,
        [this] { QGuiApplication::clipboard()->setText(m_rawText); });
    show({}, 0);
}

QString AlertDetail::rawText() const
{
    return m_rawText;
}

/// Each raw line, below its place where there are several.
static QStringList rawLines(const std::vector<AlertRow> &rows, const QString &between)
{
    QStringList lines;
    for (const AlertRow &row : rows)
        lines << (rows.size() == 1 ? row.alert.raw : row.alert.place() + between + row.alert.raw);
    return lines;
}

void AlertDetail::show(const std::vector<AlertRow> &rows, qint64 now)
{
    m_none->setVisible(rows.empty());
    m_full->parentWidget()->parentWidget()->setVisible(!rows.empty());
    if (rows.empty()) {
        m_rawText.clear();
        return;
    }
    const AlertRow &first = *std::max_element(rows.begin(), rows.end(),
        [](const AlertRow &a, const AlertRow &b) { return a.alert.verdict < b.alert.verdict; });
    const Alert &alert = first.alert;
    const auto words = alert.words();
    const bool one = rows.size() == 1;
    const bool oneCause = std::all_of(rows.begin(), rows.end(),
        [&](const AlertRow &row) { return row.alert.rule == alert.rule; });
    m_shape->setShape(shapeOfName(verdictName(alert.verdict)), verdictWord(alert.verdict));
    m_title->setText(oneCause ? words.title : tr("%1 alerts").arg(rows.size()));
    QSet<QString> nodes;
    qint64 since = alert.since, lasting = alert.lasting(now);
    for (const AlertRow &row : rows) {
        nodes.insert(row.alert.target);
        since = std::min(since, row.alert.since);
        lasting = std::max(lasting, row.alert.lasting(now));
    }
    m_place->setText(one        ? alert.place()
            : nodes.size() == 1 ? tr("%1 alerts on %2").arg(rows.size()).arg(alert.nodeName)
                                : tr("%1 alerts on %2 nodes").arg(rows.size()).arg(nodes.size()));
    const QString began = tr("%1 since %2").arg(verdictWord(alert.verdict), momentText(since, now));
    m_times->setText(began + QStringLiteral(", ")
        + (alert.endedAt != 0 && one
                ? tr("for %1 until %2")
                      .arg(formatAge(std::chrono::milliseconds(lasting)),
                          momentText(alert.endedAt, now))
                : tr("for %1").arg(formatAge(std::chrono::milliseconds(lasting)))));
    const auto state = alert.state(now);
    QString said;
    if (one && state == AlertState::Acknowledged)
        said = tr("Acknowledged %1.").arg(momentText(alert.acknowledgedAt, now));
    else if (one && state == AlertState::Snoozed)
        said = alert.snoozedUntil == Alert::untilChange
            ? tr("Snoozed until it changes.")
            : tr("Snoozed until %1.").arg(momentText(alert.snoozedUntil, now));
    if (one && alert.times > 1)
        said = (said + QLatin1Char(' ') + tr("It came %1 times.").arg(alert.times)).trimmed();
    m_said->setText(said);
    m_said->setVisible(!said.isEmpty());
    for (auto *label : {m_why, m_whyHead})
        label->setVisible(oneCause && !words.sentence.isEmpty());
    for (auto *label : {m_next, m_nextHead})
        label->setVisible(oneCause && !words.next.isEmpty());
    m_why->setText(words.sentence);
    m_next->setText(words.next);
    m_rawText = rawLines(rows, QStringLiteral(": ")).join(QLatin1Char('\n'));
    const auto lines = rawLines(rows, QStringLiteral("\n    "));
    QStringList few = lines.mid(0, mostShown);
    if (lines.size() > mostShown)
        few << tr("and %1 more: copying takes them all").arg(lines.size() - mostShown);
    m_raw->setText(few.join(QLatin1Char('\n')));
    m_job->setVisible(!first.job.isEmpty());
    m_job->setText(
        tr("Open job %1")
            .arg(first.jobName.left(32).replace(QLatin1Char('&'), QStringLiteral("&&"))));
    for (auto *button : {m_node, m_charts}) {
        button->setEnabled(nodes.size() == 1);
        if (nodes.size() != 1)
            button->setToolTip(tr("Choose alerts of one node"));
    }
    if (nodes.size() == 1) {
        m_charts->setToolTip(tr("The node's charts around the beginning  (Return)"));
        m_node->setToolTip(tr("The node as it is now  (Ctrl+G)"));
    }
    showButtons(rows, now);
}

void AlertDetail::showButtons(const std::vector<AlertRow> &rows, qint64 now)
{
    bool ended = true, acknowledged = true, asleep = true;
    for (const AlertRow &row : rows) {
        ended = ended && row.alert.endedAt != 0;
        acknowledged = acknowledged && row.alert.acknowledgedAt != 0;
        asleep = asleep && row.alert.state(now) == AlertState::Snoozed;
    }
    m_acknowledged = acknowledged;
    m_acknowledge->setVisible(!ended);
    m_snooze->setVisible(!ended && !acknowledged);
    setButtonKind(m_acknowledge, acknowledged ? ButtonKind::Normal : ButtonKind::Primary);
    m_acknowledge->setText(acknowledged ? tr("Take acknowledgement back")
            : rows.size() == 1          ? tr("Acknowledge")
                                        : tr("Acknowledge %1").arg(rows.size()));
    m_snooze->setText(asleep ? tr("Wake") : tr("Snooze…"));
}

} // namespace pilothouse
