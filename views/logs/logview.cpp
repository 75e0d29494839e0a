// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/logs/logview.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>

namespace pilothouse {

static constexpr int margin = 8;

LogView::LogView(QWidget *parent)
    : QAbstractScrollArea(parent)
{
    setFrameShape(NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Log"));
    viewport()->setCursor(Qt::IBeamCursor);
    m_colors.background = palette().color(QPalette::Base);
    m_colors.text = palette().color(QPalette::Text);
    m_colors.faint = m_colors.marks = palette().color(QPalette::PlaceholderText);
    m_colors.selection = palette().color(QPalette::Highlight);
    m_colors.match = m_colors.error = m_colors.text;
    m_colors.palette.fill(m_colors.text);
}

void LogView::setColors(const LogColors &colors)
{
    m_colors = colors;
    viewport()->update();
}

void LogView::setFont(const QFont &font)
{
    QAbstractScrollArea::setFont(font);
    updateBars();
}

int LogView::lineHeight() const
{
    return fontMetrics().height() + 3;
}

qsizetype LogView::shownLines() const
{
    if (!m_filter.isEmpty())
        return qsizetype(m_matches.size());
    // The empty piece after the last line feed is no line yet.
    const qsizetype count = m_buffer.lineCount();
    return count > 0 && m_buffer.rawLine(count - 1).isEmpty() ? count - 1 : count;
}

qsizetype LogView::bufferLine(qsizetype shown) const
{
    return m_filter.isEmpty() ? shown : m_matches[std::size_t(shown)];
}

void LogView::append(quint64 offset, const QByteArray &data)
{
    m_buffer.append(offset, data);
    refilter();
    updateBars();
    if (m_following)
        verticalScrollBar()->setValue(verticalScrollBar()->maximum());
    viewport()->update();
    Q_EMIT linesChanged();
}

void LogView::clear()
{
    m_buffer.clear();
    m_matches.clear();
    m_filteredTo = 0;
    m_anchor = m_current = -1;
    m_widest = 0;
    updateBars();
    viewport()->update();
    Q_EMIT linesChanged();
}

void LogView::setFilter(const QString &text)
{
    if (text == m_filter)
        return;
    m_filter = text;
    m_matches.clear();
    m_filteredTo = 0;
    m_anchor = m_current = -1;
    refilter();
    updateBars();
    if (m_following)
        verticalScrollBar()->setValue(verticalScrollBar()->maximum());
    viewport()->update();
    Q_EMIT linesChanged();
}

void LogView::refilter()
{
    if (m_filter.isEmpty())
        return;
    if (m_buffer.firstOffset() != m_filterFirst) { // the head was dropped: line numbers moved
        m_filterFirst = m_buffer.firstOffset();
        m_matches.clear();
        m_filteredTo = 0;
    }
    // The last line may still grow: it is looked at again.
    if (!m_matches.empty() && m_matches.back() >= m_filteredTo - 1)
        m_matches.pop_back();
    for (qsizetype i = std::max<qsizetype>(0, m_filteredTo - 1); i < m_buffer.lineCount(); ++i) {
        if (m_buffer.line(i).text.contains(m_filter, Qt::CaseInsensitive))
            m_matches.push_back(i);
    }
    m_filteredTo = m_buffer.lineCount();
}

void LogView::updateBars()
{
    const int page = std::max(1, viewport()->height() / lineHeight());
    verticalScrollBar()->setPageStep(page);
    verticalScrollBar()->setRange(0, int(std::max<qsizetype>(0, shownLines() - page)));
    const int advance = std::max(1, fontMetrics().horizontalAdvance(QLatin1Char('0')));
    horizontalScrollBar()->setSingleStep(advance * 4);
    horizontalScrollBar()->setPageStep(viewport()->width());
    horizontalScrollBar()->setRange(
        0, std::max(0, int(m_widest) * advance + 2 * margin - viewport()->width()));
}

void LogView::setFollowing(bool follow)
{
    if (follow == m_following)
        return;
    m_following = follow;
    if (follow)
        verticalScrollBar()->setValue(verticalScrollBar()->maximum());
    Q_EMIT followingChanged(follow);
}

bool LogView::jumpToFirstError()
{
    const qsizetype from
        = m_current >= 0 && m_current < shownLines() ? bufferLine(m_current) + 1 : 0;
    auto found = m_buffer.firstError(from);
    if (!found && from > 0)
        found = m_buffer.firstError(0);
    if (!found)
        return false;
    setFilter({});
    setFollowing(false);
    m_anchor = m_current = *found;
    verticalScrollBar()->setValue(int(*found) - verticalScrollBar()->pageStep() / 3);
    viewport()->update();
    return true;
}

QColor LogView::colorOf(int code, const QColor &otherwise) const
{
    if (code < 0)
        return otherwise;
    if (code < 16)
        return m_colors.palette[std::size_t(code)];
    if (code >= 0x1000000)
        return QColor::fromRgb(QRgb(code & 0xFFFFFF));
    if (code >= 232)
        return QColor(8 + (code - 232) * 10, 8 + (code - 232) * 10, 8 + (code - 232) * 10);
    const auto level = [](int value) { return value == 0 ? 0 : 55 + value * 40; };
    const int cube = code - 16;
    return QColor(level(cube / 36), level(cube / 6 % 6), level(cube % 6));
}

void LogView::paintLine(QPainter &painter, const StyledLine &line, int y) const
{
    const int height = lineHeight();
    int x = margin - horizontalScrollBar()->value();
    const int baseline = y + fontMetrics().ascent() + 1;
    const auto draw = [&](const QString &text, const TextStyle &style) {
        QFont font = this->font();
        font.setBold(style.bold);
        font.setItalic(style.italic);
        font.setUnderline(style.underline);
        painter.setFont(font);
        QColor ink = colorOf(style.foreground, style.faint ? m_colors.faint : m_colors.text);
        QColor paper = colorOf(style.background, QColor());
        if (style.inverse) {
            const QColor under = paper.isValid() ? paper : m_colors.background;
            paper = ink;
            ink = under;
        }
        const int width = painter.fontMetrics().horizontalAdvance(text);
        if (paper.isValid())
            painter.fillRect(x, y, width, height, paper);
        painter.setPen(ink);
        painter.drawText(x, baseline, text);
        x += width;
    };
    int done = 0;
    for (const auto &span : line.spans) {
        if (span.start > done)
            draw(line.text.mid(done, span.start - done), TextStyle());
        draw(line.text.mid(span.start, span.length), span.style);
        done = span.start + span.length;
    }
    draw(line.text.mid(done), TextStyle());
    if (line.cut) {
        painter.setFont(font());
        painter.setPen(m_colors.marks);
        painter.drawText(x + margin, baseline, tr("… longer; copy shows 64 KB of it"));
    }
}

void LogView::paintEvent(QPaintEvent *)
{
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), m_colors.background);
    const qsizetype first = verticalScrollBar()->value();
    const int height = lineHeight();
    qsizetype widest = m_widest;
    for (qsizetype i = first; i < shownLines(); ++i) {
        const int y = int(i - first) * height + margin / 2;
        if (y > viewport()->height())
            break;
        const auto [low, high] = std::minmax(m_anchor, m_current);
        if (m_current >= 0 && i >= low && i <= high)
            painter.fillRect(0, y, viewport()->width(), height, m_colors.selection);
        StyledLine line = m_buffer.line(bufferLine(i));
        // Past a few thousand characters nobody scrolls sideways; drawing them would cost a frame.
        if (line.text.size() > 4000) {
            line.text.truncate(4000);
            line.cut = true;
            while (
                !line.spans.isEmpty() && line.spans.last().start + line.spans.last().length > 4000)
                line.spans.removeLast();
        }
        if (!m_filter.isEmpty()) {
            const int at = int(line.text.indexOf(m_filter, 0, Qt::CaseInsensitive));
            const int x = margin - horizontalScrollBar()->value()
                + fontMetrics().horizontalAdvance(line.text.left(at));
            painter.fillRect(x, y,
                fontMetrics().horizontalAdvance(line.text.mid(at, m_filter.size())), height,
                m_colors.match);
        }
        paintLine(painter, line, y);
        widest = std::max(widest, line.text.size() + (line.cut ? 40 : 0));
    }
    if (widest != m_widest) {
        m_widest = widest;
        QMetaObject::invokeMethod(this, &LogView::updateBars, Qt::QueuedConnection);
    }
}

