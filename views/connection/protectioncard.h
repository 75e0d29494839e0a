// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/common/card.h"
#include "views/pages/page.h"

class QButtonGroup;

namespace pilothouse {

/// What acts may do to the target: open, protected, read-only.
class ProtectionCard : public Card {
    Q_OBJECT

public:
    ProtectionCard(const PageContext &context, const QString &target);
    void refresh(const TargetStatus &status);

private:
    QButtonGroup *m_group;
};

} // namespace pilothouse
