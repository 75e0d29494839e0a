// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/common/card.h"
#include "views/pages/page.h"

namespace pilothouse {

class SegmentedControl;
class TextLabel;

/// Which transport is used and why; Automatic, libssh or the system's ssh.
class TransportCard : public Card {
    Q_OBJECT

public:
    TransportCard(const PageContext &context, const QString &target);
    void refresh(const TargetStatus &status);

private:
    TextLabel *m_why;
    SegmentedControl *m_choice;
};

} // namespace pilothouse
