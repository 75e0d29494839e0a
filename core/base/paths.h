// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace pilothouse::paths {

/// All of the folders below lie in `folder` from now on; empty = where they belong.
void setRoot(const QString &folder);

/// Folders of the console and ctl, XDG, created 0700 on first use; each ends without a slash.
QString data(); ///< $XDG_DATA_HOME/pilothouse: workspace.db, ledger.db, telemetry/, transfers/
QString config(); ///< $XDG_CONFIG_HOME/pilothouse
QString cache(); ///< $XDG_CACHE_HOME/pilothouse
QString
runtime(); ///< $XDG_RUNTIME_DIR/pilothouse, or a 0700 folder of ours in the temporary folder
/// A file shipped with the program: beside the executable, in ../libexec/pilothouse, or in the
/// build tree.
QString bundled(const QString &name);

} // namespace pilothouse::paths
