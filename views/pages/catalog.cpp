// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/pages/catalog.h"

namespace pilothouse {

extern const RailPage targetsPage, addHostPage, settingsPage;
extern const TargetTab connectionTab;

const PageCatalog &pageCatalog()
{
    static const PageCatalog catalog{
        {&targetsPage, &addHostPage, &settingsPage},
        {&connectionTab},
    };
    return catalog;
}

} // namespace pilothouse
