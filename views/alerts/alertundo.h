// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/acts/act.h"

#include <QObject>

#include <optional>

namespace pilothouse {

class ActMenu;
class AlertModel;

/// What takes the last act on alerts back, from wherever it was run: keys, buttons, menus, palette.
/// What is undone is gone: there is no redo.
class AlertUndo : public QObject {
    Q_OBJECT

public:
    AlertUndo(AlertModel *model, ActMenu *acts, QObject *parent = nullptr);
    void undo(); ///< nothing when there is nothing to take back

Q_SIGNALS:
    void said(const QString &text); ///< "3 alerts acknowledged."; can be undone from now on
    void undone();

private:
    struct Step {
        QString act;
        ActRequest request;
    };
    struct Last {
        QString act, text;
        QList<Step> back;
    };
    std::optional<Last> wayBack(const QString &act, const ActRequest &request) const;

    AlertModel *m_model;
    ActMenu *m_acts;
    std::optional<Last> m_running, m_last;
    bool m_undoing = false;
};

} // namespace pilothouse
