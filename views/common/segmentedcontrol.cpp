// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/common/segmentedcontrol.h"

#include "views/theme/fonts.h"
#include "views/theme/metrics.h"
#include "views/theme/stylepainters.h"

#include <QAbstractButton>
#include <QButtonGroup>
#include <QHBoxLayout>
#include <QPainterPath>

namespace pilothouse {

/// One choice; paints its share of the common frame.
class Segment : public QAbstractButton {
public:
    Segment(const QString &text, QWidget *parent)
        : QAbstractButton(parent)
    {
        setText(text);
        setCheckable(true);
        setAutoExclusive(true);
        setFocusPolicy(Qt::TabFocus);
        setAttribute(Qt::WA_Hover);
    }

    QSize sizeHint() const override
    {
        return {QFontMetrics(mediumFont()).horizontalAdvance(text()) + 22, metrics::control - 2};
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        if (isChecked())
            painter.fillRect(rect(), themed(Token::AccentWeak));
        else if (underMouse() && isEnabled())
            painter.fillRect(rect(), themed(Token::Hover));
        if (x() > 1)
            painter.fillRect(QRect(0, 0, 1, height()), themed(Token::Line));
        painter.setFont(isChecked() ? mediumFont() : bodyFont());
        painter.setPen(themed(!isEnabled() ? Token::Text3
                : isChecked()              ? Token::Text
                                           : Token::Text2));
        painter.drawText(rect(), Qt::AlignCenter, text());
        if (hasFocus())
            painters::focusRing(&painter, rect().adjusted(1, 1, -1, -1), 4);
    }
};

SegmentedControl::SegmentedControl(const QString &name, const QStringList &choices, QWidget *parent)
    : QWidget(parent)
    , m_group(new QButtonGroup(this))
{
    setAccessibleName(name);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(1, 1, 1, 1);
    row->setSpacing(0);
    for (int i = 0; i < choices.size(); ++i) {
        auto *segment = new Segment(choices[i], this);
        segment->setAccessibleName(QStringLiteral("%1: %2").arg(name, choices[i]));
        m_group->addButton(segment, i);
        row->addWidget(segment);
    }
    connect(m_group, &QButtonGroup::idClicked, this, &SegmentedControl::chosen);
}

int SegmentedControl::current() const
{
    return m_group->checkedId();
}

void SegmentedControl::setCurrent(int index)
{
    if (auto *button = m_group->button(index))
        button->setChecked(true);
}

void SegmentedControl::setChoiceEnabled(int index, bool enabled, const QString &why)
{
    if (auto *button = m_group->button(index)) {
        button->setEnabled(enabled);
        button->setToolTip(why);
    }
}

void SegmentedControl::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painters::box(
        &painter, rect(), themed(Token::Card), themed(Token::Line), metrics::controlRadius);
}

} // namespace pilothouse
