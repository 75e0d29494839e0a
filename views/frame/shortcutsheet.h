// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QKeySequence>

namespace pilothouse {

/// All shortcuts, in groups; not modal, closed by Escape.
class ShortcutSheet : public QDialog {
    Q_OBJECT

public:
    struct Group {
        QString title;
        QList<std::pair<QString, QKeySequence>> keys;
    };
    ShortcutSheet(const QList<Group> &groups, QWidget *parent);
};

/// The keys that pages have of their own, while they have the focus.
QList<ShortcutSheet::Group> pageKeys();

} // namespace pilothouse
