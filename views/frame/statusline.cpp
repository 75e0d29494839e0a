// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/frame/statusline.h"

#include "core/base/units.h"
#include "views/common/textlabel.h"
#include "views/theme/icons.h"
#include "views/theme/metrics.h"
#include "views/theme/shapes.h"
#include "views/theme/theme.h"

#include <QElapsedTimer>
#include <QFile>
#include <QHBoxLayout>
#include <QPushButton>
#include <QTimer>

#include <ctime>
#include <unistd.h>

namespace pilothouse {

StatusLine::StatusLine(TargetFeed *feed, ActPort *acts, QWidget *parent)
    : QWidget(parent)
    , m_feed(feed)
    , m_acts(acts)
    , m_shape(new ShapeWidget)
    , m_live(new TextLabel({}, TextKind::Small, Token::Text2))
    , m_sample(new TextLabel({}, TextKind::Small, Token::Text2))
    , m_usage(new TextLabel({}, TextKind::Small, Token::Text2))
    , m_damage(new QPushButton)
    , m_activity(new QPushButton)
    , m_alerts(new QPushButton)
{
    setFixedHeight(metrics::statusBar);
    for (auto *button : {m_damage, m_activity, m_alerts}) {
        setButtonKind(button, ButtonKind::Flat);
        button->setFixedHeight(metrics::statusBar - 4);
    }
    m_damage->setIcon(icon(QStringLiteral("alert-triangle"), Token::Watch));
    m_damage->setToolTip(tr("Some stored telemetry could not be read or kept"));
    m_activity->setIcon(icon(QStringLiteral("activity"), Token::Text2));
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(10, 1, 8, 0);
    row->setSpacing(18);
    auto *live = new QHBoxLayout;
    live->setSpacing(5);
    live->addWidget(m_shape);
    live->addWidget(m_live);
    row->addLayout(live);
    row->addWidget(m_sample);
    row->addWidget(m_usage);
    row->addStretch(1);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(2);
    buttons->addWidget(m_damage);
    buttons->addWidget(m_activity);
    buttons->addWidget(m_alerts);
    row->addLayout(buttons);
    connect(m_alerts, &QPushButton::clicked, this, &StatusLine::alertsWanted);
    connect(m_damage, &QPushButton::clicked, this, &StatusLine::damageWanted);
    setAlerts(0);
    setDamage(0);
    connect(m_activity, &QPushButton::clicked, this, &StatusLine::activityWanted);
    connect(m_feed, &TargetFeed::targetsChanged, this, &StatusLine::refresh);
    connect(m_feed, &TargetFeed::statusesChanged, this, &StatusLine::refresh);
    connect(m_acts, &ActPort::activityChanged, this, &StatusLine::showActivity);
    auto *timer = new QTimer(this);
    connect(timer, &QTimer::timeout, this, &StatusLine::measure);
    if (m_feed->label().isEmpty())
        timer->start(2000);
    refresh();
    showActivity();
}

void StatusLine::measure()
{
    QElapsedTimer clock;
    clock.start();
    const qint64 at = clock.msecsSinceReference() * 1'000'000;
    timespec spent{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
    const qint64 cpu = qint64(spent.tv_sec) * 1'000'000'000 + spent.tv_nsec;
    double resident = 0;
    QFile file(QStringLiteral("/proc/self/statm"));
    if (file.open(QIODevice::ReadOnly))
        resident = file.readAll().split(' ').value(1).toDouble() * double(sysconf(_SC_PAGESIZE));
    if (m_at > 0 && at > m_at)
        setUsage(double(cpu - m_cpuNs) / double(at - m_at), resident);
    m_cpuNs = cpu;
    m_at = at;
    refresh();
}

void StatusLine::setUsage(double cpuRatio, double memoryBytes)
{
    m_usage->setText(tr("console %1 % CPU · %2")
                         .arg(cpuRatio * 100, 0, 'f', 1)
                         .arg(formatBytes(memoryBytes, true)));
}

void StatusLine::setAlerts(int open)
{
    m_alerts->setIcon(icon(QStringLiteral("bell"), open > 0 ? Token::Bad : Token::Text2));
    m_alerts->setText(open == 0 ? tr("No alerts")
            : open == 1         ? tr("1 alert")
                                : tr("%1 alerts").arg(open));
}

void StatusLine::setDamage(qsizetype sentences)
{
    m_damage->setVisible(sentences > 0);
    m_damage->setText(sentences == 1 ? tr("1 problem with stored telemetry")
                                     : tr("%1 problems with stored telemetry").arg(sentences));
}

void StatusLine::refresh()
{
    const auto targets = m_feed->targets();
    int live = 0, failed = 0;
    qint64 newest = 0;
    for (const auto &one : targets) {
        live += one.state == TargetState::Connected ? 1 : 0;
        failed += one.state == TargetState::Failed ? 1 : 0;
        if (one.state == TargetState::Connected || one.state == TargetState::Stale)
            newest = qMax(newest, one.seenAt);
    }
    m_shape->setShape(shapeOf(live > 0 ? TargetState::Connected : TargetState::NotOpened),
        live > 0 ? tr("live") : tr("nothing is connected"));
    m_live->setText(tr("%1 of %2 targets live").arg(live).arg(targets.size())
        + (failed > 0 ? tr(" · %1 failed").arg(failed) : QString()));
    m_sample->setText(newest > 0 ? tr("newest sample %1")
                                       .arg(formatAge(std::chrono::milliseconds(
                                           qMax<qint64>(0, m_feed->now() - newest))))
                                 : tr("no sample yet"));
}

void StatusLine::showActivity()
{
    int running = 0;
    const auto all = m_acts->activities();
    for (const auto &activity : all)
        running += activity.running() ? 1 : 0;
    m_activity->setText(running > 0 ? tr("%1 running").arg(running) : tr("Activity"));
}

} // namespace pilothouse
