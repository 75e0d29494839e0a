// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/common/card.h"

class QPushButton;
class QTimer;

namespace pilothouse {

class TextLabel;

/// Stands above the files between "copy these" and the copy: looks what is there already, then asks
/// when something would be lost, or says why nothing is copied. Looking that is quick is not shown.
class CopyQuestion : public Card {
    Q_OBJECT

public:
    explicit CopyQuestion(QWidget *parent = nullptr);
    /// `replaces`: something is lost, so the button warns.
    void ask(const QString &text, bool replaces);
    void refuse(const QString &text); ///< it can only be closed

Q_SIGNALS:
    void agreed();
    void closed();

private:
    TextLabel *m_text;
    QPushButton *m_close, *m_go;
    QTimer *m_slow;
};

} // namespace pilothouse
