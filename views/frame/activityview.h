// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/acts/actport.h"

#include <QWidget>

class QListView;
class QPushButton;

namespace pilothouse {

class ActivityModel;
class EmptyState;

/// Running and finished acts, newest first; cancel, copy an error, copy the command.
class ActivityView : public QWidget {
    Q_OBJECT

public:
    ActivityView(ActPort *acts, std::function<QString(const QString &)> targetName,
        std::function<qint64()> clock, QWidget *parent = nullptr);

Q_SIGNALS:
    void floatWanted(); ///< out of the window, or back
    void hideWanted();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void refresh();
    Activity current() const;
    ActPort *m_acts;
    ActivityModel *m_model;
    QListView *m_list;
    QPushButton *m_cancel, *m_copyError, *m_copyCommand;
};

} // namespace pilothouse
