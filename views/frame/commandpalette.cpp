// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/frame/commandpalette.h"

#include "views/common/keyhint.h"
#include "views/frame/palettemodel.h"
#include "views/theme/fonts.h"
#include "views/theme/metrics.h"
#include "views/theme/stylepainters.h"

#include <QApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

namespace pilothouse {

/// Title with the matched letters strong, detail, shortcut.
class PaletteDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override
    {
        return {300, metrics::tableRow};
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
        const QModelIndex &index) const override
    {
        const auto *model = static_cast<const PaletteModel *>(index.model());
        const auto &entry = model->entry(index.row());
        const auto &match = model->match(index.row());
        const QRect rect = option.rect;
        painter->save();
        if (option.state & QStyle::State_Selected)
            painters::box(painter, rect.adjusted(6, 1, -6, -1), themed(Token::AccentWeak), {}, 5);
        painter->setFont(monoFont());
        painter->setPen(themed(Token::Text3));
        painter->drawText(QRect(rect.left() + 18, rect.top(), 14, rect.height()), Qt::AlignCenter,
            QString(entry.kind));

        const bool refused = !entry.refused.isEmpty();
        int x = rect.left() + 44, end = rect.right() - 18;
        if (!entry.shortcut.isEmpty()) {
            painter->setFont(smallFont());
            const QString keys = KeyHint::text(entry.shortcut);
            painter->drawText(QRect(rect.left(), rect.top(), end - rect.left(), rect.height()),
                Qt::AlignVCenter | Qt::AlignRight, keys);
            end -= painter->fontMetrics().horizontalAdvance(keys) + 14;
        }
        std::size_t next = 0;
        for (int i = 0; i < entry.title.size() && x < end - 12; ++i) {
            const bool hit = next < match.positions.size() && match.positions[next] == i;
            next += hit ? 1 : 0;
            painter->setFont(hit ? strongFont() : bodyFont());
            painter->setPen(themed(refused ? Token::Text3 : hit ? Token::Accent : Token::Text));
            const QString letter = entry.title.mid(i, 1);
            painter->drawText(QPoint(x,
                                  rect.top()
                                      + (rect.height() + painter->fontMetrics().ascent()
                                            - painter->fontMetrics().descent())
                                          / 2),
                letter);
            x += painter->fontMetrics().horizontalAdvance(letter);
        }
        painter->setFont(smallFont());
        painter->setPen(themed(Token::Text3));
        const QRect detail(x + 12, rect.top(), end - x - 12, rect.height());
        painter->drawText(detail, Qt::AlignVCenter,
            painter->fontMetrics().elidedText(
                refused ? entry.refused : entry.detail, Qt::ElideRight, detail.width()));
        painter->restore();
    }
};

CommandPalette::CommandPalette(QWidget *window)
    : QFrame(window)
    , m_field(new QLineEdit)
    , m_list(new QListView)
    , m_model(new PaletteModel(this))
{
    m_model->setEntries({});
    setAccessibleName(tr("Command palette"));
    m_field->setAccessibleName(tr("Search"));
    m_field->setPlaceholderText(tr("> actions   @ targets   # jobs   / files   : settings"));
    m_list->setModel(m_model);
    m_list->setItemDelegate(new PaletteDelegate(m_list));
    m_list->setFrameShape(NoFrame);
    m_list->setUniformItemSizes(true);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setAccessibleName(tr("Matches"));
    m_list->viewport()->setAutoFillBackground(false);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(1, 8, 1, 6);
    column->setSpacing(6);
    auto *top = new QHBoxLayout;
    top->setContentsMargins(8, 0, 8, 0);
    top->addWidget(m_field);
    column->addLayout(top);
    column->addWidget(m_list, 1);
    m_field->installEventFilter(this);
    connect(m_field, &QLineEdit::textChanged, this, &CommandPalette::search);
    connect(m_list, &QListView::clicked, this, &CommandPalette::runCurrent);
    hide();
}

void CommandPalette::open(QList<PaletteEntry> entries, const QString &text)
{
    m_model->setEntries(std::move(entries));
    const QWidget *window = parentWidget();
    const int width = qMin(640, window->width() - 80);
    setGeometry((window->width() - width) / 2, 52, width, qMin(420, window->height() - 100));
    m_field->setText(text);
    search();
    show();
    raise();
    m_field->setFocus();
}

void CommandPalette::search()
{
    m_model->search(m_field->text());
    if (m_model->rowCount() > 0)
        m_list->setCurrentIndex(m_model->index(0));
    // As high as what was found, up to a dozen rows.
    const int rows = qBound(1, m_model->rowCount(), 12);
    const int room = parentWidget()->height() - 100;
    resize(width(), qMin(room, 52 + rows * metrics::tableRow));
}

void CommandPalette::runCurrent()
{
    const auto index = m_list->currentIndex();
    if (!index.isValid())
        return;
    const auto entry = m_model->entry(index.row());
    if (!entry.refused.isEmpty())
        return;
    hide();
    if (entry.runTyped)
        entry.runTyped(m_field->text().trimmed());
    else if (entry.run)
        entry.run();
}

bool CommandPalette::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::FocusOut && isVisible())
        hide();
    if (event->type() != QEvent::KeyPress)
        return QFrame::eventFilter(watched, event);
    auto *key = static_cast<QKeyEvent *>(event);
    switch (key->key()) {
    case Qt::Key_Escape:
        hide();
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        runCurrent();
        return true;
    case Qt::Key_Up:
    case Qt::Key_Down:
    case Qt::Key_PageUp:
    case Qt::Key_PageDown:
        QApplication::sendEvent(m_list, event);
        return true;
    default:
        return QFrame::eventFilter(watched, event);
    }
}

void CommandPalette::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painters::box(&painter, rect(), themed(Token::Card), themed(Token::Line), metrics::cardRadius);
}

} // namespace pilothouse
