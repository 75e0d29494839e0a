// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/acts/typednamedialog.h"

#include "views/common/formrow.h"
#include "views/common/textlabel.h"
#include "views/theme/metrics.h"
#include "views/theme/style.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>

namespace pilothouse {

TypedNameDialog::TypedNameDialog(const ActInfo &act, const QString &targetName,
    const QString &subject, const QString &preview, QWidget *parent)
    : QDialog(parent)
    , m_field(new QLineEdit)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(act.title);
    setFixedWidth(480);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::margin, 16, metrics::margin, 16);
    column->setSpacing(metrics::gap);
    column->addWidget(
        new TextLabel(tr("%1 on %2").arg(act.title, targetName), TextKind::Subheading));
    const QString touched
        = subject.isEmpty() ? targetName : tr("%1 on %2").arg(subject, targetName);
    auto *text = new TextLabel(
        tr("This touches %1. %2").arg(touched, act.undo).trimmed(), TextKind::Body, Token::Text2);
    text->setWordWrap(true);
    column->addWidget(text);
    if (!preview.isEmpty()) {
        auto *command = new TextLabel(preview, TextKind::Mono);
        command->setWordWrap(true);
        command->setTextInteractionFlags(Qt::TextSelectableByMouse);
        column->addWidget(command);
    }
    column->addWidget(new FormRow(
        tr("Type “%1” to go on").arg(targetName), m_field, tr("This target is protected.")));
    auto *cancel = new QPushButton(tr("Cancel"));
    auto *go = new QPushButton(act.title);
    setButtonKind(go, ButtonKind::Danger);
    go->setEnabled(false);
    go->setDefault(true);
    cancel->setAutoDefault(false);
    auto *buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(go);
    column->addLayout(buttons);
    connect(m_field, &QLineEdit::textChanged, go,
        [go, targetName](const QString &typed) { go->setEnabled(typed == targetName); });
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(go, &QPushButton::clicked, this, &QDialog::accept);
    m_field->setFocus();
}

QString TypedNameDialog::typedName() const
{
    return m_field->text();
}

} // namespace pilothouse
