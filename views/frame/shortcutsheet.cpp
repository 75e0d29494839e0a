// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/frame/shortcutsheet.h"

#include "views/common/keyhint.h"
#include "views/common/textlabel.h"
#include "views/theme/metrics.h"

#include <QGridLayout>

namespace pilothouse {

ShortcutSheet::ShortcutSheet(const QList<Group> &groups, QWidget *parent)
    : QDialog(parent)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Shortcuts"));
    auto *columns = new QHBoxLayout(this);
    columns->setContentsMargins(metrics::margin, 16, metrics::margin, metrics::margin);
    columns->setSpacing(32);
    for (const auto &group : groups) {
        auto *grid = new QGridLayout;
        grid->setHorizontalSpacing(20);
        grid->setVerticalSpacing(8);
        grid->addWidget(new TextLabel(group.title, TextKind::Section, Token::Text3), 0, 0, 1, 2);
        int row = 1;
        for (const auto &[title, keys] : group.keys) {
            grid->addWidget(new TextLabel(title), row, 0);
            grid->addWidget(new KeyHint(keys), row, 1, Qt::AlignRight);
            ++row;
        }
        grid->setRowStretch(row, 1);
        columns->addLayout(grid);
    }
}

} // namespace pilothouse
