// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/frame/groupdialog.h"

#include "views/common/formrow.h"
#include "views/common/textlabel.h"
#include "views/theme/metrics.h"
#include "views/theme/style.h"

#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace pilothouse {

GroupDialog::GroupDialog(const QString &title, const QString &what, const QString &before,
    const QStringList &taken, QWidget *parent)
    : QDialog(parent)
    , m_field(new QLineEdit(before))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(title);
    setFixedWidth(400);
    m_field->setMaxLength(80);
    m_field->selectAll();
    auto *row = new FormRow(tr("Name of the group"), m_field, what);
    auto *cancel = new QPushButton(tr("Cancel"));
    cancel->setAutoDefault(false);
    auto *go = new QPushButton(title);
    setButtonKind(go, ButtonKind::Primary);
    go->setDefault(true);
    auto *buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(go);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::margin, 16, metrics::margin, 16);
    column->setSpacing(metrics::gap);
    column->addWidget(row);
    column->addLayout(buttons);
    const auto check = [=, this] {
        const QString name = m_field->text().trimmed();
        go->setEnabled(!name.isEmpty() && name != before);
        const bool joins = name.compare(before, Qt::CaseInsensitive) != 0
            && taken.contains(name, Qt::CaseInsensitive);
        row->setProblem(
            joins ? tr("“%1” is there: its hosts stand together.").arg(name) : QString());
    };
    connect(m_field, &QLineEdit::textChanged, this, check);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(go, &QPushButton::clicked, this, [this] {
        Q_EMIT named(m_field->text().trimmed());
        accept();
    });
    check();
}

} // namespace pilothouse
