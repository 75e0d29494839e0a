// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineEdit>

namespace pilothouse {

/// A field with a magnifying glass; Escape clears it, and hands the focus on when it is clear.
class SearchField : public QLineEdit {
    Q_OBJECT

public:
    explicit SearchField(const QString &placeholder, QWidget *parent = nullptr);

Q_SIGNALS:
    void left(); ///< Escape on an empty field, or Down: to the list

protected:
    void keyPressEvent(QKeyEvent *event) override;
};

} // namespace pilothouse
