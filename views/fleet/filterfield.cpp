// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/fleet/filterfield.h"

#include "views/theme/fonts.h"
#include "views/theme/icons.h"
#include "views/theme/metrics.h"
#include "views/theme/stylepainters.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QInputMethodEvent>
#include <QKeyEvent>
#include <QListView>
#include <QStandardItemModel>
#include <QStyledItemDelegate>
#include <QTextCharFormat>

#include <algorithm>

namespace pilothouse {

namespace {

enum { DetailRole = Qt::UserRole + 1 };

/// What is put in at the left, what it means at the right.
class OptionDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option,
        const QModelIndex &index) const override
    {
        painters::itemRow(&option, painter);
        const QRect rect = option.rect.adjusted(10, 0, -10, 0);
        painter->setFont(monoFont());
        painter->setPen(themed(Token::Text));
        painter->drawText(rect, Qt::AlignVCenter | Qt::AlignLeft, index.data().toString());
        painter->setFont(smallFont());
        painter->setPen(themed(Token::Text3));
        painter->drawText(
            rect, Qt::AlignVCenter | Qt::AlignRight, index.data(DetailRole).toString());
    }
    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override
    {
        return {200, metrics::smallControl};
    }
};

} // namespace

FilterField::FilterField(FilterFields fields, Values valuesOf, QWidget *parent)
    : QLineEdit(parent)
    , m_fields(std::move(fields))
    , m_valuesOf(std::move(valuesOf))
    , m_completer(new QCompleter(this))
    , m_offered(new QStandardItemModel(this))
{
    setFont(monoFont());
    setAccessibleName(tr("Filter"));
    setAccessibleDescription(tr("For example: util < 5 and owner = me"));
    setPlaceholderText(tr("util < 5 and owner = me"));
    setClearButtonEnabled(true);
    setMaxLength(4096);
    addAction(icon(QStringLiteral("filter"), Token::Text3), QLineEdit::LeadingPosition);
    auto *list = new QListView;
    list->setAccessibleName(tr("Ways to go on"));
    m_completer->setModel(m_offered);
    m_completer->setPopup(list);
    list->setItemDelegate(new OptionDelegate(list)); // after setPopup, which sets its own
    m_completer->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    m_completer->setMaxVisibleItems(12);
    m_completer->setWidget(this);
    connect(m_completer, qOverload<const QString &>(&QCompleter::activated), this,
        &FilterField::insert);
    connect(this, &QLineEdit::textChanged, this, &FilterField::parse);
    connect(this, &QLineEdit::textEdited, this, &FilterField::offer);
}

QAbstractItemModel *FilterField::offered() const
{
    return m_offered;
}

/// The last word is not complete yet.
bool FilterField::isTyping() const
{
    return m_edited && cursorPosition() == text().size();
}

void FilterField::parse()
{
    const auto node = parseFilter(text(), m_fields);
    m_error = node ? std::nullopt : std::optional(node.error());
    underline();
    // An error at the end is only told once more follows or the line is left.
    const bool early
        = m_error && isTyping() && m_error->from + m_error->length >= text().trimmed().size();
    const QString problem = m_error && !early ? m_error->message : QString();
    setToolTip(problem);
    Q_EMIT problemChanged(problem);
    // "stat" and "state " may go on as "state = busy".
    const auto word = text().trimmed().section(QLatin1Char(' '), -1);
    const bool whole = text().endsWith(QLatin1Char(' '));
    const bool becomesField = isTyping() && !word.isEmpty()
        && std::any_of(
            m_fields.columns.begin(), m_fields.columns.end(), [&](const IndexColumn &column) {
                return whole ? column.id.compare(word, Qt::CaseInsensitive) == 0
                        && column.unit != QLatin1String("flag")
                             : column.id.startsWith(word, Qt::CaseInsensitive);
            });
    if (node && !becomesField && !(*node == m_last)) {
        m_last = *node;
        Q_EMIT filterChanged(m_last);
    }
}

void FilterField::finish()
{
    m_edited = false;
    parse();
}

void FilterField::focusOutEvent(QFocusEvent *event)
{
    QLineEdit::focusOutEvent(event);
    if (event->reason() != Qt::PopupFocusReason && !m_completer->popup()->isVisible())
        finish();
}

/// A line edit takes formats for its text from input methods only.
void FilterField::underline()
{
    QList<QInputMethodEvent::Attribute> attributes;
    // While the cursor is where the error is, the person is still typing it.
    const bool typing
        = m_error && isTyping() && m_error->from + m_error->length >= text().trimmed().size();
    if (m_error && !typing) {
        QTextCharFormat format;
        format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        format.setUnderlineColor(themed(Token::Bad));
        format.setForeground(themed(Token::Bad));
        attributes << QInputMethodEvent::Attribute(QInputMethodEvent::TextFormat,
            int(m_error->from) - cursorPosition(), int(std::max<qsizetype>(1, m_error->length)),
            format);
    }
    QInputMethodEvent event(QString(), attributes);
    QLineEdit::inputMethodEvent(&event);
}

void FilterField::offer()
{
    m_options = completeFilter(text(), cursorPosition(), m_fields, m_valuesOf);
    m_offered->clear();
    for (const auto &option : m_options.options) {
        auto *item = new QStandardItem(option.text);
        item->setData(option.detail, DetailRole);
        m_offered->appendRow(item);
    }
    if (m_offered->rowCount() == 0 || !isVisible()) {
        m_completer->popup()->hide();
        return;
    }
    QRect under = rect();
    under.setWidth(std::min(width(), 420));
    m_completer->complete(under);
}

void FilterField::insert(const QString &option)
{
    auto whole = text();
    const auto from = m_options.from;
    whole.replace(from, m_options.to - from, option);
    auto cursor = from + option.size();
    if (cursor == whole.size())
        whole += QLatin1Char(' ');
    m_edited = true;
    setText(whole);
    setCursorPosition(int(cursor) + 1);
    offer();
}

bool FilterField::event(QEvent *event)
{
    // Tab takes the offer before it is a way to the next widget. The first events come while this
    // is being made.
    if (event->type() == QEvent::KeyPress && static_cast<QKeyEvent *>(event)->key() == Qt::Key_Tab
        && m_completer->popup()->isVisible()) {
        auto *popup = m_completer->popup();
        auto index = popup->currentIndex();
        if (!index.isValid())
            index = m_offered->index(0, 0);
        popup->hide();
        insert(index.data().toString());
        return true;
    }
    return QLineEdit::event(event);
}

void FilterField::keyPressEvent(QKeyEvent *event)
{
    auto *popup = m_completer->popup();
    if (popup->isVisible()) {
        switch (event->key()) {
        case Qt::Key_Return:
        case Qt::Key_Enter:
            popup->hide();
            finish();
            return;
        default:
            break;
        }
    }
    if (event->key() == Qt::Key_Escape && !popup->isVisible()) {
        if (text().isEmpty())
            Q_EMIT left();
        else
            clear();
        return;
    }
    if (event->key() == Qt::Key_Down && !popup->isVisible()) {
        offer();
        return;
    }
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        finish();
        return;
    }
    m_edited = true;
    QLineEdit::keyPressEvent(event);
}

} // namespace pilothouse
