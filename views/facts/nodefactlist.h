// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/nodeclock.h"
#include "views/feed/knownfacts.h"

#include <QList>
#include <QString>

namespace pilothouse {

/// One fact of a node as it is shown and copied.
struct Fact {
    QString name;
    QString value; ///< empty: not known, and `why` says why and what to do
    QString why;
    bool mono = false;
};

struct FactGroup {
    QString title;
    QList<Fact> facts;
};

/// All that is known, in the order it is read: system, processors, GPUs, agent, connection.
/// `now`: Unix ms. Groups and their facts keep their places whatever is known.
QList<FactGroup> factGroups(const KnownFacts &facts, qint64 now);

/// "NAME: value" lines under their titles, for the clipboard.
QString factsText(const QList<FactGroup> &groups);

} // namespace pilothouse
