// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/acts/actport.h"

#include <QHash>
#include <QSet>
#include <QWidget>

class QProgressBar;
class QPushButton;
class QVBoxLayout;

namespace pilothouse {

class ShapeWidget;
class TextLabel;

/// How a copy stands: "12.1 MB of 40 MB · 8.2 MB/s · 4 s left"; "40 MB in 5 s"; why it failed.
/// Rate and time left from the mean since the start; none while nothing has come. `now`: Unix ms.
QString transferText(const Activity &activity, qint64 now);

/// One copy: what, how far, cancel while it runs, away when it has ended.
class TransferRow : public QWidget {
    Q_OBJECT

public:
    explicit TransferRow(QWidget *parent = nullptr);
    void refresh(const Activity &activity, qint64 now);

Q_SIGNALS:
    void cancelWanted();
    void dismissed();

private:
    ShapeWidget *m_shape;
    TextLabel *m_what, *m_how;
    QProgressBar *m_bar;
    QPushButton *m_button;
    bool m_running = true;
};

/// The copies of one target, newest first, at most four; as high as they need. The activity drawer
/// has them all, and goes on when this closes.
class TransferList : public QWidget {
    Q_OBJECT

public:
    TransferList(
        ActPort *acts, QString target, std::function<qint64()> clock, QWidget *parent = nullptr);

private:
    void refresh();
    ActPort *m_acts;
    QString m_target;
    std::function<qint64()> m_clock;
    QVBoxLayout *m_column;
    QHash<QString, TransferRow *> m_rows;
    QSet<QString> m_dismissed;
};

} // namespace pilothouse
