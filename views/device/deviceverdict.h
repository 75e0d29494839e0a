// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/fleet.h"
#include "views/common/card.h"

namespace pilothouse {

/// What is to be said of one GPU: each finding with its verdict, the sentence why, what to do and
/// the raw line it comes from; else its state.
class DeviceVerdict : public Card {
    Q_OBJECT

public:
    explicit DeviceVerdict(QWidget *parent = nullptr);
    void show(const FleetGpu &gpu, const QList<HealthFinding> &findings);
    using Card::show;

Q_SIGNALS:
    void alertWanted(); ///< since when, who has seen it

private:
    void addState(const FleetGpu &gpu);
    void addFinding(const HealthFinding &finding, bool first);
    void addRow(FleetState state, const QString &title, const QString &word, QWidget *action);

    QString m_shown; ///< what was built last
};

} // namespace pilothouse
