// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/connection/protectioncard.h"

#include "views/common/choicerow.h"

#include <QButtonGroup>
#include <QVBoxLayout>

namespace pilothouse {

ProtectionCard::ProtectionCard(const PageContext &context, const QString &target)
    : Card(tr("Protection"))
    , m_group(new QButtonGroup(this))
{
    const std::pair<QString, QString> choices[] = {{tr("Open"), QString()},
        {tr("Protected"), tr("type the name before anything destructive")},
        {tr("Read-only"), tr("nothing that changes the host is ever sent")}};
    for (int i = 0; i < 3; ++i) {
        auto *row = new ChoiceRow(choices[i].first, choices[i].second);
        m_group->addButton(row, i);
        body()->addWidget(row);
    }
    connect(m_group, &QButtonGroup::idClicked, this, [acts = context.acts, target](int index) {
        ActRequest request;
        request.target = target;
        request.parameters.insert(QStringLiteral("protection"), protectionName(Protection(index)));
        acts->trigger(QStringLiteral("target.protect"), {request});
    });
}

void ProtectionCard::refresh(const TargetStatus &status)
{
    m_group->button(int(status.target.protection))->setChecked(true);
}

} // namespace pilothouse
