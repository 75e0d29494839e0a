// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Renders every page from a recorded workspace, light and dark, and says what is wrong with it.
#include "core/acts/services.h"
#include "core/jobs/jobservice.h"
#include "core/jobs/ledger.h"
#include "core/session/alertlog.h"
#include "core/session/healthmonitor.h"
#include "core/telemetry/store.h"
#include "tests/gui/checks.h"
#include "tests/gui/pseudolocale.h"
#include "tests/gui/recorded.h"
#include "tests/gui/recordednode.h"
#include "tests/support/agenthome.h"
#include "tests/views/fleet/samplefleet.h"
#include "views/acts/typednamedialog.h"
#include "views/alerts/alertspage.h"
#include "views/alerts/alerttree.h"
#include "views/common/agelabel.h"
#include "views/common/choicebutton.h"
#include "views/compare/comparepage.h"
#include "views/device/devicepage.h"
#include "views/fleet/fleetdelegate.h"
#include "views/fleet/fleetpage.h"
#include "views/fleet/heatmap.h"
#include "views/frame/mainwindow.h"
#include "views/frame/shortcutsheet.h"
#include "views/frame/statusline.h"
#include "views/pages/catalog.h"
#include "views/prompts/hostkeydialog.h"
#include "views/prompts/secretsdialog.h"
#include "views/theme/colorscheme.h"
#include "views/theme/theme.h"

#include <QCoroTask>
#include <QtWidgets>

#include <cstdio>

using namespace pilothouse;

namespace {

class Painter {
public:
    Painter(QString folder, const QString &recording)
        : m_folder(std::move(folder))
        , m_recording(readRecording(recording + QStringLiteral("/targets.json")))
        , m_telemetry(readRecording(recording + QStringLiteral("/telemetry.json")))
    {
    }

    /// `variant` is part of the pictures' names.
    void all(const QList<Scheme> &schemes, const QString &variant)
    {
        for (const auto scheme : schemes) {
            m_suffix = QLatin1Char('-') + schemeName(scheme) + variant;
            if (qApp->devicePixelRatio() > 1)
                m_suffix += QStringLiteral("@%1x").arg(qApp->devicePixelRatio());
            Theme::instance().setScheme(scheme);
            pages();
            dialogs();
        }
    }

