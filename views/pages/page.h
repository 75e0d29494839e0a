// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/acts/actmenu.h"
#include "views/feed/targetfeed.h"
#include "views/pages/timerange.h"

#include <QWidget>

namespace pilothouse {

class Services;

/// What every page gets from the window. All outlive the page.
struct PageContext {
    Services *services = nullptr; ///< null in pictures and view tests
    TargetFeed *feed = nullptr;
    ActMenu *acts = nullptr;
    TimeRange *range = nullptr;
    std::function<void(const QString &target, const QString &tab)> openTarget;
    std::function<void(const QString &page)> openPage;
    std::function<void(const QString &job)> openJob; ///< on the page of all jobs
    std::function<void(const QString &gpu)> openDevice; ///< its own page; "TARGET/UUID"
    /// On the feed: an alert's id, or "TARGET/DEVICE" for the worst that holds there.
    std::function<void(const QString &alert)> openAlert;
    /// Charts of these GPUs beside each other, "TARGET/UUID" each.
    std::function<void(const QStringList &gpus)> compare;
};

/// A page with things selected that acts can be done to: the palette offers those acts.
class Subjects {
public:
    virtual ~Subjects() = default;
    virtual QList<ActRequest> selection() const = 0; ///< one per selected thing
    virtual void showSubject(const QString &subject) = 0; ///< selects it, when it is there
};

/// One tab of one target. Made when first shown, kept while its target is among the last opened.
class TargetPage : public QWidget {
    Q_OBJECT

public:
    using QWidget::QWidget;
    /// Buttons for the header, the primary one last; they are the page's until the tab is left.
    virtual QList<QWidget *> headerActions() { return {}; }
    /// The target's state, stages or facts changed.
    virtual void refresh(const TargetStatus &status) { Q_UNUSED(status) }

Q_SIGNALS:
    void headerActionsChanged();
};

/// A tab as data.
struct TargetTab {
    const char *id; ///< "connection", "live"; for links and settings
    const char *title; ///< translated in context "pages"
    TargetPage *(*make)(const PageContext &context, const QString &target);
};

/// A verb of the rail as data.
struct RailPage {
    const char *id; ///< "targets", "jobs"
    const char *title;
    const char *icon; ///< "" = not in the rail, reached from elsewhere
    const char *shortcut; ///< portable
    bool atFoot;
    QWidget *(*make)(const PageContext &context);
};

/// What the window shows: one line per page in catalog.cpp.
struct PageCatalog {
    QList<const RailPage *> rail;
    QList<const TargetTab *> tabs;
};

} // namespace pilothouse
