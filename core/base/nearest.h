// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

namespace pilothouse {

/// The one of `names` that was probably meant: one that begins with it, or the fewest keys away.
/// Empty when none is near.
QString nearestName(const QString &wrong, const QStringList &names);

} // namespace pilothouse