    QStringList problems;

private:
    void pages()
    {
        RecordedFeed feed(m_recording);
        AgeLabel::fixNow(feed.now());
        RecordedActs acts(m_recording);
        QTemporaryDir folder;
        auto links = std::make_unique<RecordedLinks>(m_recording, feed.now());
        feed.setLinks(links.get());
        const auto ledger
            = std::move(*Ledger::openFile(folder.filePath(QStringLiteral("ledger.db"))));
        JobService jobs(std::move(links), ledger.get());
        const auto store
            = std::move(*TelemetryStore::openFolder(folder.filePath(QStringLiteral("store"))));
        fillStore(store.get(), m_telemetry, feed.now());
        QCoro::waitFor(store->flush());
        const auto wanted = m_recording.value(QLatin1String("jobs")).toArray().size();
        if (!eventually([&] { return jobs.jobs().size() == wanted; })) // the node tells them
            problems << QStringLiteral("the recorded jobs did not come");
        acts.judge = [&jobs](const QString &act, const ActRequest &request) {
            const auto job = jobs.find(request.subject);
            if (job && jobEnded(job->state) && act == QLatin1String("job.cancel"))
                return Can::refused(QStringLiteral("The job has ended."));
            if (job && !jobEnded(job->state) && act == QLatin1String("job.forget"))
                return Can::refused(QStringLiteral("The job has not ended: cancel it first."));
            return Can::allowed();
        };
        Services services;
        services.ledger = ledger.get();
        services.jobs = &jobs;
        services.store = store.get();
        HealthMonitor monitor(store.get());
        AlertLog alerts(nullptr, [&feed] { return feed.now(); });
        alerts.watch(&monitor, [](const QString &target, const QString &device) {
            return AlertLog::Names{
                target.section(u':', -1), device.isEmpty() ? QString() : QStringLiteral("GPU 2")};
        });
        sampleAlerts(monitor, alerts, feed.now());
        services.health = &monitor;
        services.alerts = &alerts;
        MainWindow window(pageCatalog(), &services, &feed, &acts, {});
        window.resize(1600, 1000);
        window.statusLine()->setUsage(0.021, 84.0 * 1024 * 1024);
        window.show();
        window.openPage(QStringLiteral("targets"));
        keep(window, QStringLiteral("targets"));
        fleet(window, feed.now());
        feedOfAlerts(window);
        compare(window, feed);
        device(window, feed);
        window.showShortcuts();
        auto *sheet = window.findChild<ShortcutSheet *>();
        keep(*sheet, QStringLiteral("shortcuts"));
        delete sheet;
        window.openPage(QStringLiteral("add"));
        keep(window, QStringLiteral("add-host"));
        window.openPage(QStringLiteral("settings"));
        keep(window, QStringLiteral("settings"));
        for (const auto &[id, name] :
            {std::pair{"ssh:dgx-spark", "connecting"}, {"ssh:lambda-a100", "failed"},
                {"ssh:archive", "not-opened"}, {"local", "local"}, {"ssh:train-a2", "stale"}}) {
            window.openTarget(QLatin1String(id), QStringLiteral("connection"));
            keep(window, QStringLiteral("connection-") + QLatin1String(name));
        }
        for (const auto *tab : pageCatalog().tabs) {
            if (QLatin1String(tab->id) == QStringLiteral("connection"))
                continue;
            window.openTarget(QStringLiteral("ssh:gpu-lab-3"), QLatin1String(tab->id));
            settle(); // charts and folders come from elsewhere
            keep(window, QStringLiteral("target-") + QLatin1String(tab->id));
            window.openTarget(QStringLiteral("ssh:archive"), QLatin1String(tab->id));
            keep(window, QStringLiteral("not-opened-") + QLatin1String(tab->id));
        }
        window.openTarget(QStringLiteral("ssh:train-a2"), QStringLiteral("facts"));
        keep(window, QStringLiteral("remembered-facts"));
        window.openPage(QStringLiteral("jobs"));
        settle();
        keep(window, QStringLiteral("jobs"));
        window.openPalette(QStringLiteral("#"));
        keep(window, QStringLiteral("palette-jobs"));
        window.showActivity(true);
        window.openTarget(QStringLiteral("ssh:dgx-spark"), QStringLiteral("connection"));
        keep(window, QStringLiteral("activity"));
        window.showActivity(false);
        window.resize(960, 600);
        keep(window, QStringLiteral("small"));
        window.findChild<CommandPalette *>()->hide();
        for (const char *page : {"fleet", "alerts"}) {
            window.openPage(QLatin1String(page));
            settle();
            keep(window, QLatin1String(page) + QStringLiteral("-small"));
        }
        window.resize(1600, 1000);
        window.openPalette(QStringLiteral("co"));
        keep(window, QStringLiteral("palette"));
        RecordedFeed none((QJsonObject()));
        MainWindow empty(pageCatalog(), nullptr, &none, &acts, {});
        empty.resize(1600, 1000);
        empty.show();
        keep(empty, QStringLiteral("empty"));
    }

    void fleet(MainWindow &window, qint64 now)
    {
        window.openPage(QStringLiteral("fleet"));
        keep(window, QStringLiteral("fleet-empty"));
        auto *page = window.findChild<FleetPage *>();
        page->setReading([](qint64 at) { return sampleFleet(64, at); });
        page->delegate()->setTrend([](const QString &, const QString &uuid, int columns) {
            Curve curve;
            curve.columns.resize(std::size_t(columns));
            for (int i = 0; i < columns; ++i) {
                const double value = 0.6 + 0.3 * std::sin(i * 0.15 + double(qHash(uuid) % 100));
                curve.columns[std::size_t(i)] = {value, value, value, value, 1};
            }
            return curve;
        });
        page->map()->setCurrent(sampleFleet(64, now)[3 * 8 + 7].key());
        settle();
        page->refresh();
        keep(window, QStringLiteral("fleet"));
        auto *tabs = page->findChild<QTabBar *>();
        tabs->setCurrentIndex(1);
        keep(window, QStringLiteral("fleet-table"));
        tabs->setCurrentIndex(0);
        manyJobs(window, page);
    }

