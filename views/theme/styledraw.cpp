// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/theme/fonts.h"
#include "views/theme/icons.h"
#include "views/theme/metrics.h"
#include "views/theme/style.h"
#include "views/theme/stylepainters.h"

#include <QComboBox>
#include <QMenu>
#include <QPlainTextEdit>

namespace pilothouse {

QRect Style::subElementRect(
    SubElement element, const QStyleOption *option, const QWidget *widget) const
{
    if (element == SE_LineEditContents)
        return option->rect.adjusted(8, 0, -8, 0);
    if (element == SE_HeaderLabel)
        return option->rect;
    if (element == SE_PushButtonContents)
        return option->rect.adjusted(10, 0, -10, 0);
    if (element == SE_ProgressBarGroove || element == SE_ProgressBarContents)
        return option->rect;
    return QProxyStyle::subElementRect(element, option, widget);
}

QRect Style::subControlRect(ComplexControl control, const QStyleOptionComplex *option,
    SubControl sub, const QWidget *widget) const
{
    const QRect rect = option->rect;
    if (control == CC_ScrollBar) {
        const auto *bar = qstyleoption_cast<const QStyleOptionSlider *>(option);
        if (!bar)
            return rect;
        const bool upright = bar->orientation == Qt::Vertical;
        const int length = upright ? rect.height() : rect.width();
        const qint64 range = qint64(bar->maximum) - bar->minimum;
        int thumb = length;
        if (range > 0)
            thumb = qBound(qMin(28, length),
                int(qint64(length) * bar->pageStep / (range + bar->pageStep)), length);
        const int start = sliderPositionFromValue(
            bar->minimum, bar->maximum, bar->sliderPosition, length - thumb, bar->upsideDown);
        const auto along = [&](int from, int size) {
            return upright ? QRect(rect.left(), rect.top() + from, rect.width(), size)
                           : QRect(rect.left() + from, rect.top(), size, rect.height());
        };
        switch (sub) {
        case SC_ScrollBarSlider:
            return along(start, thumb);
        case SC_ScrollBarSubPage:
            return along(0, start);
        case SC_ScrollBarAddPage:
            return along(start + thumb, length - start - thumb);
        case SC_ScrollBarGroove:
            return rect;
        default:
            return {};
        }
    }
    if (control == CC_ComboBox) {
        switch (sub) {
        case SC_ComboBoxEditField:
            return visualRect(option->direction, rect, rect.adjusted(8, 1, -28, -1));
        case SC_ComboBoxArrow:
            return visualRect(
                option->direction, rect, QRect(rect.right() - 26, rect.top(), 24, rect.height()));
        case SC_ComboBoxListBoxPopup:
            return rect;
        default:
            return rect;
        }
    }
    if (control == CC_SpinBox) {
        const QRect buttons(rect.right() - 22, rect.top() + 2, 20, rect.height() - 4);
        switch (sub) {
        case SC_SpinBoxUp:
            return buttons.adjusted(0, 0, 0, -buttons.height() / 2);
        case SC_SpinBoxDown:
            return buttons.adjusted(0, buttons.height() / 2, 0, 0);
        case SC_SpinBoxEditField:
            return rect.adjusted(1, 1, -24, -1);
        default:
            return rect;
        }
    }
    return QProxyStyle::subControlRect(control, option, sub, widget);
}

void Style::drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
    const QWidget *widget) const
{
    switch (element) {
    case PE_PanelButtonCommand:
        painters::button(option, painter, widget);
        return;
    case PE_PanelButtonTool:
        painters::toolButton(option, painter);
        return;
    case PE_PanelLineEdit: {
        const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option);
        if (frame && frame->lineWidth > 0)
            painters::field(option, painter);
        return;
    }
    case PE_FrameLineEdit:
    case PE_FrameStatusBarItem:
    case PE_IndicatorHeaderArrow:
        return;
    case PE_FrameFocusRect:
        if (option->state & State_KeyboardFocusChange)
            painters::focusRing(painter, option->rect, 4);
        return;
    case PE_IndicatorCheckBox:
    case PE_IndicatorItemViewItemCheck:
        painters::checkBox(option, painter);
        return;
    case PE_IndicatorRadioButton:
        painters::radio(option, painter);
        return;
    case PE_PanelItemViewRow:
        return; // the items of a row paint themselves, all of it
    case PE_PanelItemViewItem:
        if (const auto *item = qstyleoption_cast<const QStyleOptionViewItem *>(option))
            painters::itemRow(item, painter);
        return;
    case PE_IndicatorBranch:
        if (option->state & State_Children)
            painters::chevron(painter, option->rect,
                option->state & State_Open ? Qt::DownArrow : Qt::RightArrow, themed(Token::Text3));
        return;
    case PE_Frame:
        if (qobject_cast<const QPlainTextEdit *>(widget)) {
            painters::field(option, painter);
            return;
        }
        painters::box(painter, option->rect, {}, themed(Token::Line), metrics::controlRadius);
        return;
    case PE_PanelMenu:
    case PE_FrameMenu:
        painters::box(painter, option->rect, themed(Token::Panel), themed(Token::Line),
            metrics::controlRadius + 2);
        return;
    case PE_PanelTipLabel:
        painters::box(painter, option->rect, themed(Token::Hover), themed(Token::Line), 0);
        return;
    case PE_IndicatorDockWidgetResizeHandle: // what docks beside it has a line of its own
        painter->fillRect(
            option->rect, themed(option->state & State_MouseOver ? Token::Accent : Token::Window));
        return;
    case PE_PanelStatusBar:
        painter->fillRect(option->rect, themed(Token::Panel));
        painter->fillRect(
            QRect(option->rect.topLeft(), QSize(option->rect.width(), 1)), themed(Token::Line));
        return;
    case PE_FrameTabBarBase:
        painter->fillRect(
            QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1),
            themed(Token::Line));
        return;
    case PE_IndicatorArrowDown:
    case PE_IndicatorSpinDown:
        painters::chevron(painter, option->rect, Qt::DownArrow, themed(Token::Text2));
        return;
    case PE_IndicatorArrowUp:
    case PE_IndicatorSpinUp:
        painters::chevron(painter, option->rect, Qt::UpArrow, themed(Token::Text2));
        return;
    case PE_IndicatorArrowRight:
        painters::chevron(painter, option->rect, Qt::RightArrow, themed(Token::Text2));
        return;
    case PE_IndicatorArrowLeft:
        painters::chevron(painter, option->rect, Qt::LeftArrow, themed(Token::Text2));
        return;
    default:
        QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

