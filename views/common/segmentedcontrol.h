// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QButtonGroup;

namespace pilothouse {

/// A few exclusive choices in one frame. Arrow keys move; each segment is a radio to screen
/// readers.
class SegmentedControl : public QWidget {
    Q_OBJECT

public:
    SegmentedControl(const QString &name, const QStringList &choices, QWidget *parent = nullptr);
    int current() const; ///< -1 = none
    void setCurrent(int index); ///< emits nothing
    void setChoiceEnabled(int index, bool enabled, const QString &why = {});

Q_SIGNALS:
    void chosen(int index); ///< by the person

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QButtonGroup *m_group;
};

} // namespace pilothouse
