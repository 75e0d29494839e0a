// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>

namespace pilothouse {

/// A radio button whose text wraps: a name, then what it means.
class ChoiceRow : public QAbstractButton {
    Q_OBJECT

public:
    ChoiceRow(const QString &name, const QString &meaning, QWidget *parent = nullptr);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QRect textRect(int width) const;
    QString m_text;
};

} // namespace pilothouse
