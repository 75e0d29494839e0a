// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/transport/aliaslister.h"
#include "core/transport/configwords.h"

namespace pilothouse {

/// The lines of ssh_config that hold for one host, without running ssh.
struct HostLines {
    QList<ConfigLine> lines; ///< in the order ssh reads them; Host and Match lines left out
    /// Only ssh can tell: a Match other than `all`, an Include too deep, quotes that do not close.
    bool needsSsh = false;
};

/// A configuration file that ssh reads, and the folder its relative Includes start from.
struct ConfigRoot {
    QString file;
    QString includeFolder;
};
/// As ssh does: $PILOTHOUSE_SSH_CONFIG alone, or the user's file, then the system's.
QList<ConfigRoot> configRoots();

/// Parsed files are remembered until they change, so that a thousand hosts cost one parse. Main
/// thread only.
HostLines hostLines(const QByteArray &alias, const QList<ConfigRoot> &roots);

} // namespace pilothouse
