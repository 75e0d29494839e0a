// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/agentlink/agentchannel.h"
#include "core/transport/ioloop.h"
#include "tests/core/session/feedhost.h"

#include <QCoreApplication>
#include <QProcess>
#include <QTest>

#include <csignal>
#include <thread>
#include <unistd.h>

using namespace pilothouse;

static const char folderVariable[] = "PILOTHOUSE_TEST_CONSOLE";
static const char momentVariable[] = "PILOTHOUSE_TEST_MOMENT";

/// This program as a console that is killed: it takes samples into the store of a folder, and once
/// so many batches are stored it does nothing more until they are on disk, and dies.
static int consoleThatDies(int &argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const QString folder = qEnvironmentVariable(folderVariable);
    Workspace workspace(folder + QStringLiteral("/workspace.db"), nullptr);
    auto store = TelemetryStore::openFolder(folder + QStringLiteral("/telemetry"));
    if (!workspace.load() || !store)
        return 1;
    TelemetryService service(&workspace, store->get());
    int batches = 0;
    const auto die = [] {
        std::this_thread::sleep_for(std::chrono::milliseconds(2500)); // the store writes meanwhile
        ::kill(::getpid(), SIGKILL);
    };
    if (qEnvironmentVariable(momentVariable) == QLatin1String("live"))
        QObject::connect(&service, &TelemetryService::sampleArrived, &service, die);
    else
        QObject::connect(store->get(), &TelemetryStore::appended, store->get(), [&] {
            if (++batches == 2)
                die();
        });
    const auto link = QCoro::waitFor(workspace.session(QStringLiteral("local"))->open(Context()));
    return link ? QCoreApplication::exec() : 2;
}

/// A console that is killed while it fills in leaves no hole behind what it stored last.
class TestFillMark : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void cleanupTestCase()
    {
        stopAgentThreads();
        IoLoop::instance().stop();
    }

    void killedWhileItFills_data()
    {
        QTest::addColumn<QByteArray>("moment");
        QTest::newRow("before anything is filled in") << QByteArray("live");
        QTest::newRow("when some of it is") << QByteArray("filling");
    }
    void killedWhileItFills()
    {
        QFETCH(QByteArray, moment);
        FeedHost host;
        const auto seeded = seedRing(host.home.runFolder(), 7000, 0, true);
        QVERIFY(host.open()); // puts the agent there; nothing is stored yet
        host.closeStore();
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QString::fromLatin1(folderVariable), host.folder());
        environment.insert(QString::fromLatin1(momentVariable), QString::fromLatin1(moment));
        QProcess console;
        console.setProcessEnvironment(environment);
        console.setProcessChannelMode(QProcess::ForwardedChannels);
        console.start(QCoreApplication::applicationFilePath(), QStringList());
        QVERIFY(console.waitForFinished(90'000));
        QCOMPARE(console.exitStatus(), QProcess::CrashExit);

        host.reopenStore();
        const auto seen = [&] {
            return host.column(
                SeededRing::metric(), seeded.firstWallMs - 500, seeded.lastWallMs + 500);
        };
        // The newest are stored, and what is before them is not.
        QVERIFY(host.store().newestTime(QStringLiteral("local")) > seeded.lastWallMs - 1000);
        if (moment == "live")
            QVERIFY(seen().count < quint32(seeded.ticks));
        host.startService();
        QVERIFY(host.open());
        QVERIFY(eventually([&] { return seen().count >= quint32(seeded.ticks); }));
        QCOMPARE(seen().count, quint32(seeded.ticks)); // none twice
        QCOMPARE(seen().min, double(seeded.first));
        QCOMPARE(seen().max, double(seeded.last));
        // All of it is on disk now, and nothing is asked for again.
        QVERIFY(eventually([&] {
            const auto mark = host.workspace().remembered(QStringLiteral("fill:local"));
            return mark && mark->first == "{}";
        }));
    }
};

int main(int argc, char **argv)
{
    if (qEnvironmentVariableIsSet(folderVariable))
        return consoleThatDies(argc, argv);
    const QCoreApplication application(argc, argv);
    TestFillMark test;
    return QTest::qExec(&test, argc, argv);
}
#include "test_fillmark.moc"
