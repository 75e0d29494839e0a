// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/acts/confirmdialog.h"

#include "views/common/textlabel.h"
#include "views/theme/metrics.h"
#include "views/theme/style.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

namespace pilothouse {

static constexpr qsizetype mostShown = 8;

ConfirmDialog::ConfirmDialog(const ActInfo &act, const QString &targetName,
    const QStringList &touches, const QString &preview, const QString &go, QWidget *parent)
    : QDialog(parent)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(act.title);
    setFixedWidth(560);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::margin, 16, metrics::margin, 16);
    column->setSpacing(metrics::gap);
    column->addWidget(
        new TextLabel(tr("%1 on %2").arg(act.title, targetName), TextKind::Subheading));
    QStringList shown = touches.mid(0, mostShown);
    if (touches.size() > mostShown)
        shown << tr("and %1 more").arg(touches.size() - mostShown);
    const auto add = [column](const QString &text, TextKind kind, Token token) {
        auto *label = new TextLabel(text, kind, token);
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText); // a process chooses its own name
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        column->addWidget(label);
    };
    add(shown.join(QLatin1Char('\n')), TextKind::Body, Token::Text);
    add(act.undo, TextKind::Body, Token::Text2);
    add(preview, TextKind::Mono, Token::Text);
    auto *cancel = new QPushButton(tr("Cancel"));
    auto *accept = new QPushButton(go);
    setButtonKind(accept, ButtonKind::Danger);
    accept->setAutoDefault(false);
    cancel->setDefault(true); // Return alone ends nothing
    auto *buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(accept);
    column->addLayout(buttons);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(accept, &QPushButton::clicked, this, &QDialog::accept);
    cancel->setFocus();
}

} // namespace pilothouse
