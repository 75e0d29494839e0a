// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/node.h"

#include <QJsonObject>

#include <optional>

namespace pilothouse {

/// What a target said of itself when it was last connected.
struct KnownFacts {
    NodeFacts node; ///< empty strings, zeros: never heard
    QString transport; ///< "local", "libssh", "openssh"
    QString transportWhy, summary;
    QString without; ///< why there is no agent; empty when there is one
    qint64 roundTripNs = 0; ///< 0 = not measured
    std::optional<qint64> skewMs; ///< node clock minus ours
    qint64 heardAt = 0; ///< Unix ms of the handshake
    bool live = false; ///< of the open link, not remembered
};

/// For the workspace's remembered values; process times and boot clocks are left out.
QJsonObject factsToJson(const KnownFacts &facts);
KnownFacts factsFromJson(const QJsonObject &json);

} // namespace pilothouse
