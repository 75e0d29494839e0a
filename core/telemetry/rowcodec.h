// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/bytes.h"

namespace pilothouse::codec {

/// Rows for the journal, cheap before small: each value XOR the one above it, without the zero
/// bytes at either end. A byte below 0x40 says how many zero bytes are left out at the low end
/// (three bits) and how many follow, less one (three bits); from 0x80 up: a run of up to 128 values
/// as in the row above, the first row's being +0.0. `values`: rows x cells.
void encodeRowValues(std::span<const double> values, std::size_t cells, Bytes &out);
/// False: damaged.
bool decodeRowValues(ByteReader &in, std::size_t cells, std::span<double> values);

} // namespace pilothouse::codec
