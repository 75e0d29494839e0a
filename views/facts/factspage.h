// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/facts/nodefactlist.h"
#include "views/pages/page.h"

class QStackedLayout;

namespace pilothouse {

class AgeLabel;
class EmptyState;
class FactCard;

/// What a target is: platform, processors, GPUs, agent, connection. Remembered facts show their
/// age; a target that was never connected says how they come.
class FactsPage : public TargetPage {
    Q_OBJECT

public:
    FactsPage(const PageContext &context, const QString &target);
    QList<QWidget *> headerActions() override;
    void refresh(const TargetStatus &status) override;

private:
    void copyAll();
    QList<FactGroup> groups() const;

    PageContext m_context;
    QString m_target;
    QList<FactCard *> m_cards; ///< in the order of factGroups()
    FactCard *m_missing; ///< metrics that the node says it cannot give
    AgeLabel *m_age;
    QWidget *m_ageRow;
    EmptyState *m_empty;
    QStackedLayout *m_stack;
};

} // namespace pilothouse
