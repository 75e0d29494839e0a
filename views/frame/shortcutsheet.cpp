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
    QVBoxLayout *column = nullptr;
    qsizetype rows = 0;
    constexpr qsizetype tall = 15; // rows of a column
    for (const auto &group : groups) {
        if (!column || rows + group.keys.size() + 2 > tall) {
            column = new QVBoxLayout;
            column->setSpacing(16);
            columns->addLayout(column);
            rows = 0;
        }
        rows += group.keys.size() + 2;
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
        column->addLayout(grid);
    }
    for (int i = 0; i < columns->count(); ++i)
        static_cast<QVBoxLayout *>(columns->itemAt(i)->layout())->addStretch(1);
}

QList<ShortcutSheet::Group> pageKeys()
{
    using Group = ShortcutSheet::Group;
    const auto tr = [](const char *text) { return ShortcutSheet::tr(text); };
    const auto key = [](auto keys) { return QKeySequence(keys); };
    return {Group{tr("Charts"),
                {{tr("Pause or follow"), key(Qt::Key_Space)},
                    {tr("Back to now"), key(Qt::Key_Home)}, {tr("Earlier"), key(Qt::Key_Left)},
                    {tr("Later"), key(Qt::Key_Right)}, {tr("Zoom in"), key(Qt::Key_Plus)},
                    {tr("Zoom out"), key(Qt::Key_Minus)}, {tr("Undo zoom"), key(Qt::Key_Escape)},
                    {tr("Show one device, or all"), key(Qt::Key_0)},
                    {tr("Data as a table"), key(Qt::Key_Return)},
                    {tr("Save as CSV or PNG"), key(Qt::CTRL | Qt::Key_S)}}},
        Group{tr("Logs"),
            {{tr("Follow the end"), key(Qt::Key_End)},
                {tr("Go to the beginning"), key(Qt::Key_Home)}}},
        Group{tr("Files"),
            {{tr("Folder above"), key(Qt::ALT | Qt::Key_Up)},
                {tr("Home"), key(Qt::ALT | Qt::Key_Home)}, {tr("Read again"), key(Qt::Key_F5)},
                {tr("Copy paths"), key(Qt::CTRL | Qt::SHIFT | Qt::Key_C)}}},
        Group{tr("Launch"), {{tr("Launch"), key(Qt::CTRL | Qt::Key_Return)}}},
        Group{tr("Alerts"),
            {{tr("Acknowledge"), key(Qt::CTRL | Qt::Key_D)},
                {tr("Take acknowledgement back"), key(Qt::CTRL | Qt::SHIFT | Qt::Key_D)},
                {tr("Snooze"), key(Qt::CTRL | Qt::Key_S)}, {tr("Undo"), key(Qt::CTRL | Qt::Key_Z)},
                {tr("Open node"), key(Qt::CTRL | Qt::Key_G)}}}};
}

} // namespace pilothouse
