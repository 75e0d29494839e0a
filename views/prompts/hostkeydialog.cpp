// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/prompts/hostkeydialog.h"

#include "views/common/card.h"
#include "views/common/textlabel.h"
#include "views/theme/metrics.h"
#include "views/theme/style.h"

#include <QHBoxLayout>
#include <QPushButton>

namespace pilothouse {

HostKeyDialog::HostKeyDialog(const HostKeyQuestion &question, QWidget *parent)
    : QDialog(parent)
{
    setWindowTitle(tr("Host key of %1").arg(question.host));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::margin, 16, metrics::margin, 16);
    column->setSpacing(metrics::gap);
    column->addWidget(
        new TextLabel(tr("%1 is not known yet").arg(question.host), TextKind::Subheading));
    auto *text = new TextLabel(
        tr("Its key is in no known_hosts file. Compare the fingerprint with what the host's owner "
           "says; nothing is sent to it before you answer."),
        TextKind::Body, Token::Text2);
    text->setWordWrap(true);
    column->addWidget(text);

    auto *card = new Card;
    auto *key = new TextLabel(
        QStringLiteral("%1  %2").arg(question.type, question.fingerprint), TextKind::Mono);
    key->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    key->setAccessibleName(tr("Key fingerprint"));
    key->setWordWrap(true);
    card->body()->addWidget(key);
    auto *also = new TextLabel(question.alsoKnownAs.isEmpty()
            ? tr("Not known under another name either.")
            : tr("Known already as %1.").arg(question.alsoKnownAs.join(QStringLiteral(", "))),
        TextKind::Small, question.alsoKnownAs.isEmpty() ? Token::Text3 : Token::Text);
    also->setWordWrap(true);
    card->body()->addWidget(also);
    column->addWidget(card);

    auto *reject = new QPushButton(tr("Do not connect"));
    auto *once = new QPushButton(tr("Connect once"));
    auto *save = new QPushButton(tr("Save the key and connect"));
    setButtonKind(save, ButtonKind::Primary);
    // Return must not accept a key that nobody has looked at.
    reject->setDefault(true);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(reject);
    buttons->addStretch(1);
    buttons->addWidget(once);
    buttons->addWidget(save);
    column->addLayout(buttons);
    // As wide as the buttons need, as high as the text needs at that width.
    ensurePolished();
    const int width = std::max(540, column->minimumSize().width());
    setMinimumWidth(width);
    resize(width, column->totalHeightForWidth(width));
    connect(reject, &QPushButton::clicked, this, &QDialog::reject);
    connect(once, &QPushButton::clicked, this, [this] {
        m_answer = HostKeyAnswer::AcceptOnce;
        accept();
    });
    connect(save, &QPushButton::clicked, this, [this] {
        m_answer = HostKeyAnswer::AcceptAndSave;
        accept();
    });
}

} // namespace pilothouse