/// Icon and text as one centred group; a menu's chevron at the end.
static void pushButtonLabel(
    const QStyleOptionButton *option, QPainter *painter, const QWidget *widget)
{
    const bool enabled = option->state & QStyle::State_Enabled;
    const QColor color = painters::buttonText(option, widget);
    QRect rect = option->rect;
    if (option->features & QStyleOptionButton::HasMenu) {
        const QRect arrow(rect.right() - 22, rect.top(), 14, rect.height());
        painters::chevron(painter, QStyle::visualRect(option->direction, option->rect, arrow),
            Qt::DownArrow, color);
        rect = QStyle::visualRect(
            option->direction, option->rect, option->rect.adjusted(0, 0, -16, 0));
    }
    painter->save();
    painter->setFont(mediumFont());
    const int text = option->text.isEmpty()
        ? 0
        : painter->fontMetrics().size(Qt::TextHideMnemonic, option->text).width();
    const int pixmap = option->icon.isNull() ? 0 : metrics::smallIcon;
    const int space = text && pixmap ? 6 : 0;
    int x = rect.left() + (rect.width() - text - pixmap - space) / 2;
    if (pixmap) {
        const QIcon shown = color == themed(Token::OnPrimary) && enabled
            ? iconOnPrimary(option->icon)
            : option->icon;
        shown.paint(painter, QRect(x, rect.top() + (rect.height() - pixmap) / 2, pixmap, pixmap),
            Qt::AlignCenter, enabled ? QIcon::Normal : QIcon::Disabled);
        x += pixmap + space;
    }
    painter->setPen(color);
    painter->drawText(QRect(x, rect.top(), rect.right() - x + 1, rect.height()),
        Qt::AlignVCenter | Qt::AlignLeft | Qt::AlignAbsolute | Qt::TextHideMnemonic, option->text);
    painter->restore();
}

