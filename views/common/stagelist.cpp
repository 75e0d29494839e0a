// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/common/stagelist.h"

#include "views/common/stagelistmodel.h"
#include "views/theme/fonts.h"
#include "views/theme/metrics.h"
#include "views/theme/shapes.h"
#include "views/theme/stylepainters.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QStyle>
#include <QStyledItemDelegate>
#include <QToolTip>

namespace pilothouse {

static constexpr int rowHeight = 40, titleAt = 40, resultAt = 248, timeWidth = 76;

/// Paints a stage; shows the whole result when it did not fit.
class StageDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override
    {
        return {400, rowHeight};
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
        const QModelIndex &index) const override
    {
        const auto stage = index.data(StageListModel::ReportRole).value<StageReport>();
        const QRect rect = option.rect;
        const auto seen = [&](const QRect &part) { // mirrored where lines run right to left
            return QStyle::visualRect(option.direction, rect, part);
        };
        painter->save();
        if (option.state & QStyle::State_Selected)
            painter->fillRect(rect, themed(Token::AccentWeak));
        if (index.row() > 0)
            painter->fillRect(QRect(rect.left(), rect.top(), rect.width(), 1), themed(Token::Line));
        paintShape(painter, seen(QRect(rect.left() + 12, rect.top(), 16, rect.height())),
            shapeOf(stage.state));
        const bool waiting
            = stage.state == StageState::Waiting || stage.state == StageState::Skipped;
        painter->setFont(waiting ? bodyFont() : mediumFont());
        painter->setPen(themed(waiting ? Token::Text3 : Token::Text));
        const QRect title(
            rect.left() + titleAt, rect.top(), resultAt - titleAt - 12, rect.height());
        painter->drawText(seen(title), Qt::AlignVCenter,
            painter->fontMetrics().elidedText(
                index.data(StageListModel::TitleRole).toString(), Qt::ElideRight, title.width()));
        painter->setFont(bodyFont());
        painter->setPen(themed(stage.state == StageState::Failed ? Token::Bad : Token::Text2));
        QRect result = resultRect(rect);
        if (stage.progress >= 0 && stage.state == StageState::Running) {
            QStyleOptionProgressBar bar;
            bar.minimum = 0;
            bar.maximum = 1000;
            bar.progress = int(stage.progress * 1000);
            bar.direction = option.direction;
            bar.rect = seen(QRect(result.left(), rect.bottom() - 13, qMin(320, result.width()), 8));
            painters::progress(&bar, painter);
            result.adjust(0, 0, 0, -10);
        }
        painter->drawText(seen(result), Qt::AlignVCenter,
            painter->fontMetrics().elidedText(
                index.data(StageListModel::ResultRole).toString(), Qt::ElideRight, result.width()));
        painter->setPen(themed(Token::Text3));
        painter->drawText(seen(rect.adjusted(0, 0, -metrics::cardMargin, 0)),
            Qt::AlignVCenter | Qt::AlignRight, index.data(StageListModel::TimeRole).toString());
        if ((option.state & QStyle::State_HasFocus)
            && (option.state & QStyle::State_KeyboardFocusChange))
            painters::focusRing(painter, rect.adjusted(2, 2, -2, -2), 4);
        painter->restore();
    }

    bool helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option,
        const QModelIndex &index) override
    {
        const QString result = index.data(StageListModel::ResultRole).toString();
        const int width = QFontMetrics(bodyFont()).horizontalAdvance(result);
        if (event->type() == QEvent::ToolTip && width > resultRect(option.rect).width()) {
            QToolTip::showText(event->globalPos(), result, view);
            return true;
        }
        return QStyledItemDelegate::helpEvent(event, view, option, index);
    }

private:
    static QRect resultRect(const QRect &row)
    {
        return QRect(row.left() + resultAt, row.top(),
            row.width() - resultAt - timeWidth - metrics::cardMargin, row.height());
    }
};

StageList::StageList(QWidget *parent)
    : QListView(parent)
    , m_model(new StageListModel(this))
{
    setModel(m_model);
    setItemDelegate(new StageDelegate(this));
    setFrameShape(NoFrame);
    setAccessibleName(tr("Stages of the connection"));
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSelectionMode(ExtendedSelection);
    setUniformItemSizes(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    viewport()->setAutoFillBackground(false);
}

void StageList::setStages(const QList<StageReport> &stages)
{
    const int before = m_model->rowCount();
    m_model->apply(stages);
    if (m_model->rowCount() != before)
        updateGeometry();
}

QString StageList::asText() const
{
    return m_model->asText();
}

QSize StageList::sizeHint() const
{
    return {560, m_model->rowCount() * rowHeight + 2};
}

void StageList::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        QGuiApplication::clipboard()->setText(asText());
        return;
    }
    QListView::keyPressEvent(event);
}

void StageList::paintEvent(QPaintEvent *event)
{
    {
        QPainter painter(viewport());
        painters::box(&painter, viewport()->rect(), themed(Token::Card), themed(Token::Line),
            metrics::cardRadius);
    }
    QListView::paintEvent(event);
}

} // namespace pilothouse
