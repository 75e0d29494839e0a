// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/agentlink/deploy.h"
#include "core/base/units.h"
#include "core/transport/ioloop.h"
#include "core/transport/localtransport.h"
#include "tests/support/agenthome.h"
#include "tests/support/faketransport.h"
#include "tests/support/permitfortests.h"

#include <QDir>
#include <QFile>
#include <QSysInfo>
#include <QTest>
#include <QTimer>

#include <sys/mount.h>

using namespace pilothouse;

class TestDeploy : public QObject {
    Q_OBJECT
    std::unique_ptr<AgentHome> m_home;
    std::shared_ptr<LocalTransport> m_local;
    AgentBinary m_binary;

    HostProbe probe() { return *QCoro::waitFor(probeHost(Context(), m_local)); }
    Result<QString> deploy(std::shared_ptr<Transport> transport, HostProbe probe,
        AgentBinary binary, Context context = {}, Progress progress = {})
    {
        return QCoro::waitFor(deployAgent(context, PermitForTests::make(), std::move(transport),
            std::move(probe), std::move(binary), std::move(progress)));
    }
    QStringList installed() const
    {
        return {m_binary.version + QStringLiteral("/pilothouse-agent")};
    }

private Q_SLOTS:
    void initTestCase()
    {
        const auto binary = agentBinaryFor(QStringLiteral("x86_64"));
        const auto own = agentBinaryFor(QStringLiteral("aarch64"));
        QVERIFY2(binary || own, "the bundled agent is missing: build pilothouse-agent");
        m_binary = binary ? *binary : *own;
    }
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_home = std::make_unique<AgentHome>();
        m_local = std::make_shared<LocalTransport>();
    }
    void cleanup()
    {
        m_local.reset();
        m_home.reset();
    }
    void cleanupTestCase() { IoLoop::instance().stop(); }

    void theVersionNamesTheContent()
    {
        QVERIFY(m_binary.version.endsWith(QLatin1Char('+') + m_binary.sha256.left(12)));
        QVERIFY(!agentBinaryFor(QStringLiteral("vax")));
        QVERIFY(!agentBinaryFor(QStringLiteral("../../etc/passwd")));
    }

    void aMissingAgentIsPutThereAndFoundAgain()
    {
        qint64 most = 0;
        bool ordered = true;
        auto progress = [&](qint64 done, qint64 total) {
            ordered &= done >= most && done <= total;
            most = done;
        };
        const auto path = deploy(m_local, probe(), m_binary, {}, progress);
        QVERIFY2(path, path ? "" : qPrintable(path.error().message + path.error().cause));
        QCOMPARE(m_home->agentFiles(), installed());
        QVERIFY(ordered);
        QCOMPARE(most, m_binary.size);
        const auto again = probe();
        QCOMPARE(again.agentPath, *path);
        QCOMPARE(again.installedVersions, QStringList{m_binary.version});
        QCOMPARE(QFile::permissions(*path) & QFile::ReadOther, QFile::Permissions());
    }

    void aDamagedAgentIsReplaced()
    {
        const auto path = deploy(m_local, probe(), m_binary);
        QVERIFY(path);
        QFile file(*path);
        QVERIFY(file.open(QFile::ReadWrite));
        file.seek(m_binary.size / 2);
        file.write("damage");
        file.close();
        auto seen = probe();
        QVERIFY(seen.agentDamaged);
        QVERIFY(seen.agentPath.isEmpty());
        QVERIFY(deploy(m_local, seen, m_binary));
        seen = probe();
        QVERIFY(!seen.agentDamaged);
        QCOMPARE(seen.agentPath, *path);
        QCOMPARE(m_home->agentFiles(), installed());
    }

    void anUploadMayBeCutAnywhere_data()
    {
        QTest::addColumn<int>("tenths");
        for (int i = 0; i < 10; ++i)
            QTest::newRow(qPrintable(QString::number(i))) << i;
    }
    void anUploadMayBeCutAnywhere()
    {
        QFETCH(int, tenths);
        const auto cut = std::make_shared<FakeTransport>(std::make_shared<LocalTransport>());
        cut->cutUploadAt = m_binary.size * tenths / 10;
        const auto failed = deploy(cut, probe(), m_binary);
        QVERIFY(!failed);
        QCOMPARE(failed.error().kind, ErrorKind::Unreachable);
        const auto seen = probe();
        QVERIFY(seen.agentPath.isEmpty());
        QVERIFY(seen.installedVersions.isEmpty());
        QVERIFY(deploy(m_local, seen, m_binary));
        QVERIFY(!probe().agentPath.isEmpty());
    }

    void oldLeftoversAreSwept()
    {
        QDir().mkpath(m_home->agentFolder());
        for (const char *name : {".upload-old", ".upload-new"}) {
            QFile left(m_home->agentFolder() + QLatin1Char('/') + QLatin1String(name));
            QVERIFY(left.open(QFile::WriteOnly));
            if (QByteArray(name).endsWith("old"))
                QVERIFY(left.setFileTime(
                    QDateTime::currentDateTime().addSecs(-7200), QFile::FileModificationTime));
        }
        QVERIFY(deploy(m_local, probe(), m_binary));
        auto files = m_home->agentFiles();
        files.sort();
        QCOMPARE(files, (QStringList{QStringLiteral(".upload-new")} + installed()));
    }

    void stopLeavesNothing()
    {
        std::stop_source source;
        auto progress = [&](qint64 done, qint64) {
            if (done > 0)
                source.request_stop();
        };
        const auto stopped
            = deploy(m_local, probe(), m_binary, Context(source.get_token()), progress);
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().kind, ErrorKind::Cancelled);
        QCOMPARE(m_home->agentFiles(), QStringList());
    }

    void lackOfSpaceIsSaidWithFigures()
    {
        auto seen = probe();
        seen.freeBytes = 3'000'000;
        const auto refused = deploy(m_local, seen, m_binary);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::NoSpace);
        QVERIFY(refused.error().message.contains(formatBytes(3'000'000, false)));
        QVERIFY(refused.error().message.contains(formatBytes(double(m_binary.size), false)));
        QCOMPARE(m_home->agentFiles(), QStringList());
    }

    void aFullDiskLeavesNothing()
    {
        QDir().mkpath(m_home->agentFolder());
        const QByteArray folder = QFile::encodeName(m_home->agentFolder());
        if (::mount("tmpfs", folder.constData(), "tmpfs", 0, "size=1m") != 0)
            QSKIP("mounting needs root");
        auto seen = probe();
        QVERIFY(seen.freeBytes <= 1024 * 1024);
        QCOMPARE(deploy(m_local, seen, m_binary).error().kind, ErrorKind::NoSpace);
        seen.freeBytes = -1; // not known: it is tried
        const auto full = deploy(m_local, seen, m_binary);
        const auto left = m_home->agentFiles();
        ::umount(folder.constData());
        QVERIFY(!full);
        QCOMPARE(full.error().kind, ErrorKind::NoSpace);
        QCOMPARE(left, QStringList());
    }

    void damageOnTheWayIsFound()
    {
        const auto bent = std::make_shared<FakeTransport>(m_local);
        bent->onRun = [](const Command &command) -> std::optional<Result<Output>> {
            if (command.arguments.value(0) != QLatin1String("hash"))
                return std::nullopt;
            Output output;
            output.out = QByteArray(64, '0') + '\n';
            return output;
        };
        const auto refused = deploy(bent, probe(), m_binary);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::BadReply);
        QCOMPARE(m_home->agentFiles(), QStringList());
    }

    void removalTakesEverythingAway()
    {
        QCOMPARE(m_home->agentFiles(), QStringList());
        auto none
            = QCoro::waitFor(removeAgent(Context(), PermitForTests::make(), m_local, probe()));
        QVERIFY(none);
        QVERIFY(deploy(m_local, probe(), m_binary));
        const auto removed
            = QCoro::waitFor(removeAgent(Context(), PermitForTests::make(), m_local, probe()));
        QVERIFY2(removed, removed ? "" : qPrintable(removed.error().cause));
        QVERIFY(!QDir(m_home->path(QStringLiteral(".local/share/pilothouse"))).exists());
        QVERIFY(probe().installedVersions.isEmpty());
    }

    void theOwnerMayGoMeanwhile()
    {
        auto seen = probe();
        auto task = deployAgent(
            Context(), PermitForTests::make(), m_local, std::move(seen), m_binary, {});
        m_local->close();
        m_local.reset();
        const auto result = QCoro::waitFor(std::move(task));
        QVERIFY(!result);
        QCOMPARE(result.error().kind, ErrorKind::Unreachable);
    }
};

QTEST_GUILESS_MAIN(TestDeploy)
#include "test_deploy.moc"
