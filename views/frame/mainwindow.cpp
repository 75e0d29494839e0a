// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/frame/mainwindow.h"

#include "core/acts/services.h"
#include "core/session/alertlog.h"
#include "core/telemetry/store.h"
#include "views/frame/activityview.h"
#include "views/frame/inventoryview.h"
#include "views/frame/rail.h"
#include "views/frame/statusline.h"
#include "views/frame/storagedialog.h"
#include "views/frame/targetview.h"
#include "views/frame/topbar.h"
#include "views/theme/metrics.h"
#include "views/theme/theme.h"

#include <QAction>
#include <QCloseEvent>
#include <QCoreApplication>
#include <QDockWidget>
#include <QLayout>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTimer>
#include <QToolBar>

namespace pilothouse {

static constexpr int keptTargets = 8;

MainWindow::MainWindow(const PageCatalog &catalog, Services *services, TargetFeed *feed,
    ActPort *acts, const QString &settingsFile)
    : m_catalog(catalog)
    , m_feed(feed)
    , m_port(acts)
    , m_settingsFile(settingsFile)
{
    setWindowTitle(tr("Pilothouse"));
    auto *menu = new ActMenu(
        acts, [feed](const QString &id) { return feed->targetName(id); }, this);
    m_context.services = services;
    m_context.feed = feed;
    m_context.acts = menu;
    m_context.range = &m_range;
    m_context.openTarget = [this](const QString &id, const QString &tab) { openTarget(id, tab); };
    m_context.openPage = [this](const QString &id) { openPage(id); };
    m_context.openJob = [this](const QString &id) { openSubject(QStringLiteral("jobs"), id); };
    m_context.openDevice
        = [this](const QString &gpu) { openSubject(QStringLiteral("device"), gpu); };
    m_context.openAlert = [this](const QString &alert) { openAlert(alert); };
    m_context.compare = [this](const QStringList &gpus) {
        openSubject(QStringLiteral("compare"), gpus.join(u'\n'));
    };
    build();
    addShortcuts();
    addActShortcuts();
    if (services != nullptr && services->alerts != nullptr) {
        auto *alerts = services->alerts;
        const auto count = [this, alerts] { showAlertCount(alerts->openCount()); };
        connect(alerts, &AlertLog::changed, this, count);
        count();
    }
    if (services != nullptr && services->store != nullptr) {
        const auto *store = services->store;
        const auto count = [this, store] { m_status->setDamage(store->damage().size()); };
        connect(store, &TelemetryStore::damageChanged, this, count);
        connect(m_status, &StatusLine::damageWanted, this,
            [this, store] { (new StorageDialog(store, this))->show(); });
        count();
    }
    connect(menu, &ActMenu::failed, this,
        [this](const QString &act, const QString &, const Error &error) {
            // The connection page shows these itself.
            if (error.kind != ErrorKind::Cancelled && !act.startsWith(QStringLiteral("target.")))
                showActivity(true);
        });
    connect(&Theme::instance(), &Theme::changed, this, [this] {
        const auto widgets = findChildren<QWidget *>();
        for (auto *widget : widgets)
            widget->update();
    });
    connect(feed, &TargetFeed::targetsChanged, this, &MainWindow::targetsChanged);
    connect(feed, &TargetFeed::statusesChanged, menu, &ActMenu::refresh);
    restore();
}

MainWindow::~MainWindow() = default;

/// In the window a dock has no title; floating it has the desktop's, to be moved and closed by.
static void plain(QDockWidget *dock)
{
    dock->setTitleBarWidget(new QWidget(dock));
    QObject::connect(dock, &QDockWidget::topLevelChanged, dock, [dock](bool floats) {
        delete dock->titleBarWidget();
        dock->setTitleBarWidget(floats ? nullptr : new QWidget(dock));
    });
}

void MainWindow::build()
{
    resize(1440, 900);
    setMinimumSize(960, 560);
    setDockOptions(AllowNestedDocks | AllowTabbedDocks);
    setContextMenuPolicy(Qt::NoContextMenu);
    auto *top = new TopBar(m_feed, &m_range);
    setMenuWidget(top);
    connect(top, &TopBar::paletteWanted, this, [this] { openPalette(); });

    auto *bar = new QToolBar(tr("Pages"));
    bar->setObjectName(QStringLiteral("rail"));
    bar->setMovable(false);
    bar->setContentsMargins(0, 0, 0, 0);
    if (bar->layout())
        bar->layout()->setContentsMargins(0, 0, 0, 0);
    m_rail = new Rail(m_catalog.rail);
    m_rail->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding);
    bar->addWidget(m_rail);
    addToolBar(Qt::LeftToolBarArea, bar);
    connect(m_rail, &Rail::chosen, this, &MainWindow::openPage);

