// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QPushButton;

namespace pilothouse {

class TextLabel;

/// Stands where a list would be: what the page shows, why it is empty now, the one next act.
class EmptyState : public QWidget {
    Q_OBJECT

public:
    explicit EmptyState(const QString &iconName, QWidget *parent = nullptr);
    void setText(const QString &title, const QString &why);
    /// Empty hides the button; pressing it emits `activated`.
    void setAction(const QString &text);

Q_SIGNALS:
    void activated();

private:
    TextLabel *m_title, *m_why;
    QPushButton *m_action;
};

} // namespace pilothouse
