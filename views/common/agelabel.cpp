// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/common/agelabel.h"

#include "core/base/units.h"

#include <QDateTime>
#include <QTimer>

namespace pilothouse {

static qint64 fixedNow = 0;

qint64 AgeLabel::now()
{
    return fixedNow ? fixedNow : QDateTime::currentMSecsSinceEpoch();
}
void AgeLabel::fixNow(qint64 unixMs)
{
    fixedNow = unixMs;
}

AgeLabel::AgeLabel(Form form, QWidget *parent)
    : TextLabel({}, TextKind::Small, Token::Text3, parent)
    , m_form(form)
    , m_timer(new QTimer(this))
{
    connect(m_timer, &QTimer::timeout, this, &AgeLabel::refresh);
}

void AgeLabel::setTime(qint64 unixMs)
{
    m_time = unixMs;
    refresh();
}

void AgeLabel::refresh()
{
    if (m_time <= 0) {
        clear();
        return;
    }
    const qint64 age = qMax<qint64>(0, now() - m_time);
    const QString text = formatAge(std::chrono::milliseconds(age));
    setText(m_form == Form::Ago && age >= 1000 ? tr("%1 ago").arg(text) : text);
    setToolTip(QDateTime::fromMSecsSinceEpoch(m_time).toString(Qt::ISODate));
    m_timer->setInterval(age < 60'000 ? 1000 : 15'000);
}

void AgeLabel::showEvent(QShowEvent *event)
{
    TextLabel::showEvent(event);
    refresh();
    if (m_time > 0 && !fixedNow)
        m_timer->start();
}

void AgeLabel::hideEvent(QHideEvent *event)
{
    TextLabel::hideEvent(event);
    m_timer->stop();
}

} // namespace pilothouse
