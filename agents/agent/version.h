// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace pilothouse::agent {

/// "0.1.0+<first 12 hex digits of the SHA-256 of this very binary>", worked out once.
const std::string &agentVersion();

/// The same, taken from the name of the folder this binary is installed in when it has one: a
/// `connect` then need not read the whole binary. `install` only accepts a folder of the right
/// name.
std::string installedVersion();

/// Modification time of this binary: of two builds of one version the one installed later is newer.
int64_t installedNs();

/// Whether the agent (version, time) should take the place of a running one.
bool isNewer(const std::string &version, int64_t installed, const std::string &running,
    int64_t runningInstalled);

} // namespace pilothouse::agent