    /// By job there are many cards with few cells.
    void manyJobs(MainWindow &window, FleetPage *page)
    {
        page->setReading([](qint64 at) {
            auto gpus = sampleFleet(64, at);
            for (std::size_t i = 0; i < gpus.size(); ++i)
                if (gpus[i].reserved())
                    gpus[i].jobName += QStringLiteral("-%1").arg(i / 5);
            return gpus;
        });
        auto *grouping = page->findChild<ChoiceButton *>();
        grouping->menu()->actions().at(int(FleetGrouping::Job))->trigger();
        settle();
        keep(window, QStringLiteral("fleet-jobs"));
        grouping->menu()->actions().at(int(FleetGrouping::Group))->trigger();
        page->setReading([](qint64 at) { return sampleFleet(64, at); });
    }

    /// One GPU of the recorded node.
    void device(MainWindow &window, const RecordedFeed &feed)
    {
        window.openPage(QStringLiteral("device"));
        keep(window, QStringLiteral("device-empty"));
        const QString target = QStringLiteral("ssh:gpu-lab-3");
        window.findChild<DevicePage *>()->showSubject(
            target + u'/' + feed.facts(target)->node.devices[2].uuid);
        settle();
        keep(window, QStringLiteral("device"));
        auto *area = window.findChild<DevicePage *>()->findChild<QScrollArea *>();
        area->verticalScrollBar()->setValue(area->verticalScrollBar()->maximum());
        settle();
        keep(window, QStringLiteral("device-end"));
    }

    /// The GPUs of one node side by side.
    void compare(MainWindow &window, const RecordedFeed &feed)
    {
        window.openPage(QStringLiteral("compare"));
        keep(window, QStringLiteral("compare-empty"));
        const QString target = QStringLiteral("ssh:gpu-lab-3");
        QStringList keys;
        const auto known = feed.facts(target);
        for (const auto &device : known->node.devices)
            keys << target + u'/' + device.uuid;
        window.findChild<ComparePage *>()->showSubject(keys.join(u'\n'));
        settle();
        keep(window, QStringLiteral("compare"));
    }

    /// As rules and a person leave them on a bad morning.
    static void sampleAlerts(HealthMonitor &monitor, AlertLog &alerts, qint64 now)
    {
        const auto report = [&](const char *node, const char *rule, HealthVerdict verdict,
                                const char *raw, qint64 minutesAgo) {
            HealthFinding finding;
            finding.rule = QString::fromLatin1(rule);
            finding.verdict = verdict;
            finding.raw = QString::fromUtf8(raw);
            finding.since = now - minutesAgo * 60'000;
            finding.lastSeen = now;
            monitor.report(QStringLiteral("ssh:") + QLatin1String(node), finding);
            return alerts.alerts().back().id;
        };
        using enum HealthVerdict;
        KernelMessage fallen;
        fallen.at = now - 12 * 60'000;
        fallen.kind = QStringLiteral("xid");
        fallen.xid = 79;
        fallen.device = QStringLiteral("GPU-00000002-5f3a-4c1e-9b2d-0a1b2c3d4e02");
        fallen.line = QStringLiteral("NVRM: Xid (PCI:0000:1b:00): 79, pid='<unknown>', "
                                     "name=<unknown>, GPU has fallen off the bus.");
        monitor.takeMessages(QStringLiteral("ssh:gpu-lab-3"), {fallen});
        report("gpu-lab-3", "remap-failed", Replace, "gpu_remap_failed = 1", 190);
        for (const char *node : {"train-a1", "train-a2", "dgx-spark"})
            report(node, "thermal", Watch, "gpu_throttle_reasons = 0x20", 41);
        report("archive", "silent", Watch, "The host does not answer. (Connection timed out)", 4);
        const auto seen = report("train-a2", "pcie", Watch, "gpu_pcie_replays = 312", 600);
        static_cast<void>(alerts.acknowledge({seen}, true));
        report("train-a1", "hot", Watch, "gpu_temperature_celsius = 93", 1500);
        monitor.withdraw(QStringLiteral("ssh:train-a1"), QStringLiteral("hot"));
    }

    void feedOfAlerts(MainWindow &window)
    {
        window.openPage(QStringLiteral("alerts"));
        auto *page = window.findChild<AlertsPage *>();
        page->tree()->expandAll();
        keep(window, QStringLiteral("alerts"));
        auto *tabs = page->findChild<QTabBar *>();
        tabs->setCurrentIndex(1);
        keep(window, QStringLiteral("alerts-quiet"));
        tabs->setCurrentIndex(0);
    }