void Style::drawControl(ControlElement element, const QStyleOption *option, QPainter *painter,
    const QWidget *widget) const
{
    switch (element) {
    case CE_PushButtonBevel:
        painters::button(option, painter, widget);
        return;
    case CE_PushButton: // Fusion's focus rectangle comes on top otherwise
        drawControl(CE_PushButtonBevel, option, painter, widget);
        drawControl(CE_PushButtonLabel, option, painter, widget);
        return;
    case CE_PushButtonLabel:
        if (const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option))
            pushButtonLabel(button, painter, widget);
        return;
    case CE_TabBarTabShape:
        return;
    case CE_TabBarTabLabel:
        if (const auto *tab = qstyleoption_cast<const QStyleOptionTab *>(option))
            painters::tab(tab, painter);
        return;
    case CE_HeaderSection:
        if (const auto *header = qstyleoption_cast<const QStyleOptionHeader *>(option))
            painters::headerSection(header, painter);
        return;
    case CE_HeaderLabel:
        if (const auto *header = qstyleoption_cast<const QStyleOptionHeader *>(option))
            painters::headerLabel(header, painter);
        return;
    case CE_HeaderEmptyArea: {
        QStyleOptionHeader empty;
        empty.rect = option->rect;
        painters::headerSection(&empty, painter);
        return;
    }
    case CE_MenuItem:
        if (const auto *item = qstyleoption_cast<const QStyleOptionMenuItem *>(option))
            painters::menuItem(item, painter);
        return;
    case CE_MenuEmptyArea:
        return;
    case CE_ProgressBar:
        if (const auto *bar = qstyleoption_cast<const QStyleOptionProgressBar *>(option))
            painters::progress(bar, painter);
        return;
    case CE_Splitter:
        painter->fillRect(
            option->rect, themed(option->state & State_MouseOver ? Token::Accent : Token::Line));
        return;
    case CE_ComboBoxLabel:
        if (const auto *combo = qstyleoption_cast<const QStyleOptionComboBox *>(option)) {
            const QRect rect
                = proxy()->subControlRect(CC_ComboBox, combo, SC_ComboBoxEditField, widget);
            painter->save();
            painter->setPen(themed(option->state & State_Enabled ? Token::Text : Token::Text3));
            painter->drawText(rect.adjusted(2, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft,
                painter->fontMetrics().elidedText(
                    combo->currentText, Qt::ElideRight, rect.width() - 2));
            painter->restore();
        }
        return;
    default:
        QProxyStyle::drawControl(element, option, painter, widget);
    }
}

void Style::drawComplexControl(ComplexControl control, const QStyleOptionComplex *option,
    QPainter *painter, const QWidget *widget) const
{
    switch (control) {
    case CC_ScrollBar:
        if (const auto *bar = qstyleoption_cast<const QStyleOptionSlider *>(option))
            painters::scrollBar(bar, subControlRect(CC_ScrollBar, bar, SC_ScrollBarSlider, widget),
                painter, widget);
        return;
    case CC_ComboBox:
        painters::field(option, painter);
        painters::chevron(painter, subControlRect(control, option, SC_ComboBoxArrow, widget),
            Qt::DownArrow, themed(option->state & State_Enabled ? Token::Text2 : Token::Text3));
        return;
    case CC_SpinBox: {
        painters::field(option, painter);
        const QColor color = themed(option->state & State_Enabled ? Token::Text2 : Token::Text3);
        painters::chevron(
            painter, subControlRect(control, option, SC_SpinBoxUp, widget), Qt::UpArrow, color);
        painters::chevron(
            painter, subControlRect(control, option, SC_SpinBoxDown, widget), Qt::DownArrow, color);
        return;
    }
    default:
        QProxyStyle::drawComplexControl(control, option, painter, widget);
    }
}

} // namespace pilothouse
