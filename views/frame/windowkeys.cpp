// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// The main window's keys, and the palette and the sheet that list them.
#include "views/frame/demoentry.h"
#include "views/frame/inventoryview.h"
#include "views/frame/mainwindow.h"
#include "views/frame/rail.h"
#include "views/frame/shortcutsheet.h"
#include "views/frame/statusline.h"

#include <QAction>
#include <QCoreApplication>
#include <QDockWidget>
#include <QShortcut>
#include <QStackedWidget>

namespace pilothouse {

void MainWindow::addShortcuts()
{
    const auto add = [this](const QString &text, const QList<QKeySequence> &keys, auto slot) {
        auto *action = new QAction(text, this);
        action->setShortcuts(keys);
        connect(action, &QAction::triggered, this, slot);
        addAction(action);
    };
    add(tr("Command palette"), {QKeySequence(Qt::CTRL | Qt::Key_K)}, [this] { openPalette(); });
    add(tr("Find a target"), {QKeySequence(Qt::CTRL | Qt::Key_F)},
        [this] { m_inventory->focusSearch(); });
    add(tr("Inventory"), {QKeySequence(Qt::CTRL | Qt::Key_B)},
        [this] { m_inventoryDock->setVisible(!m_inventoryDock->isVisible()); });
    add(tr("Float the inventory"), {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_B)},
        [this] { m_inventoryDock->setFloating(!m_inventoryDock->isFloating()); });
    add(tr("Activity"), {QKeySequence(Qt::CTRL | Qt::Key_J)},
        [this] { showActivity(!m_activityDock->isVisible()); });
    add(tr("Float the activity"), {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_J)},
        [this] { m_activityDock->setFloating(!m_activityDock->isFloating()); });
    add(tr("Pause or follow"), {QKeySequence(Qt::CTRL | Qt::Key_P)},
        [this] { m_range.setLive(!m_range.live(), m_feed->now()); });
    add(tr("Shortcuts"), {QKeySequence(Qt::Key_F1), QKeySequence(Qt::Key_Question)},
        [this] { showShortcuts(); });
    if (canStartDemo(*m_feed))
        add(tr("Open the demo fleet"), {}, [this] { startDemo(this); });
    add(tr("Quit"), {QKeySequence(Qt::CTRL | Qt::Key_Q)}, [this] { close(); });
    for (const auto *page : std::as_const(m_catalog.rail)) {
        add(QCoreApplication::translate("pages", page->title),
            {QKeySequence(QString::fromLatin1(page->shortcut), QKeySequence::PortableText)},
            [this, id = QString::fromLatin1(page->id)] { openPage(id); });
    }
}

/// Acts are done to what is open or selected, from anywhere in the window, as the palette does
/// them. The alert page has keys of its own, which undo goes with.
void MainWindow::addActShortcuts()
{
    QList<QKeySequence> taken;
    const auto own = actions();
    for (const auto *action : own)
        taken << action->shortcuts();
    const auto acts = m_port->acts();
    for (const auto &act : acts) {
        if (act.shortcut.isEmpty() || taken.contains(act.shortcut)
            || act.id.startsWith(QLatin1String("alert.")))
            continue;
        auto *shortcut = new QShortcut(act.shortcut, this);
        connect(shortcut, &QShortcut::activated, this, [this, act] { runByKey(act); });
    }
}

void MainWindow::runByKey(const ActInfo &act)
{
    const auto entries = actEntries(m_context, focus());
    for (const auto &entry : entries) {
        if (entry.also != act.id)
            continue;
        if (entry.refused.isEmpty())
            entry.run();
        else
            openPalette(u'>' + act.title); // which says why not
        return;
    }
}

/// What Tab stops at below `region`, in Qt's order.
static QList<QWidget *> stopsIn(QWidget *window, const QWidget *region)
{
    QList<QWidget *> stops;
    for (auto *one = window->nextInFocusChain(); one != window; one = one->nextInFocusChain()) {
        if (region->isAncestorOf(one) && (one->focusPolicy() & Qt::TabFocus) && one->isEnabled()
            && one->isVisibleTo(window) && !one->focusProxy())
            stops << one;
    }
    return stops;
}

