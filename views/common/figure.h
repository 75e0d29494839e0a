// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/common/card.h"

namespace pilothouse {

class TextLabel;

/// One number that matters: what it is, its value, one line about it.
class Figure : public Card {
    Q_OBJECT

public:
    explicit Figure(const QString &label, QWidget *parent = nullptr);
    void setValue(const QString &value, Token token = Token::Text);
    void setNote(const QString &note);
    void setMore(const QString &more); ///< below the note, as many lines as it needs

private:
    void name();
    TextLabel *m_label, *m_value, *m_note, *m_more;
};

} // namespace pilothouse
