// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/gputest/report.h"

namespace gputest {

/// The result for people: a column per device, then the links, then what is wrong.
std::string tableOf(const Json &result);

} // namespace gputest
