// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>

#include <string>

namespace pilothouse {

/// Where and how `value` breaks `schema`; empty when it does not. Knows what our schema uses: type,
/// required, properties, additionalProperties false, items, const, enum and $ref into the root.
std::string schemaProblem(const nlohmann::json &root, const nlohmann::json &schema,
    const nlohmann::json &value, const std::string &where = "");

} // namespace pilothouse
