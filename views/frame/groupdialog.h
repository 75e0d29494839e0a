// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

class QLineEdit;

namespace pilothouse {

/// Asks for a group's name; not modal, closed by Escape. A name that is there already says that
/// both become one. Deletes itself.
class GroupDialog : public QDialog {
    Q_OBJECT

public:
    GroupDialog(const QString &title, const QString &what, const QString &before,
        const QStringList &taken, QWidget *parent);

Q_SIGNALS:
    void named(const QString &name); ///< never empty

private:
    QLineEdit *m_field;
};

} // namespace pilothouse
