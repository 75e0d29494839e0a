// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/frame/paletteentries.h"
#include "views/pages/page.h"

#include <QMainWindow>
#include <QPointer>

class QDockWidget;
class QStackedWidget;

namespace pilothouse {

class InventoryView;
class Rail;
class ShortcutSheet;
class StatusLine;
class TargetView;

/// The window: top bar, rail, inventory, pages, activity drawer, status line. Remembers its
/// geometry, docks and where it was in `settingsFile` (none: nothing is remembered).
class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    MainWindow(const PageCatalog &catalog, Services *services, TargetFeed *feed, ActPort *acts,
        const QString &settingsFile);
    ~MainWindow() override;

    void openTarget(const QString &target, const QString &tab = {});
    void openPage(const QString &id);
    void openAlert(const QString &alert); ///< as PageContext::openAlert
    void showActivity(bool shown);
    void openPalette(const QString &text = {});
    void showShortcuts();
    void raiseWindow(); ///< a second start was asked for
    QList<PaletteEntry> paletteEntries() const;
    TimeRange *range() { return &m_range; }
    StatusLine *statusLine() const { return m_status; }

Q_SIGNALS:
    void painted(); ///< once, after the first frame

protected:
    void closeEvent(QCloseEvent *event) override;
    bool event(QEvent *event) override;
    bool focusNextPrevChild(bool next) override;

private:
    void build();
    void addShortcuts();
    void addActShortcuts();
    void runByKey(const ActInfo &act);
    PaletteFocus focus() const; ///< what acts are done to now
    void restore();
    void targetsChanged();
    void showAlertCount(int open);
    QString currentTarget() const;
    void openSubject(const QString &page, const QString &subject);
    Subjects *currentSubjects() const; ///< of the page that is shown; null when it has none

    PageCatalog m_catalog;
    TargetFeed *m_feed;
    ActPort *m_port;
    QString m_settingsFile;
    TimeRange m_range;
    PageContext m_context;
    Rail *m_rail = nullptr;
    InventoryView *m_inventory = nullptr;
    StatusLine *m_status = nullptr;
    QStackedWidget *m_stack = nullptr;
    QDockWidget *m_inventoryDock = nullptr, *m_activityDock = nullptr;
    CommandPalette *m_palette = nullptr;
    QPointer<ShortcutSheet> m_sheet;
    QHash<QString, QWidget *> m_pages;
    QList<TargetView *> m_targets; ///< most recent first
    bool m_painted = false;
};

} // namespace pilothouse
