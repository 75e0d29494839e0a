// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/theme/style.h"

#include "views/theme/fonts.h"
#include "views/theme/icons.h"
#include "views/theme/metrics.h"
#include "views/theme/stylepainters.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSpinBox>
#include <QComboBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QSplitterHandle>
#include <QTabBar>

namespace pilothouse {

Style::Style()
    : QProxyStyle(QStringLiteral("Fusion"))
{
}

void Style::polish(QWidget *widget)
{
    QProxyStyle::polish(widget);
    if (qobject_cast<QAbstractButton *>(widget) || qobject_cast<QLineEdit *>(widget)
        || qobject_cast<QComboBox *>(widget) || qobject_cast<QAbstractSpinBox *>(widget)
        || qobject_cast<QTabBar *>(widget) || qobject_cast<QHeaderView *>(widget)
        || qobject_cast<QScrollBar *>(widget) || qobject_cast<QSplitterHandle *>(widget))
        widget->setAttribute(Qt::WA_Hover);
    if (auto *view = qobject_cast<QAbstractItemView *>(widget))
        view->viewport()->setAttribute(Qt::WA_Hover);
    if (auto *text = qobject_cast<QPlainTextEdit *>(widget)) { // a field of many lines
        text->viewport()->setAutoFillBackground(false);
        text->document()->setDocumentMargin(7);
        text->installEventFilter(this);
    }
    if (auto *menu = qobject_cast<QMenu *>(widget)) {
        menu->setWindowFlag(Qt::FramelessWindowHint); // rounded corners need both
        menu->setAttribute(Qt::WA_TranslucentBackground);
    }
}

bool Style::eventFilter(QObject *watched, QEvent *event)
{
    // Only its viewport is painted anew by itself, the ring is outside.
    if (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut)
        static_cast<QWidget *>(watched)->update();
    return QProxyStyle::eventFilter(watched, event);
}

int Style::pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const
{
    switch (metric) {
    case PM_ScrollBarExtent:
        return 10;
    case PM_ScrollBarSliderMin:
        return 28;
    case PM_DefaultFrameWidth:
        return qobject_cast<const QMenu *>(widget) ? 0 : 1;
    case PM_MenuPanelWidth:
        return 0;
    case PM_MenuVMargin:
        return 5;
    case PM_MenuHMargin:
        return 0;
    case PM_ButtonMargin:
        return 12;
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical:
    case PM_TabBarTabShiftVertical:
    case PM_TabBarTabShiftHorizontal:
    case PM_TabBarTabOverlap:
    case PM_FocusFrameVMargin:
        return 0;
    case PM_FocusFrameHMargin: // cells line up with the labels of headers
        return 7;
    case PM_TabBarTabHSpace:
        return 18;
    case PM_TabBarBaseHeight:
        return 1;
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight:
        return 16;
    case PM_CheckBoxLabelSpacing:
    case PM_RadioButtonLabelSpacing:
        return 8;
    case PM_SmallIconSize:
    case PM_ButtonIconSize:
    case PM_ListViewIconSize:
        return metrics::smallIcon;
    case PM_ToolBarIconSize:
        return metrics::icon;
    case PM_SplitterWidth:
        return 1;
    case PM_DockWidgetSeparatorExtent:
        return 3;
    case PM_HeaderMargin:
        return 4;
    case PM_ToolTipLabelFrameWidth:
        return 6;
    case PM_LayoutLeftMargin:
    case PM_LayoutTopMargin:
    case PM_LayoutRightMargin:
    case PM_LayoutBottomMargin:
        return metrics::gap;
    case PM_LayoutHorizontalSpacing:
    case PM_LayoutVerticalSpacing:
        return 8;
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int Style::styleHint(
    StyleHint hint, const QStyleOption *option, const QWidget *widget, QStyleHintReturn *data) const
{
    switch (hint) {
    case SH_EtchDisabledText:
    case SH_DitherDisabledText:
    case SH_UnderlineShortcut:
    case SH_ComboBox_Popup:
    case SH_DialogButtonBox_ButtonsHaveIcons:
    case SH_Widget_Animate:
    case SH_Widget_Animation_Duration:
    case SH_TabBar_PreferNoArrows:
        return 0;
    case SH_ItemView_ShowDecorationSelected:
    case SH_TabBar_ElideMode:
        return hint == SH_TabBar_ElideMode ? int(Qt::ElideNone) : 1;
    case SH_ToolTip_WakeUpDelay:
        return 400;
    case SH_Table_GridLineColor:
        return int(themed(Token::Line).rgba());
    default:
        return QProxyStyle::styleHint(hint, option, widget, data);
    }
}

QSize Style::sizeFromContents(
    ContentsType type, const QStyleOption *option, const QSize &size, const QWidget *widget) const
{
    QSize result = QProxyStyle::sizeFromContents(type, option, size, widget);
    const int control = widget && widget->property("pilothouseSmall").toBool()
        ? metrics::smallControl
        : metrics::control;
    switch (type) {
    case CT_PushButton: {
        const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option);
        if (button && button->text.isEmpty() && !button->icon.isNull())
            return {control, control};
        int width = 0;
        if (button && !button->text.isEmpty())
            width += QFontMetrics(mediumFont()).size(Qt::TextShowMnemonic, button->text).width();
        if (button && !button->icon.isNull())
            width += metrics::smallIcon + (width > 0 ? 6 : 0);
        if (button && (button->features & QStyleOptionButton::HasMenu))
            width += 16;
        return {qMax(width + 24, control), control};
    }
    case CT_LineEdit:
    case CT_ComboBox:
    case CT_SpinBox:
        result.setHeight(qMax(control, size.height() > 40 ? result.height() : 0));
        if (type != CT_LineEdit)
            result.setWidth(size.width() + 44);
        return result;
    case CT_ToolButton:
        return {qMax(result.width(), control), qMax(result.height(), control)};
    case CT_CheckBox:
    case CT_RadioButton:
        result.setHeight(qMax(result.height(), 24));
        return result;
    case CT_TabBarTab:
        if (const auto *tab = qstyleoption_cast<const QStyleOptionTab *>(option))
            return {QFontMetrics(mediumFont()).horizontalAdvance(tab->text) + 20, 34};
        return result;
    case CT_HeaderSection:
        if (const auto *header = qstyleoption_cast<const QStyleOptionHeader *>(option))
            return {
                QFontMetrics(smallFont()).horizontalAdvance(header->text) + 34, metrics::header};
        return result;
    case CT_ItemViewItem:
        result.setHeight(qMax(result.height(), metrics::inventoryRow));
        return result;
    case CT_MenuItem:
        if (const auto *item = qstyleoption_cast<const QStyleOptionMenuItem *>(option)) {
            if (item->menuItemType == QStyleOptionMenuItem::Separator)
                return {size.width(), item->text.isEmpty() ? 9 : 24};
            const auto parts = item->text.split(QLatin1Char('\t'));
            const QFontMetrics metrics(item->font);
            int width = 36 + metrics.size(Qt::TextHideMnemonic, parts.value(0)).width() + 14;
            if (parts.size() > 1)
                width += 28 + metrics.horizontalAdvance(parts.value(1));
            return {qMax(width + 8, 160), 28};
        }
        return result;
    case CT_ProgressBar:
        return {result.width(), 4};
    default:
        return result;
    }
}

QIcon Style::standardIcon(
    StandardPixmap pixmap, const QStyleOption *option, const QWidget *widget) const
{
    switch (pixmap) {
    case SP_LineEditClearButton:
    case SP_TitleBarCloseButton:
    case SP_DockWidgetCloseButton:
        return icon(QStringLiteral("x"), Token::Text3);
    case SP_MessageBoxWarning:
        return icon(QStringLiteral("alert-triangle"), Token::Watch);
    case SP_MessageBoxCritical:
        return icon(QStringLiteral("alert-circle"), Token::Bad);
    case SP_MessageBoxInformation:
        return icon(QStringLiteral("info-circle"), Token::Accent);
    default:
        return QProxyStyle::standardIcon(pixmap, option, widget);
    }
}

} // namespace pilothouse
