// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/coldblock.h"
#include "core/telemetry/damagelist.h"
#include "core/telemetry/rowbatch.h"

namespace pilothouse {

struct StoredRows {
    RowBatch batch; ///< without ids: there is nothing
    bool whole = true; ///< false: some of it could not be read and is absent
};
/// All rows of a block on disk. What is damaged is absent and reported.
StoredRows readBlock(const BlockRef &ref, DamageList &damage);
/// Those rows in memory, sealed.
std::shared_ptr<HotBlock> sealedBlock(const RowBatch &batch, const IsCounter &isCounter);

} // namespace pilothouse
