// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "views/common/card.h"

class QHBoxLayout;
class QPushButton;

namespace pilothouse {

class TextLabel;
class AgeLabel;

/// An error as a card: what failed and where, the sentence, the raw cause, the next step, copy.
class ErrorBox : public Card {
    Q_OBJECT

public:
    explicit ErrorBox(QWidget *parent = nullptr);
    /// `title`: "lambda stopped at “Host key”"; `when`: Unix ms, 0 = not shown.
    void setError(const QString &title, const Error &error, qint64 when = 0);
    void setExtraReport(const QString &text) { m_extra = text; } ///< goes below the copied error
    QString report() const; ///< what "Copy report" copies
    void addAction(QPushButton *button);

private:
    void copy();
    TextLabel *m_title, *m_message, *m_cause, *m_next;
    AgeLabel *m_age;
    QHBoxLayout *m_actions;
    QPushButton *m_copy;
    Error m_error;
    QString m_extra;
};

} // namespace pilothouse
