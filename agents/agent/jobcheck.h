// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pilothouse/agent/v1/agent.pb.h"

#include <optional>
#include <string>

namespace pilothouse::agent {

/// Why a job cannot be what it says, as a sentence; nullopt when it is sound.
std::optional<std::string> problemWith(const v1::JobSpec &spec);

} // namespace pilothouse::agent
