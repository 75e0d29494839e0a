// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Private to core/session: what workspace.db holds, for everyone that opens it.

#include <QStringList>

namespace pilothouse {

/// Brings workspace.db from version i to i + 1.
const QStringList &workspaceMigrations();

} // namespace pilothouse