    void dialogs()
    {
        HostKeyQuestion key;
        key.host = QStringLiteral("gpu-lab-4");
        key.type = QStringLiteral("ED25519");
        key.fingerprint = QStringLiteral("SHA256:pV3xTtVm1h5JkQ0mZ1yWl0g7Wc0aT0P2qvY7m3Rk9Q");
        key.alsoKnownAs
            = QStringList{QStringLiteral("10.2.0.64"), QStringLiteral("lab4.example.org")};
        HostKeyDialog hostKey(key, nullptr);
        hostKey.show();
        keep(hostKey, QStringLiteral("host-key"));
        SecretQuestion secret;
        secret.host = QStringLiteral("bastion");
        secret.title = QStringLiteral("One-time code for mia@bastion");
        secret.instruction = QStringLiteral("Enter the code of your token, then your PIN.");
        SecretQuestion::Field code, pin;
        code.prompt = QStringLiteral("Code:");
        code.echo = true;
        pin.prompt = QStringLiteral("PIN:");
        secret.fields << code << pin;
        secret.again = true;
        SecretsDialog secrets(secret, nullptr);
        secrets.show();
        keep(secrets, QStringLiteral("secrets"));
        ActInfo act;
        act.title = QStringLiteral("Remove agent");
        act.undo = QStringLiteral("Deploy the agent again.");
        auto *typed = new TypedNameDialog(act, QStringLiteral("gpu-lab-3"), {},
            QStringLiteral("ssh gpu-lab-3 pilothouse-agent remove"), nullptr);
        typed->show();
        keep(*typed, QStringLiteral("typed-name"));
        delete typed;
    }

    static void settle()
    {
        QEventLoop loop;
        QTimer::singleShot(600, &loop, &QEventLoop::quit);
        loop.exec();
    }

    void keep(QWidget &widget, const QString &name)
    {
        for (int i = 0; i < 3; ++i) // layouts settle in steps
            QCoreApplication::processEvents();
        widget.grab().save(QStringLiteral("%1/%2%3.png").arg(m_folder, name, m_suffix));
        for (const auto &problem : problemsOf(&widget))
            problems << name + m_suffix + QStringLiteral(": ") + problem;
    }

    QString m_folder, m_suffix;
    QJsonObject m_recording, m_telemetry;
};

} // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    QCommandLineParser parser;
    parser.addPositionalArgument(QStringLiteral("folder"), QStringLiteral("where pictures go"));
    parser.addPositionalArgument(
        QStringLiteral("recording"), QStringLiteral("folder with targets.json and telemetry.json"));
    const QCommandLineOption pseudo(
        QStringLiteral("pseudo"), QStringLiteral("longer texts with accents, dark only"));
    const QCommandLineOption rightToLeft(
        QStringLiteral("right-to-left"), QStringLiteral("mirrored, light only"));
    const QCommandLineOption dark(QStringLiteral("dark"), QStringLiteral("dark only"));
    parser.addOptions({pseudo, rightToLeft, dark});
    parser.process(application);
    const auto arguments = parser.positionalArguments();
    if (arguments.size() != 2) {
        std::fputs(
            "usage: pilothouse-pictures FOLDER RECORDINGS [--pseudo | --right-to-left | --dark]\n",
            stderr);
        return 2;
    }
    QApplication::setApplicationVersion(QStringLiteral("0.1.0"));
    QDir().mkpath(arguments[0]);
    Theme::install(Scheme::Dark);
    Painter painter(arguments[0], arguments[1]);
    PseudoLocale locale;
    if (parser.isSet(pseudo)) {
        QCoreApplication::installTranslator(&locale);
        painter.all({Scheme::Dark}, QStringLiteral("-pseudo"));
    } else if (parser.isSet(rightToLeft)) {
        QApplication::setLayoutDirection(Qt::RightToLeft);
        painter.all({Scheme::Light}, QStringLiteral("-rtl"));
    } else if (parser.isSet(dark)) {
        painter.all({Scheme::Dark}, {});
    } else {
        painter.all({Scheme::Dark, Scheme::Light, Scheme::HighContrast}, {});
    }
    painter.problems.removeDuplicates();
    for (const auto &problem : std::as_const(painter.problems))
        std::fprintf(stderr, "%s\n", qPrintable(problem));
    return painter.problems.isEmpty() ? 0 : 1;
}
