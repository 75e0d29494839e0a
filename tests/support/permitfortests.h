// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/permit.h"

namespace pilothouse {

/// Makes a Permit where a test speaks to a mutating method without an ActRunner.
class PermitForTests {
public:
    static Permit make() { return Permit(); }
};

} // namespace pilothouse
