// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/pages/page.h"

namespace pilothouse {

/// Every page there is, in the order of the rail and of the tabs.
const PageCatalog &pageCatalog();

} // namespace pilothouse
