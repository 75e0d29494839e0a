// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/theme/tokens.h"

#include <QLabel>

namespace pilothouse {

enum class TextKind { Body, Medium, Strong, Small, Section, Heading, Subheading, Mono };
QFont fontOf(TextKind kind);

/// A label with a font and colour of the theme. Elides instead of being cut when asked to, and
/// then shows the whole text as its tool tip.
class TextLabel : public QLabel {
    Q_OBJECT

public:
    explicit TextLabel(const QString &text = {}, TextKind kind = TextKind::Body,
        Token token = Token::Text, QWidget *parent = nullptr);

    void setToken(Token token);
    void setElide(Qt::TextElideMode mode); ///< one line; may shrink to nothing
    bool elides() const { return m_elide != Qt::ElideNone; }
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void applyColor();
    Token m_token;
    Qt::TextElideMode m_elide = Qt::ElideNone;
};

} // namespace pilothouse
