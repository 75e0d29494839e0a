// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/common/card.h"
#include "views/facts/nodefactlist.h"

class QGridLayout;

namespace pilothouse {

/// A group of facts: names, values that can be selected, a copy button each. Rows are made anew
/// only when their number changes.
class FactCard : public Card {
    Q_OBJECT

public:
    explicit FactCard(const QString &title, QWidget *parent = nullptr);
    void setFacts(const QList<Fact> &facts);

private:
    void make(const QList<Fact> &facts);
    QGridLayout *m_grid;
    QList<Fact> m_facts;
};

} // namespace pilothouse
