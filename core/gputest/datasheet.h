// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QString>

#include <optional>

namespace pilothouse {

/// What a card's maker publishes (datasheets.json, which names the sources): peaks, which no
/// program reaches.
struct Datasheet {
    QString title; ///< "H100 SXM"
    QString source, note;
    QHash<QString, double> figures; ///< by the figure names of a test's result
    double watts = 0;
};

/// By the name the driver gives: "NVIDIA H100 80GB HBM3". nullopt for a card that is not listed.
std::optional<Datasheet> datasheetOf(const QString &deviceName);

} // namespace pilothouse
