// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/logs/logbuffer.h"

#include <QAbstractScrollArea>
#include <QColor>

#include <array>

namespace pilothouse {

/// Colours of a log, set by the theme. `palette`: the 16 SGR colours, readable on `background`.
struct LogColors {
    QColor background, text, faint, marks, match, selection, error;
    std::array<QColor, 16> palette;
};

/// Shows a LogBuffer: only the visible lines are styled and painted. Follows the end until the
/// person scrolls up; a filter hides lines; what is copied is what is shown. Monospace, no
/// wrapping.
class LogView : public QAbstractScrollArea {
    Q_OBJECT

public:
    explicit LogView(QWidget *parent = nullptr);

    void setColors(const LogColors &colors);
    void setFont(const QFont &font);
    LogBuffer &buffer() { return m_buffer; }
    void append(quint64 offset, const QByteArray &data);
    void clear();

    void setFilter(const QString &text); ///< empty = every line
    QString filter() const { return m_filter; }
    qsizetype shownLines() const;
    bool following() const { return m_following; }
    void setFollowing(bool follow);
    bool jumpToFirstError(); ///< the next one after the current line; false when there is none
    QString selectedText() const; ///< the selected lines, or all that are shown
    QString visibleText() const; ///< what is on screen, for screen readers and tests

Q_SIGNALS:
    void followingChanged(bool follow);
    void linesChanged();

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    qsizetype bufferLine(qsizetype shown) const;
    qsizetype lineAt(int y) const;
    int lineHeight() const;
    void updateBars();
    void refilter();
    void paintLine(QPainter &painter, const StyledLine &line, int y) const;
    QColor colorOf(int code, const QColor &otherwise) const;

    LogBuffer m_buffer;
    LogColors m_colors;
    QString m_filter;
    std::vector<qsizetype> m_matches; ///< buffer lines shown while a filter is set
    qsizetype m_filteredTo = 0; ///< lines before this one have been looked at
    quint64 m_filterFirst = 0;
    qsizetype m_anchor = -1, m_current = -1; ///< selected shown lines
    qsizetype m_widest = 0;
    bool m_following = true;
};

} // namespace pilothouse
