// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace pilothouse::agent {

/// The GPU helper's executable, as it was built.
std::string_view embeddedGpuHelper();

} // namespace pilothouse::agent
