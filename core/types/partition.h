// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/node.h"

namespace pilothouse {

/// Of a MIG partition its profile, "1g.10gb"; the second of its kind on a GPU is "1g.10gb (2)", in
/// the order of `all` the node's devices. Empty for a whole device.
QString partitionName(const Device &device, const QList<Device> &all);

} // namespace pilothouse
