// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/acts/actport.h"

#include <QDialog>

class QLineEdit;

namespace pilothouse {

/// Before something destructive is done to a protected target: what it touches, whether it can be
/// undone, the command; the target's name must be typed. Deletes itself.
class TypedNameDialog : public QDialog {
    Q_OBJECT

public:
    TypedNameDialog(const ActInfo &act, const QString &targetName, const QString &subject,
        const QString &preview, QWidget *parent);
    QString typedName() const;

private:
    QLineEdit *m_field;
};

} // namespace pilothouse
