// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/checks.h"

#include "views/common/textlabel.h"

#include <QtWidgets>

namespace pilothouse {

static QString where(const QWidget *widget)
{
    return QString::fromLatin1(widget->metaObject()->className()) + u' ' + widget->objectName();
}

static void checkGlyphs(const QWidget *widget, const QString &text, QStringList &problems)
{
    const QRawFont font = QRawFont::fromFont(widget->font());
    for (const QChar character : text) {
        if (!character.isSpace() && !font.supportsCharacter(character))
            problems << QStringLiteral("%1: no glyph for U+%2 in “%3”")
                            .arg(where(widget))
                            .arg(uint(character.unicode()), 4, 16, QLatin1Char('0'))
                            .arg(text);
    }
}

static void checkLabel(const QLabel *label, QStringList &problems)
{
    if (label->text().isEmpty())
        return;
    checkGlyphs(label, label->text(), problems);
    const auto *elided = qobject_cast<const TextLabel *>(label);
    if (elided && elided->elides())
        return; // shows the rest in its tool tip
    const QRect rect = label->contentsRect();
    const QRect needed = label->fontMetrics().boundingRect(QRect(0, 0, rect.width(), 100000),
        label->wordWrap() ? int(Qt::TextWordWrap) : 0, label->text());
    if (needed.width() > rect.width() + 1 || needed.height() > rect.height() + 2)
        problems << QStringLiteral("%1: “%2” needs %3x%4, has %5x%6")
                        .arg(where(label), label->text())
                        .arg(needed.width())
                        .arg(needed.height())
                        .arg(rect.width())
                        .arg(rect.height());
}

static void checkButton(const QAbstractButton *button, QStringList &problems)
{
    checkGlyphs(button, button->text(), problems);
    if (button->minimumSizeHint().width() > button->width() + 1
        && qobject_cast<const QPushButton *>(button))
        problems << QStringLiteral("%1: “%2” is cut").arg(where(button), button->text());
}

QStringList problemsOf(const QWidget *page)
{
    QStringList problems;
    const auto widgets = page->findChildren<QWidget *>();
    for (const auto *widget : widgets) {
        if (!widget->isVisible() || widget->visibleRegion().isEmpty())
            continue;
        if (const auto *label = qobject_cast<const QLabel *>(widget))
            checkLabel(label, problems);
        const auto *button = qobject_cast<const QAbstractButton *>(widget);
        if (button)
            checkButton(button, problems);
        const bool inner = widget->objectName().startsWith(QStringLiteral("qt_"));
        if ((widget->focusPolicy() & Qt::TabFocus) && !inner && widget->accessibleName().isEmpty()
            && (!button || button->text().isEmpty()))
            problems << QStringLiteral("%1: focusable, without a name").arg(where(widget));
    }
    return problems;
}

} // namespace pilothouse
