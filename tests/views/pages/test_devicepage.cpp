// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/acts/services.h"
#include "core/gputest/service.h"
#include "core/jobs/jobservice.h"
#include "core/jobs/ledger.h"
#include "core/session/healthmonitor.h"
#include "tests/gui/checks.h"
#include "tests/gui/recorded.h"
#include "tests/gui/recordednode.h"
#include "tests/support/agenthome.h"
#include "views/charts/chartview.h"
#include "views/common/emptystate.h"
#include "views/common/textlabel.h"
#include "views/device/devicepage.h"
#include "views/node/processpanel.h"
#include "views/theme/theme.h"

#include <QComboBox>
#include <QCoroTask>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

/// The page of one GPU, of a recorded node.
class TestDevicePage : public QObject {
    Q_OBJECT

    const QString m_target = QStringLiteral("ssh:gpu-lab-3");
    QTemporaryDir m_folder;
    std::unique_ptr<RecordedFeed> m_feed;
    std::unique_ptr<RecordedActs> m_acts;
    std::unique_ptr<Ledger> m_ledger;
    std::unique_ptr<JobService> m_jobs;
    std::unique_ptr<TelemetryStore> m_store;
    std::unique_ptr<HealthMonitor> m_health;
    std::unique_ptr<GpuTestService> m_tests;
    QWidget m_window;
    ActMenu *m_menu = nullptr; ///< the window's
    Services m_services;
    TimeRange m_range;
    QStringList m_opened;

    QString uuid(int gpu) const { return m_feed->facts(m_target)->node.devices[gpu].uuid; }
    std::unique_ptr<DevicePage> page(int gpu)
    {
        PageContext context;
        context.services = &m_services;
        context.feed = m_feed.get();
        context.acts = m_menu;
        context.range = &m_range;
        context.openTarget = [this](const QString &target, const QString &tab) {
            m_opened << target + u'/' + tab;
        };
        context.openPage = [this](const QString &page) { m_opened << page; };
        context.openJob = [this](const QString &job) { m_opened << QStringLiteral("job ") + job; };
        context.openAlert
            = [this](const QString &alert) { m_opened << QStringLiteral("alert ") + alert; };
        auto page = std::make_unique<DevicePage>(context);
        page->resize(1300, 1000);
        page->show();
        if (gpu >= 0)
            page->showSubject(m_target + u'/' + uuid(gpu));
        return page;
    }
    static bool says(const QWidget &in, const QString &text)
    {
        const auto labels = in.findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(), [&](const QLabel *label) {
            return label->isVisibleTo(&in) && label->text().contains(text);
        });
    }
    static QPushButton *button(const QWidget &in, const QString &text)
    {
        for (auto *one : in.findChildren<QPushButton *>())
            if (one->isVisibleTo(&in) && one->text().startsWith(text))
                return one;
        return nullptr;
    }

