// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/fleet.h"
#include "views/theme/shapes.h"

namespace pilothouse {

ShapeStyle shapeOf(FleetState state);

} // namespace pilothouse
