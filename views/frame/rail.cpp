// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/frame/rail.h"

#include "views/common/keyhint.h"
#include "views/theme/fonts.h"
#include "views/theme/icons.h"
#include "views/theme/metrics.h"
#include "views/theme/stylepainters.h"

#include <QAbstractButton>
#include <QButtonGroup>
#include <QCoreApplication>
#include <QVBoxLayout>

namespace pilothouse {

/// One verb: an icon with its name as tool tip.
class RailButton : public QAbstractButton {
public:
    RailButton(const QString &iconName, const QString &text)
        : m_icon(iconName)
    {
        setText(text);
        setAccessibleName(text);
        setCheckable(true);
        setFixedSize(40, 40);
        setAttribute(Qt::WA_Hover);
    }

    void setBadge(int count, const QString &words)
    {
        m_badge = count;
        setAccessibleDescription(words);
        update();
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        if (isChecked())
            painters::box(&painter, rect(), themed(Token::AccentWeak), {}, metrics::controlRadius);
        else if (underMouse())
            painters::box(&painter, rect(), themed(Token::Hover), {}, metrics::controlRadius);
        const QRect place((width() - metrics::icon) / 2, (height() - metrics::icon) / 2,
            metrics::icon, metrics::icon);
        pilothouse::icon(m_icon, isChecked() ? Token::Accent : Token::Text2).paint(&painter, place);
        if (m_badge > 0)
            paintBadge(&painter);
        if (hasFocus())
            painters::focusRing(&painter, rect(), metrics::controlRadius);
    }

private:
    void paintBadge(QPainter *painter) const
    {
        const QString text = m_badge > 99 ? QStringLiteral("99+") : QString::number(m_badge);
        QFont font = smallFont();
        font.setPixelSize(10);
        font.setWeight(QFont::DemiBold);
        painter->setFont(font);
        const int wide = std::max(15, painter->fontMetrics().horizontalAdvance(text) + 7);
        const QRect place(width() - wide - 1, 3, wide, 15);
        painters::box(painter, place.adjusted(-1, -1, 1, 1), themed(Token::Panel), {}, 8.5);
        painters::box(painter, place, themed(Token::Bad), {}, 7.5);
        painter->setPen(themed(Token::Window)); // the far end of the ramp in every scheme
        painter->drawText(place, Qt::AlignCenter, text);
    }

    QString m_icon;
    int m_badge = 0;
};

Rail::Rail(const QList<const RailPage *> &pages, QWidget *parent)
    : QWidget(parent)
    , m_group(new QButtonGroup(this))
{
    setFixedWidth(metrics::rail);
    setAccessibleName(tr("Pages"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(6, 8, 6, 8);
    column->setSpacing(4);
    auto *foot = new QVBoxLayout;
    foot->setSpacing(4);
    for (const auto *page : pages) {
        if (*page->icon == 0)
            continue;
        const QString title = QCoreApplication::translate("pages", page->title);
        auto *button = new RailButton(QString::fromLatin1(page->icon), title);
        const QKeySequence keys(QString::fromLatin1(page->shortcut));
        button->setToolTip(
            keys.isEmpty() ? title : QStringLiteral("%1  (%2)").arg(title, KeyHint::text(keys)));
        button->setObjectName(QString::fromLatin1(page->id));
        m_group->addButton(button);
        (page->atFoot ? foot : column)->addWidget(button);
        connect(button, &QAbstractButton::clicked, this,
            [this, id = QString::fromLatin1(page->id)] { Q_EMIT chosen(id); });
    }
    column->addStretch(1);
    column->addLayout(foot);
}

void Rail::setCurrent(const QString &id)
{
    m_group->setExclusive(false); // none may be current
    const auto buttons = m_group->buttons();
    for (auto *button : buttons)
        button->setChecked(button->objectName() == id);
    m_group->setExclusive(true);
}

void Rail::setBadge(const QString &id, int count, const QString &words)
{
    const auto buttons = m_group->buttons();
    for (auto *button : buttons) {
        if (button->objectName() == id)
            static_cast<RailButton *>(button)->setBadge(count, words);
    }
}

void Rail::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), themed(Token::Panel));
    painter.fillRect(QRect(width() - 1, 0, 1, height()), themed(Token::Line));
}

} // namespace pilothouse
