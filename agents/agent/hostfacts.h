// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/agent/folders.h"

#include "pilothouse/agent/v1/agent.pb.h"

#include <filesystem>
#include <string>
#include <vector>

namespace pilothouse::agent {

/// The part of a HelloReply that stays the same while the daemon runs.
void describeHost(const Folders &folders, v1::HelloReply &reply);

/// Sentences on what will not work as hoped on this host. `root` is a fixture folder in a test.
std::vector<std::string> hostWarnings(const std::filesystem::path &root);

} // namespace pilothouse::agent
