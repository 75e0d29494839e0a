// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/coldblock.h"
#include "core/telemetry/damagelist.h"
#include "core/telemetry/rowbatch.h"

namespace pilothouse {

/// All rows of a block on disk. What is damaged is absent and reported; without ids: nothing is
/// readable.
RowBatch readBlock(const BlockRef &ref, DamageList &damage);
/// Those rows in memory, sealed.
std::shared_ptr<HotBlock> sealedBlock(const RowBatch &batch, const IsCounter &isCounter);

} // namespace pilothouse