void LogView::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    updateBars();
    if (m_following)
        verticalScrollBar()->setValue(verticalScrollBar()->maximum());
}

void LogView::scrollContentsBy(int, int dy)
{
    // Scrolling up by hand ends following; reaching the end resumes it.
    if (dy > 0 && verticalScrollBar()->value() < verticalScrollBar()->maximum())
        setFollowing(false);
    else if (dy < 0 && verticalScrollBar()->value() == verticalScrollBar()->maximum())
        setFollowing(true);
    viewport()->update();
}

qsizetype LogView::lineAt(int y) const
{
    const qsizetype line = verticalScrollBar()->value() + (y - margin / 2) / lineHeight();
    return std::clamp<qsizetype>(line, 0, std::max<qsizetype>(0, shownLines() - 1));
}

void LogView::mousePressEvent(QMouseEvent *event)
{
    m_current = lineAt(int(event->position().y()));
    if (!(event->modifiers() & Qt::ShiftModifier) || m_anchor < 0)
        m_anchor = m_current;
    viewport()->update();
}

void LogView::mouseMoveEvent(QMouseEvent *event)
{
    m_current = lineAt(int(event->position().y()));
    viewport()->update();
}

void LogView::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        QGuiApplication::clipboard()->setText(selectedText());
    } else if (event->matches(QKeySequence::SelectAll)) {
        m_anchor = 0;
        m_current = shownLines() - 1;
        viewport()->update();
    } else if (event->key() == Qt::Key_End) {
        setFollowing(true);
        verticalScrollBar()->setValue(verticalScrollBar()->maximum());
    } else if (event->key() == Qt::Key_Home) {
        setFollowing(false);
        verticalScrollBar()->setValue(0);
    } else {
        QAbstractScrollArea::keyPressEvent(event);
    }
}

QString LogView::selectedText() const
{
    if (shownLines() == 0)
        return {};
    const bool all = m_current < 0;
    const qsizetype low = all ? 0 : std::min(m_anchor, m_current);
    const qsizetype high = all ? shownLines() - 1 : std::max(m_anchor, m_current);
    QStringList lines;
    for (qsizetype i = low; i <= std::min(high, shownLines() - 1); ++i)
        lines << m_buffer.line(bufferLine(i)).text;
    return lines.join(QLatin1Char('\n'));
}

QString LogView::visibleText() const
{
    QStringList lines;
    const qsizetype first = verticalScrollBar()->value();
    const qsizetype last
        = std::min<qsizetype>(shownLines(), first + viewport()->height() / lineHeight());
    for (qsizetype i = first; i < last; ++i)
        lines << m_buffer.line(bufferLine(i)).text;
    return lines.join(QLatin1Char('\n'));
}

} // namespace pilothouse
