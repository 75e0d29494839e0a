// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/pages/catalog.h"

namespace pilothouse {

extern const RailPage fleetPage, comparePage, devicePage, jobsPage, alertsPage, targetsPage,
    addHostPage, settingsPage;
extern const TargetTab connectionTab, factsTab, filesTab, jobsTab, launchTab, liveTab;

const PageCatalog &pageCatalog()
{
    static const PageCatalog catalog{
        {&fleetPage, &targetsPage, &jobsPage, &alertsPage, &addHostPage, &settingsPage,
            &comparePage, &devicePage},
        {&connectionTab, &liveTab, &jobsTab, &filesTab, &factsTab, &launchTab},
    };
    return catalog;
}

} // namespace pilothouse
