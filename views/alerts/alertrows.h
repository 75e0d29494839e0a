// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/alertmodel.h"

namespace pilothouse {

class Services;

/// Every alert with the job that held its device, or ran on its node, while it lasted. Empty
/// without a log.
std::vector<AlertRow> alertRows(const Services *services);
/// Those of `ids` that there still are.
std::vector<AlertRow> alertRows(const Services *services, const QStringList &ids);

} // namespace pilothouse
