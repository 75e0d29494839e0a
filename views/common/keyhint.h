// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QKeySequence>
#include <QWidget>

namespace pilothouse {

/// A key sequence in a small frame: "Ctrl K".
class KeyHint : public QWidget {
    Q_OBJECT

public:
    explicit KeyHint(const QKeySequence &keys, QWidget *parent = nullptr);
    QSize sizeHint() const override;
    static QString text(const QKeySequence &keys); ///< native names, apart by spaces

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_text;
};

} // namespace pilothouse
