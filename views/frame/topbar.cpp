// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/frame/topbar.h"

#include "views/common/keyhint.h"
#include "views/common/pageheader.h"
#include "views/common/segmentedcontrol.h"
#include "views/common/textlabel.h"
#include "views/theme/fonts.h"
#include "views/theme/icons.h"
#include "views/theme/metrics.h"
#include "views/theme/stylepainters.h"

#include <QAbstractButton>
#include <QHBoxLayout>
#include <QPushButton>
#include <QSvgRenderer>

#include <algorithm>

namespace pilothouse {

static constexpr qint64 minute = 60'000,
                        spans[] = {5 * minute, 15 * minute, 60 * minute, 1440 * minute};

/// Looks like a field, opens the palette.
class PaletteField : public QAbstractButton {
public:
    explicit PaletteField(QWidget *parent)
        : QAbstractButton(parent)
    {
        setText(
            TopBar::tr("Search or jump:  > actions   @ targets   # jobs   / files   : settings"));
        setAccessibleName(TopBar::tr("Command palette"));
        setAttribute(Qt::WA_Hover);
        setFocusPolicy(Qt::TabFocus);
        setFixedHeight(28);
        setMinimumWidth(160);
        setMaximumWidth(520);
        setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        auto *row = new QHBoxLayout(this);
        row->setContentsMargins(0, 0, 6, 0);
        row->addStretch(1);
        row->addWidget(new KeyHint(QKeySequence(Qt::CTRL | Qt::Key_K)));
    }
    QSize sizeHint() const override { return {520, 28}; }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painters::box(&painter, rect(), themed(underMouse() ? Token::Hover : Token::Window),
            themed(Token::Line), metrics::controlRadius);
        pilothouse::icon(QStringLiteral("search"), Token::Text3)
            .paint(&painter, QRect(10, 6, 16, 16));
        painter.setFont(bodyFont());
        painter.setPen(themed(Token::Text3));
        const QRect text(36, 0, width() - 36 - 70, height());
        painter.drawText(text, Qt::AlignVCenter,
            painter.fontMetrics().elidedText(this->text(), Qt::ElideRight, text.width()));
        if (hasFocus())
            painters::focusRing(&painter, rect(), metrics::controlRadius);
    }
};

/// The program's mark.
class Mark : public QWidget {
public:
    using QWidget::QWidget;
    QSize sizeHint() const override { return {26, 26}; }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        static QSvgRenderer renderer(QStringLiteral(":/pilothouse/app/pilothouse.svg"));
        renderer.render(&painter, rect());
    }
};

TopBar::TopBar(TargetFeed *feed, TimeRange *range, QWidget *parent)
    : QWidget(parent)
    , m_feed(feed)
    , m_range(range)
    , m_facts(new TextLabel({}, TextKind::Body, Token::Text2))
    , m_simulated(new TagLabel)
    , m_spans(
          new SegmentedControl(tr("Time range"), {tr("5 m"), tr("15 m"), tr("1 h"), tr("24 h")}))
    , m_live(new QPushButton)
{
    setFixedHeight(metrics::topBar);
    auto *mark = new Mark;
    mark->setFixedSize(26, 26);
    auto *left = new QHBoxLayout;
    left->setSpacing(10);
    left->addWidget(mark);
    left->addWidget(new TextLabel(tr("Pilothouse"), TextKind::Strong));
    left->addWidget(m_simulated);
    left->addWidget(m_facts);
    left->addStretch(1);
    auto *right = new QHBoxLayout;
    right->setSpacing(10);
    right->addStretch(1);
    right->addWidget(m_spans);
    right->addWidget(m_live);
    auto *field = new PaletteField(this);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(13, 0, 12, 0);
    row->addLayout(left, 1);
    row->addWidget(field, 2);
    row->addLayout(right, 1);
    connect(field, &QAbstractButton::clicked, this, &TopBar::paletteWanted);
    connect(m_spans, &SegmentedControl::chosen, this,
        [this](int index) { m_range->setSpan(spans[index]); });
    connect(m_live, &QPushButton::clicked, this,
        [this] { m_range->setLive(!m_range->live(), m_feed->now()); });
    connect(m_range, &TimeRange::changed, this, &TopBar::refresh);
    connect(m_feed, &TargetFeed::targetsChanged, this, &TopBar::refresh);
    refresh();
}

void TopBar::refresh()
{
    const auto count = m_feed->targets().size();
    QString facts = count == 1 ? tr("1 target") : tr("%1 targets").arg(count);
    if (!m_feed->label().isEmpty())
        facts = m_feed->label() + QStringLiteral(" · ") + facts;
    m_facts->setText(facts);
    m_simulated->setText(tr("simulated"), Token::Watch);
    m_simulated->setToolTip(tr("Every node, job and value in this window is made up."));
    m_simulated->setVisible(m_feed->simulated()); // whatever page is shown
    for (int i = 0; i < 4; ++i) {
        if (m_range->span() == spans[i])
            m_spans->setCurrent(i);
    }
    const bool live = m_range->live();
    m_live->setIcon(
        icon(live ? QStringLiteral("player-pause") : QStringLiteral("player-play"), Token::Text));
    m_live->setText(live ? tr("Live") : tr("Paused"));
    m_live->setToolTip(live ? tr("Stop all charts here") : tr("Follow the present again"));
}

void TopBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), themed(Token::Panel));
    painter.fillRect(QRect(0, height() - 1, width(), 1), themed(Token::Line));
}

} // namespace pilothouse
