// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/theme/shapes.h"

#include <QWidget>

class QHBoxLayout;
class QPushButton;
class QTabBar;

namespace pilothouse {

class TagLabel;
class TextLabel;

/// Head of a page: state shape, title, tag with the origin, one line of facts, actions at the
/// right (exactly one primary), and tabs below when the page has any.
class PageHeader : public QWidget {
    Q_OBJECT

public:
    explicit PageHeader(QWidget *parent = nullptr);
    void setShape(ShapeStyle style, const QString &word);
    void setTitle(const QString &title);
    void setTag(const QString &tag); ///< empty = none
    void setFacts(const QString &facts);
    void setBadge(const QString &word, Token token); ///< "protected", "recorded data"; empty = none
    /// A second badge, whose sentence is its tool tip and what a screen reader says; empty = none.
    void setNotice(const QString &word, const QString &sentence);
    void addAction(QWidget *action);
    void clearActions();
    QTabBar *tabs(); ///< made on first use

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    ShapeWidget *m_shape;
    TextLabel *m_title, *m_facts;
    TagLabel *m_tag, *m_badge, *m_notice;
    QHBoxLayout *m_actions;
    QTabBar *m_tabs = nullptr;
};

/// A word in a thin frame.
class TagLabel : public QWidget {
    Q_OBJECT

public:
    explicit TagLabel(Token token = Token::Text2, QWidget *parent = nullptr);
    void setText(const QString &text, Token token);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_text;
    Token m_token;
};

} // namespace pilothouse
