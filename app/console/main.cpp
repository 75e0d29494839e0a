// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// The console: composition only.
#include "core/acts/actrunner.h"
#include "core/acts/services.h"
#include "core/base/foreachlimited.h"
#include "core/base/log.h"
#include "core/base/paths.h"
#include "core/engines/service.h"
#include "core/gputest/service.h"
#include "core/jobs/jobservice.h"
#include "core/jobs/ledger.h"
#include "core/jobs/rankwatch.h"
#include "core/session/alertlog.h"
#include "core/session/alertnames.h"
#include "core/session/demofleet.h"
#include "core/session/healthmonitor.h"
#include "core/session/silencewatch.h"
#include "core/session/telemetryservice.h"
#include "core/session/workspace.h"
#include "core/telemetry/store.h"
#include "core/transport/ioloop.h"
#include "views/acts/runneracts.h"
#include "views/alerts/alertnotifier.h"
#include "views/alerts/alertsetting.h"
#include "views/common/headerstate.h"
#include "views/feed/workspacefeed.h"
#include "views/frame/mainwindow.h"
#include "views/frame/singleinstance.h"
#include "views/pages/catalog.h"
#include "views/prompts/windowprompter.h"
#include "views/settings/themesetting.h"
#include "views/theme/theme.h"

#include <QApplication>
#include <QCoroTask>
#include <QTimer>

#include <cstdio>
#include <ctime>
#include <unistd.h>

using namespace pilothouse;

/// Milliseconds since this process was started by the kernel.
static double sinceStart()
{
    std::FILE *file = std::fopen("/proc/self/stat", "re");
    unsigned long long ticks = 0;
    if (file) {
        // Field 22; the name in field 2 has no spaces for us.
        if (std::fscanf(file,
                "%*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s "
                "%*s %llu",
                &ticks)
            != 1)
            ticks = 0;
        std::fclose(file);
    }
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    return double(now.tv_sec) * 1e3 + double(now.tv_nsec) / 1e6
        - double(ticks) * 1e3 / double(sysconf(_SC_CLK_TCK));
}

template <typename T> static T reported(Result<T> result)
{
    if (result)
        return std::move(*result);
    qCWarning(lcWindow).noquote() << result.error().message << result.error().cause;
    return {};
}

/// All nodes of a demo, some at a time. The targets' own pages show how it went.
static Task<> connectAll(RunnerActs *acts, QList<Target> targets)
{
    std::vector<QString> ids;
    for (const auto &target : std::as_const(targets))
        ids.push_back(target.id);
    auto connecting = forEachLimited(std::move(ids), 16, [acts](QString id) -> Task<> {
        ActRequest request;
        request.target = id;
        auto running = acts->run(Context(), QStringLiteral("target.connect"), request);
        co_await std::move(running);
    });
    co_await std::move(connecting);
}

