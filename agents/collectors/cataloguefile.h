// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/agent/telemetrysource.h"

#include <filesystem>
#include <optional>
#include <string_view>

namespace pilothouse::agent {

/// The catalogue beside the ring on disk: lines of text with a checksum at the end.
std::string formatCatalogue(const Catalogue &catalogue);
/// nullopt when damaged in any byte or from a format we do not know.
std::optional<Catalogue> parseCatalogue(std::string_view text);

/// Replaces the file as a whole. Returns an errno, 0 = done.
int saveCatalogue(const std::filesystem::path &file, const Catalogue &catalogue);

} // namespace pilothouse::agent
