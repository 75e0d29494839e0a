// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/alerts/alertempty.h"

#include "views/common/emptystate.h"

#include <QCoreApplication>

namespace pilothouse {

static QString tr(const char *text)
{
    return QCoreApplication::translate("alerts", text);
}

void sayNoAlerts(EmptyState *empty, const AlertModel &model, const QString &filter, bool live)
{
    if (model.hiddenCount() > 0) {
        empty->setText(tr("The filter hides all %1 alerts").arg(model.hiddenCount()),
            tr("No cause, place, job or line has “%1”.").arg(filter));
        empty->setAction(tr("Clear the filter"));
    } else if (model.view() == AlertView::Open) {
        empty->setText(live ? tr("Nothing needs you now") : tr("No alerts yet"),
            live ? tr("Rules watch every GPU, interface and node that is connected, and list here "
                      "what they find.")
                 : tr("Rules watch what is connected: GPUs, interfaces and nodes. Connect a "
                      "target."));
        empty->setAction(live ? QString() : tr("Show targets"));
    } else if (model.view() == AlertView::Quiet) {
        empty->setText(tr("Nothing is quiet"),
            tr("Alerts that were acknowledged or snoozed stand here until they are over or wake."));
        empty->setAction(QString());
    } else {
        empty->setText(tr("None has ended"), tr("Alerts that are over stay here for seven days."));
        empty->setAction(QString());
    }
}

} // namespace pilothouse
