// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/prompts/secretsdialog.h"

#include "views/common/formrow.h"
#include "views/common/textlabel.h"
#include "views/theme/metrics.h"
#include "views/theme/style.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>

namespace pilothouse {

SecretsDialog::SecretsDialog(const SecretQuestion &question, QWidget *parent)
    : QDialog(parent)
{
    setWindowTitle(question.title);
    setFixedWidth(440);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::margin, 16, metrics::margin, 16);
    column->setSpacing(metrics::gap);
    const auto addText = [column](const QString &text, TextKind kind, Token token) {
        auto *label = new TextLabel(text, kind, token);
        label->setWordWrap(true);
        column->addWidget(label);
    };
    addText(question.title, TextKind::Subheading, Token::Text);
    if (question.again)
        addText(tr("The last answer was refused."), TextKind::Body, Token::Bad);
    if (!question.instruction.trimmed().isEmpty())
        addText(question.instruction.trimmed(), TextKind::Body, Token::Text2);
    const auto fields = question.fields.isEmpty()
        ? QList<SecretQuestion::Field>{{tr("Password"), false}}
        : question.fields;
    for (const auto &field : fields) {
        auto *edit = new QLineEdit;
        edit->setEchoMode(field.echo ? QLineEdit::Normal : QLineEdit::Password);
        edit->setInputMethodHints(Qt::ImhSensitiveData | Qt::ImhNoPredictiveText);
        const QString prompt = field.prompt.trimmed();
        column->addWidget(new FormRow(prompt.endsWith(u':') ? prompt.chopped(1) : prompt, edit));
        m_fields << edit;
    }
    addText(tr("Kept in memory until Pilothouse ends, used for %1 only.").arg(question.host),
        TextKind::Small, Token::Text3);
    auto *cancel = new QPushButton(tr("Cancel"));
    auto *go = new QPushButton(tr("Continue"));
    setButtonKind(go, ButtonKind::Primary);
    cancel->setAutoDefault(false);
    go->setDefault(true);
    auto *buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(go);
    column->addLayout(buttons);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(go, &QPushButton::clicked, this, &QDialog::accept);
    m_fields.first()->setFocus();
}

QList<Secret> SecretsDialog::secrets() const
{
    QList<Secret> all;
    for (const auto *field : m_fields)
        all << Secret(field->text().toUtf8());
    return all;
}

} // namespace pilothouse
