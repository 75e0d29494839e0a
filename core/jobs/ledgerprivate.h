// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Private to core/jobs.

#include "core/base/sqlite.h"
#include "core/jobs/ledger.h"
#include "core/jobs/processidentity.h"

namespace pilothouse {

struct LedgerPrivate {
    sqlite::Database database;
    ProcessIdentity self = ProcessIdentity::ofThisProcess();
};

} // namespace pilothouse