private Q_SLOTS:
    void initTestCase()
    {
        Theme::install(Scheme::Dark);
        const QString folder = QStringLiteral(PILOTHOUSE_SOURCE "/tests/fixtures/workspace/");
        const auto recording = readRecording(folder + QStringLiteral("targets.json"));
        m_feed = std::make_unique<RecordedFeed>(recording);
        m_acts = std::make_unique<RecordedActs>(recording);
        m_menu = new ActMenu(
            m_acts.get(), [](const QString &id) { return id; }, &m_window);
        auto links = std::make_unique<RecordedLinks>(recording, m_feed->now());
        m_feed->setLinks(links.get());
        m_ledger = std::move(*Ledger::openFile(m_folder.filePath(QStringLiteral("ledger.db"))));
        m_jobs = std::make_unique<JobService>(std::move(links), m_ledger.get());
        m_store = std::move(*TelemetryStore::openFolder(m_folder.filePath(QStringLiteral("t"))));
        fillStore(
            m_store.get(), readRecording(folder + QStringLiteral("telemetry.json")), m_feed->now());
        QVERIFY(QCoro::waitFor(m_store->flush()));
        m_health = std::make_unique<HealthMonitor>(m_store.get());
        auto tests = GpuTestStore::openFile(m_folder.filePath(QStringLiteral("gputests.db")));
        m_tests = std::make_unique<GpuTestService>(m_jobs.get(), std::move(*tests));
        m_services.jobs = m_jobs.get();
        m_services.store = m_store.get();
        m_services.health = m_health.get();
        m_services.gpuTests = m_tests.get();
        QVERIFY(eventually([this] { return !m_jobs->unended().isEmpty(); }));
    }
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
        m_opened.clear();
    }

    void withoutAGpuItSaysWhatToDo()
    {
        const auto shown = page(-1);
        auto *empty = shown->findChild<EmptyState *>();
        QVERIFY(empty->isVisible());
        Q_EMIT empty->activated();
        QCOMPARE(m_opened, QStringList(QStringLiteral("fleet")));
        QCOMPARE(problemsOf(shown.get()), QStringList());
    }

    /// All of its charts, and of no other GPU.
    void chartsOfThatDevice()
    {
        const auto shown = page(2);
        QStringList titles;
        for (const auto *chart : shown->findChildren<ChartView *>()) {
            titles << chart->spec().title;
            for (const auto &series : chart->spec().series)
                QCOMPARE(m_store->describe(series.id)->key.device, uuid(2));
        }
        for (const char *title : {"GPU utilisation", "Throttle reasons", "NVLink", "ECC errors"})
            QVERIFY2(titles.contains(QLatin1String(title)), title);
        QVERIFY(!titles.contains(QStringLiteral("CPU")));
        QVERIFY(says(*shown, QStringLiteral("gpu-lab-3 · GPU 2")));
        shown->showSubject(m_target + u'/' + uuid(1));
        QVERIFY(says(*shown, QStringLiteral("gpu-lab-3 · GPU 1")));
        const auto charts = shown->findChildren<ChartView *>();
        QVERIFY(!charts.isEmpty());
        QCOMPARE(m_store->describe(charts.first()->spec().series.front().id)->key.device, uuid(1));
    }

    void theRawLineThatExplainsIt()
    {
        KernelMessage message;
        message.at = m_feed->now() - 1000;
        message.kind = QStringLiteral("xid");
        message.xid = 79;
        message.device = uuid(3);
        message.line
            = QStringLiteral("NVRM: Xid (PCI:0000:1b:00): 79, GPU has fallen off the bus.");
        m_health->takeMessages(m_target, {message});
        const auto shown = page(3);
        QTRY_VERIFY(says(*shown, message.line));
        QVERIFY(says(*shown, m_health->findings(m_target, uuid(3)).first().words().sentence));
        button(*shown, QStringLiteral("Show alert"))->click();
        QCOMPARE(m_opened, QStringList(QStringLiteral("alert ") + m_target + u'/' + uuid(3)));
        QVERIFY(!says(*page(2), message.line)); // of another
    }

    void waysToJobAndNode()
    {
        const auto jobs = m_jobs->unended();
        const auto job = std::find_if(jobs.begin(), jobs.end(), [](const Job &one) {
            return one.state == JobState::Running && !one.gpuUuids.isEmpty();
        });
        QVERIFY(job != jobs.end());
        QVERIFY(job->gpuUuids.contains(uuid(0)));
        const auto shown = page(0);
        QTRY_VERIFY(button(*shown, QStringLiteral("Job ")) != nullptr);
        button(*shown, QStringLiteral("Job "))->click();
        button(*shown, QStringLiteral("Open node"))->click();
        QCOMPARE(m_opened,
            QStringList({QStringLiteral("job ") + job->id, m_target + QStringLiteral("/live")}));
    }

    void onlyItsProcesses()
    {
        const auto shown = page(0);
        auto *panel = shown->findChild<ProcessPanel *>();
        auto *rows = panel->table()->model();
        QTRY_VERIFY(rows->rowCount() > 0);
        const auto all = QCoro::waitFor(m_feed->processes(Context(), m_target));
        const auto mine = std::count_if(all->begin(), all->end(), [this](const Process &one) {
            return std::any_of(one.gpus.begin(), one.gpus.end(),
                [this](const GpuUse &use) { return use.device == uuid(0); });
        });
        QVERIFY(mine > 0 && mine < all->size());
        QCOMPARE(rows->rowCount(), int(mine));
        QVERIFY(!panel->findChild<QComboBox *>()->isVisible());
    }

    /// On the node's page there is a choice, and a field for the rest.
    void processesAreFiltered()
    {
        PageContext context;
        context.services = &m_services;
        context.feed = m_feed.get();
        context.acts = m_menu;
        const auto devices = m_feed->facts(m_target)->node.devices;
        ProcessPanel panel(context, m_target, [](const QString &device) { return device; });
        panel.show();
        const auto all = QCoro::waitFor(m_feed->processes(Context(), m_target));
        panel.setProcesses(*all);
        panel.setDevices(devices);
        auto *rows = panel.table()->model();
        QCOMPARE(rows->rowCount(), int(all->size()));
        auto *choice = panel.findChild<QComboBox *>();
        QCOMPARE(choice->count(), int(devices.size()) + 1);
        choice->setCurrentIndex(1);
        QVERIFY(rows->rowCount() > 0 && rows->rowCount() < int(all->size()));
        panel.setDevices(devices); // told again: the choice stays
        QCOMPARE(choice->currentIndex(), 1);
        choice->setCurrentIndex(0);
        auto *field = panel.findChild<QLineEdit *>();
        const auto &first = all->first();
        field->setText(first.user + u' ' + QString::number(first.pid));
        QCOMPARE(rows->rowCount(), 1);
        QVERIFY(says(panel, QStringLiteral("hidden by the filter")));
        field->setText(QStringLiteral("nothing is called so"));
        QCOMPARE(rows->rowCount(), 0);
    }

    void itsTestBesideTheBaseline()
    {
        const auto tested = [this](qint64 time, double figure) {
            return *parseGpuTest("{\"schema\":\"pilothouse-gputest/1\",\"started_ms\":"
                + QByteArray::number(time) + ",\"verdict\":\"ok\",\"devices\":[{\"uuid\":\""
                + uuid(4).toUtf8() + "\",\"name\":\"NVIDIA H100 80GB HBM3\",\"figures\":{"
                + "\"device_read_bytes_per_second\":" + QByteArray::number(figure, 'g', 12)
                + "},\"skipped\":[],\"errors\":[],\"warnings\":[]}]}");
        };
        const qint64 day = 86'400'000, then = m_feed->now() - 30 * day;
        QVERIFY(m_tests->store().add(tested(then, 2.9e12), QStringLiteral("j1"), m_target));
        QVERIFY(m_tests->store().add(tested(then + day, 2.4e12), QStringLiteral("j2"), m_target));
        const auto shown = page(4);
        QVERIFY(says(*shown, QStringLiteral("baseline of")));
        QTableView *figures = nullptr;
        for (auto *table : shown->findChildren<QTableView *>())
            if (table->accessibleName() == QLatin1String("Figures of the last test"))
                figures = table;
        QVERIFY(figures != nullptr && figures->isVisibleTo(shown.get()));
        bool slower = false;
        for (int row = 0; row < figures->model()->rowCount(); ++row)
            slower |= figures->model()->index(row, 5).data().toString().contains("slower");
        QVERIFY(slower);
        QVERIFY(says(*page(5), QStringLiteral("not tested yet")));
    }

    void looksRight()
    {
        const auto shown = page(2);
        for (int i = 0; i < 4; ++i)
            QCoreApplication::processEvents();
        QCOMPARE(problemsOf(shown.get()), QStringList());
        shown->grab().save(QStringLiteral("device.png"));
    }
};

QTEST_MAIN(TestDevicePage)
#include "test_devicepage.moc"
