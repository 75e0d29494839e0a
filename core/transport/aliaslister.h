// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/transport/sshconfig.h"

#include <functional>
#include <optional>

namespace pilothouse {

/// Where an AliasLister reads.
struct ConfigSource {
    /// The text of a file; an Error says why not. NotFound for a file that is not there.
    std::function<Result<QByteArray>(const QString &file)> read;
    /// Files that an Include's pattern stands for, sorted; the pattern is absolute.
    std::function<QStringList(const QString &pattern)> expand;
    QString home; ///< of the user
};
/// The real files.
ConfigSource configFiles();

/// What listSshAliases does, on any source. Reads at most 1024 files and 16 MB.
AliasList listAliases(const QString &configFile, const ConfigSource &source);

} // namespace pilothouse