    m_inventory = new InventoryView(m_feed, m_context.acts);
    m_inventoryDock = new QDockWidget(tr("Inventory"), this);
    m_inventoryDock->setObjectName(QStringLiteral("inventory"));
    plain(m_inventoryDock);
    m_inventoryDock->setWidget(m_inventory);
    addDockWidget(Qt::LeftDockWidgetArea, m_inventoryDock);
    resizeDocks({m_inventoryDock}, {metrics::inventory}, Qt::Horizontal);
    connect(
        m_inventory, &InventoryView::chosen, this, [this](const QString &id) { openTarget(id); });

    connect(
        m_inventory, &InventoryView::addWanted, this, [this] { openPage(QStringLiteral("add")); });
    connect(m_inventory, &InventoryView::floatWanted, this,
        [this] { m_inventoryDock->setFloating(!m_inventoryDock->isFloating()); });
    connect(m_inventory, &InventoryView::hideWanted, m_inventoryDock, &QWidget::hide);

    auto *activity = new ActivityView(
        m_port,
        [feed = m_feed](
            const QString &id) { return id.isEmpty() ? QString() : feed->targetName(id); },
        [feed = m_feed] { return feed->now(); });
    m_activityDock = new QDockWidget(tr("Activity"), this);
    m_activityDock->setObjectName(QStringLiteral("activity"));
    plain(m_activityDock);
    m_activityDock->setWidget(activity);
    connect(activity, &ActivityView::floatWanted, this,
        [this] { m_activityDock->setFloating(!m_activityDock->isFloating()); });
    connect(activity, &ActivityView::hideWanted, this, [this] { showActivity(false); });
    m_activityDock->hide();
    setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
    addDockWidget(Qt::BottomDockWidgetArea, m_activityDock);
    resizeDocks({m_activityDock}, {200}, Qt::Vertical);

    m_stack = new QStackedWidget;
    setCentralWidget(m_stack);
    m_status = new StatusLine(m_feed, m_port);
    auto *line = new QStatusBar;
    line->setSizeGripEnabled(false);
    line->setContentsMargins(0, 0, 0, 0);
    line->layout()->setContentsMargins(0, 0, 0, 0);
    line->addPermanentWidget(m_status, 1);
    setStatusBar(line);
    connect(m_status, &StatusLine::activityWanted, this,
        [this] { showActivity(!m_activityDock->isVisible()); });
    connect(
        m_status, &StatusLine::alertsWanted, this, [this] { openPage(QStringLiteral("alerts")); });
    m_palette = new CommandPalette(this);
}

void MainWindow::showAlertCount(int open)
{
    m_status->setAlerts(open);
    m_rail->setBadge(QStringLiteral("alerts"), open,
        open == 0       ? QString()
            : open == 1 ? tr("1 open alert")
                        : tr("%1 open alerts").arg(open));
}

void MainWindow::openPage(const QString &id)
{
    for (const auto *page : std::as_const(m_catalog.rail)) {
        if (id != QLatin1String(page->id))
            continue;
        auto *&widget = m_pages[id];
        if (!widget) {
            widget = page->make(m_context);
            m_stack->addWidget(widget);
        }
        m_stack->setCurrentWidget(widget);
        m_inventory->select({});
        m_rail->setCurrent(id);
        if (auto *proxy = widget->focusProxy())
            proxy->setFocus();
        return;
    }
}

