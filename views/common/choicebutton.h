// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPushButton>

namespace pilothouse {

/// A button with a menu of exclusive choices; its text says which one holds: "Group by: node".
class ChoiceButton : public QPushButton {
    Q_OBJECT

public:
    ChoiceButton(const QString &name, const QStringList &choices, QWidget *parent = nullptr);
    int current() const { return m_current; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void chosen(int index); ///< by the person

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QString whole() const;
    QSize sizeFor(const QString &text) const;
    void say();
    QString m_name;
    QStringList m_choices;
    int m_current = 0;
};

} // namespace pilothouse