int main(int argc, char **argv)
{
    const bool trace = qEnvironmentVariableIsSet("PILOTHOUSE_TRACE_START");
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("pilothouse"));
    QApplication::setApplicationDisplayName(QStringLiteral("Pilothouse"));
    QApplication::setApplicationVersion(QStringLiteral(PILOTHOUSE_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("pilothouse"));
    const bool once = QApplication::arguments().contains(QStringLiteral("--quit-after-paint"));

    std::unique_ptr<DemoFleet> demo;
    QStringList words = QApplication::arguments().mid(1);
    if (const auto asked = DemoOptions::take(words)) {
        auto started = *asked ? DemoFleet::start(**asked) : fail(asked->error());
        if (!started) {
            std::fprintf(stderr, "pilothouse: %s %s\n", qPrintable(started.error().message),
                qPrintable(started.error().cause));
            return 1;
        }
        demo = std::move(*started); // from here on nothing is stored in the user's folders
    }

    SingleInstance instance(paths::runtime() + QStringLiteral("/console.sock"));
    if (!instance.claim())
        return 0;

    const QString windowFile = paths::config() + QStringLiteral("/window.ini");
    ThemeSetting::instance().load(windowFile);
    AlertSetting::instance().load(windowFile);
    setHeaderStateFile(windowFile);
    Theme::install(ThemeSetting::instance().scheme());
    QApplication::setWindowIcon(QIcon(QStringLiteral(":/pilothouse/app/pilothouse.svg")));

    int code = 0;
    {
        WindowPrompter prompter;
        Services services;
        Workspace workspace(paths::data() + QStringLiteral("/workspace.db"), &prompter);
        if (demo) {
            workspace.setTargets(demo->targets());
            workspace.setConnector(DemoFleet::connector());
        }
        if (const auto loaded = workspace.load(); !loaded)
            qCWarning(lcWindow).noquote() << loaded.error().message << loaded.error().cause;
        services.workspace = &workspace;
        services.prompter = &prompter;
        const auto store
            = reported(TelemetryStore::openFolder(paths::data() + QStringLiteral("/telemetry")));
        services.store = store.get();
        TelemetryService telemetry(&workspace, store.get());
        services.telemetry = &telemetry;
        std::unique_ptr<HealthMonitor> health;
        if (store) {
            health = std::make_unique<HealthMonitor>(store.get());
            QObject::connect(&telemetry, &TelemetryService::sampleArrived, health.get(),
                &HealthMonitor::examine);
            QObject::connect(&telemetry, &TelemetryService::catalogueChanged, health.get(),
                &HealthMonitor::forgetCatalogue);
            QObject::connect(&telemetry, &TelemetryService::kernelSaid, health.get(),
                &HealthMonitor::takeMessages);
        }
        services.health = health.get();
        AlertLog alerts;
        if (const auto opened = alerts.open(paths::data() + QStringLiteral("/workspace.db"));
            !opened)
            qCWarning(lcWindow).noquote() << opened.error().message << opened.error().cause;
        std::unique_ptr<SilenceWatch> silence;
        if (health) {
            alerts.watch(health.get(), namesFrom(&workspace));
            silence = std::make_unique<SilenceWatch>(&workspace, health.get());
            QObject::connect(&workspace, &Workspace::targetsChanged, &alerts, [&] {
                QSet<QString> ids;
                for (const auto &target : workspace.targets())
                    ids.insert(target.id);
                health->keepOnly(ids);
                alerts.keepOnly(ids);
            });
        }
        services.alerts = &alerts;
        const auto ledger
            = reported(Ledger::openFile(paths::data() + QStringLiteral("/ledger.db")));
        services.ledger = ledger.get();
        std::unique_ptr<JobService> jobs;
        if (ledger)
            jobs = std::make_unique<JobService>(&workspace, ledger.get());
        services.jobs = jobs.get();
        std::unique_ptr<EngineService> engines;
        if (jobs) {
            engines = std::make_unique<EngineService>(&workspace);
            jobs->setEngines(engines.get());
        }
        services.engines = engines.get();
        std::unique_ptr<RankWatch> ranks;
        if (jobs && health)
            ranks = std::make_unique<RankWatch>(jobs.get(), health.get());
        std::unique_ptr<GpuTestService> gpuTests;
        auto tests = GpuTestStore::openFile(paths::data() + QStringLiteral("/gputests.db"));
        if (!tests)
            qCWarning(lcWindow).noquote() << tests.error().message << tests.error().cause;
        else if (jobs)
            gpuTests = std::make_unique<GpuTestService>(jobs.get(), std::move(*tests));
        services.gpuTests = gpuTests.get();
        ActRunner runner(services);
        services.runner = &runner;
        RunnerActs acts(&runner);
        WorkspaceFeed feed(&workspace, &telemetry);

        MainWindow window(pageCatalog(), &services, &feed, &acts, windowFile);
        prompter.setWindow(&window);
        DesktopNotifications desktop;
        AlertNotifier notifier(&alerts, &desktop);
        notifier.setSimulated(demo != nullptr);
        QObject::connect(
            &notifier, &AlertNotifier::alertWanted, &window, [&window](const QString &alert) {
                window.raiseWindow();
                window.openAlert(alert);
            });
        if (demo)
            window.openPage(QStringLiteral("fleet"));
        QObject::connect(
            &instance, &SingleInstance::raiseWanted, &window, &MainWindow::raiseWindow);
        QObject::connect(&window, &MainWindow::painted, &window, [&] {
            if (trace)
                std::fprintf(stderr, "first paint after %.0f ms\n", sinceStart());
            if (once) {
                QApplication::quit();
                return;
            }
            ThemeSetting::instance().followDesktop();
            if (demo) {
                connectAll(&acts, demo->targets());
                return;
            }
            ActRequest request;
            request.target = QStringLiteral("local");
            QCoro::connect(acts.run(Context(), QStringLiteral("target.connect"), request), &window,
                [](const Result<QJsonObject> &) { /* the connection page shows it */ });
        });
        window.show();
        code = QApplication::exec();
    }
    IoLoop::instance().stop();
    return code;
}
