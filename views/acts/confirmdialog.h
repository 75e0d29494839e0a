// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/acts/actport.h"

#include <QDialog>

namespace pilothouse {

/// Before something that cannot be undone: what it touches and the command. Accepted when the
/// person goes on. Deletes itself.
class ConfirmDialog : public QDialog {
    Q_OBJECT

public:
    /// `go`: words of the button, "Send TERM"; `touches`: a line for each thing.
    ConfirmDialog(const ActInfo &act, const QString &targetName, const QStringList &touches,
        const QString &preview, const QString &go, QWidget *parent);
};

} // namespace pilothouse
