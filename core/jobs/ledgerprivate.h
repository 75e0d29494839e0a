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
    /// The rows as read last, and when: pages and charts ask for all of them each second.
    QList<LedgerRow> rows;
    std::pair<qint64, qint64> rowsAt{-1, -1};
    ProcessIdentity self = ProcessIdentity::ofThisProcess();
};

} // namespace pilothouse