/// Qt's order is that in which widgets were made, pages long after the rest: Tab would leave the
/// inventory for the status line. It goes from region to region as they are seen.
bool MainWindow::focusNextPrevChild(bool next)
{
    const QList<QWidget *> regions{
        menuWidget(), m_rail, m_inventoryDock, m_stack->currentWidget(), m_activityDock, m_status};
    auto *from = focusWidget();
    qsizetype region = 0;
    while (region < regions.size()
        && !(regions[region] && from && regions[region]->isAncestorOf(from)))
        ++region;
    if (region == regions.size())
        return QMainWindow::focusNextPrevChild(next);
    const int way = next ? 1 : -1;
    auto stops = stopsIn(this, regions[region]);
    const auto at = stops.indexOf(from) + way;
    QWidget *to = at >= 0 && at < stops.size() && stops.contains(from) ? stops[at] : nullptr;
    for (qsizetype i = 1; !to && i <= regions.size(); ++i) {
        const auto *other = regions[(region + way * i + regions.size()) % regions.size()];
        stops = other ? stopsIn(this, other) : QList<QWidget *>();
        if (!stops.isEmpty())
            to = next ? stops.first() : stops.last();
    }
    if (!to)
        return false;
    to->setFocus(next ? Qt::TabFocusReason : Qt::BacktabFocusReason);
    return true;
}

void MainWindow::openPalette(const QString &text)
{
    m_palette->open(paletteEntries(), text);
}

PaletteFocus MainWindow::focus() const
{
    PaletteFocus focus;
    focus.target = currentTarget();
    if (const auto *subjects = currentSubjects())
        focus.selection = subjects->selection();
    return focus;
}

QList<PaletteEntry> MainWindow::paletteEntries() const
{
    const auto focus = this->focus();
    auto entries = actEntries(m_context, focus);
    const auto own = actions();
    for (auto *action : own)
        entries << PaletteEntry{
            u'>', action->text(), {}, action->shortcut(), {}, [action] { action->trigger(); }, {}};
    const auto targets = m_feed->targets();
    for (const auto &status : targets) {
        auto *window = const_cast<MainWindow *>(this);
        entries << PaletteEntry{u'@', status.target.name, targetDetail(status, m_feed->now()), {},
            {}, [window, id = status.target.id] { window->openTarget(id); }, {}};
    }
    entries << jobEntries(m_context);
    if (!focus.target.isEmpty())
        entries << PaletteEntry{u'/', tr("Files"), m_feed->targetName(focus.target), {}, {}, {}, {},
            [window = const_cast<MainWindow *>(this), id = focus.target](const QString &typed) {
                window->openTarget(id, QStringLiteral("files"));
                if (auto *files = window->currentSubjects(); files && typed.startsWith(u'/'))
                    files->showSubject(typed);
            }};
    entries << PaletteEntry{u':', tr("Theme"), tr("desktop, dark, light, high contrast"), {}, {},
        [window = const_cast<MainWindow *>(this)] { window->openPage(QStringLiteral("settings")); },
        {}};
    return entries;
}

void MainWindow::showShortcuts()
{
    if (m_sheet) {
        m_sheet->raise();
        m_sheet->activateWindow();
        return;
    }
    ShortcutSheet::Group window{tr("Window"), {}}, acts{tr("Actions"), {}};
    QList<QKeySequence> taken;
    const auto own = actions();
    for (const auto *action : own) {
        if (!action->shortcut().isEmpty())
            window.keys.append({action->text(), action->shortcut()});
        taken << action->shortcuts();
    }
    const auto all = m_port->acts();
    for (const auto &act : all) {
        if (!act.shortcut.isEmpty() && !taken.contains(act.shortcut))
            acts.keys.append({act.title, act.shortcut});
    }
    m_sheet = new ShortcutSheet(QList<ShortcutSheet::Group>{window, acts} + pageKeys(), this);
    m_sheet->show();
}

} // namespace pilothouse
