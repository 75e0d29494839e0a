// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/collectors/segment.h"

namespace pilothouse::agent {

Id randomId();
/// 32 hex digits; dashes are skipped. nullopt: something else.
std::optional<Id> parseId(std::string_view text);
std::string formatId(const Id &id);
/// As the kernel prints a boot id: 8-4-4-4-12.
std::string formatUuid(const Id &id);

} // namespace pilothouse::agent
