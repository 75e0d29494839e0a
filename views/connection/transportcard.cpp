// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/connection/transportcard.h"

#include "views/common/segmentedcontrol.h"
#include "views/common/textlabel.h"

#include <QVBoxLayout>

namespace pilothouse {

TransportCard::TransportCard(const PageContext &context, const QString &target)
    : Card(tr("Transport"))
    , m_why(new TextLabel({}, TextKind::Body, Token::Text2))
    , m_choice(
          new SegmentedControl(tr("Transport"), {tr("Automatic"), tr("libssh"), tr("System ssh")}))
{
    m_why->setWordWrap(true);
    body()->addWidget(m_why);
    body()->addWidget(m_choice);
    connect(m_choice, &SegmentedControl::chosen, this, [acts = context.acts, target](int index) {
        ActRequest request;
        request.target = target;
        request.parameters.insert(
            QStringLiteral("transport"), transportName(TransportChoice(index)));
        acts->trigger(QStringLiteral("target.change"), {request});
    });
}

void TransportCard::refresh(const TargetStatus &status)
{
    const bool local = status.target.kind == TargetKind::Local;
    m_choice->setVisible(!local);
    m_choice->setCurrent(int(status.target.transport));
    if (local)
        m_why->setText(tr("This machine: the agent's own socket, without SSH."));
    else if (!status.transportWhy.isEmpty())
        m_why->setText(status.transportWhy);
    else
        m_why->setText(tr("Chosen from the resolved configuration when connecting. A change counts "
                          "from the next connection."));
}

} // namespace pilothouse