void MainWindow::openTarget(const QString &target, const QString &tab)
{
    if (!m_feed->status(target) || m_catalog.tabs.isEmpty())
        return;
    TargetView *view = nullptr;
    for (auto *one : std::as_const(m_targets)) {
        if (one->target() == target)
            view = one;
    }
    const bool made = !view;
    if (made) {
        view = new TargetView(m_context, m_catalog.tabs, target);
        m_stack->addWidget(view);
    }
    if (made || !tab.isEmpty())
        view->showTab(tab);
    m_targets.removeAll(view);
    m_targets.prepend(view);
    m_stack->setCurrentWidget(view);
    while (m_targets.size() > keptTargets)
        m_targets.takeLast()->deleteLater();
    m_inventory->select(target);
    m_rail->setCurrent(QStringLiteral("targets"));
}

void MainWindow::openSubject(const QString &page, const QString &subject)
{
    openPage(page);
    if (auto *subjects = currentSubjects())
        subjects->showSubject(subject);
}

void MainWindow::openAlert(const QString &alert)
{
    openSubject(QStringLiteral("alerts"), alert);
}

QString MainWindow::currentTarget() const
{
    const auto *view = qobject_cast<TargetView *>(m_stack->currentWidget());
    return view ? view->target() : QString();
}

Subjects *MainWindow::currentSubjects() const
{
    QWidget *page = m_stack->currentWidget();
    if (const auto *view = qobject_cast<TargetView *>(page))
        page = view->currentPage();
    return dynamic_cast<Subjects *>(page);
}

void MainWindow::targetsChanged()
{
    const auto views = m_targets;
    for (auto *view : views) {
        if (m_feed->status(view->target()))
            continue;
        if (m_stack->currentWidget() == view)
            openPage(QStringLiteral("targets"));
        m_targets.removeAll(view);
        view->deleteLater();
    }
    m_inventory->select(currentTarget());
}

void MainWindow::showActivity(bool shown)
{
    m_activityDock->setVisible(shown);
}

void MainWindow::raiseWindow()
{
    setWindowState(windowState() & ~Qt::WindowMinimized);
    show();
    raise();
    activateWindow();
}

void MainWindow::restore()
{
    QString target, page = QStringLiteral("targets");
    if (!m_settingsFile.isEmpty()) {
        const QSettings settings(m_settingsFile, QSettings::IniFormat);
        restoreGeometry(settings.value(QStringLiteral("window/geometry")).toByteArray());
        restoreState(settings.value(QStringLiteral("window/docks")).toByteArray());
        m_range.setSpan(settings.value(QStringLiteral("window/span"), m_range.span()).toLongLong());
        target
            = settings.value(QStringLiteral("window/target"), QStringLiteral("local")).toString();
        page = settings.value(QStringLiteral("window/page"), page).toString();
    }
    openPage(page);
    if (!target.isEmpty())
        openTarget(target);
    m_inventory->focusList();
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (!m_settingsFile.isEmpty()) {
        QSettings settings(m_settingsFile, QSettings::IniFormat);
        settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
        settings.setValue(QStringLiteral("window/docks"), saveState());
        settings.setValue(QStringLiteral("window/span"), m_range.span());
        settings.setValue(QStringLiteral("window/target"), currentTarget());
        settings.setValue(QStringLiteral("window/page"), m_pages.key(m_stack->currentWidget()));
    }
    QMainWindow::closeEvent(event);
}

bool MainWindow::event(QEvent *event)
{
    const bool done = QMainWindow::event(event);
    if (event->type() == QEvent::UpdateRequest && !m_painted) {
        m_painted = true; // the backing store has been flushed by now
        QTimer::singleShot(0, this, &MainWindow::painted);
    }
    return done;
}

} // namespace pilothouse
