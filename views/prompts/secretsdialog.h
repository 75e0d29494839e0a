// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/prompter.h"

#include <QDialog>

class QLineEdit;

namespace pilothouse {

/// Password, passphrase or the fields of one keyboard-interactive round.
class SecretsDialog : public QDialog {
    Q_OBJECT

public:
    SecretsDialog(const SecretQuestion &question, QWidget *parent);
    QList<Secret> secrets() const; ///< one per field

private:
    QList<QLineEdit *> m_fields;
};

} // namespace pilothouse
