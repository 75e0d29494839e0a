// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/workspace.h"
#include "core/transport/ioloop.h"

#include <QDir>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

class TestWorkspace : public QObject {
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_folder;

    QString database() const { return m_folder->filePath(QStringLiteral("workspace.db")); }
    void writeConfig(const QByteArray &text)
    {
        QFile file(m_folder->filePath(QStringLiteral(".ssh/config")));
        QVERIFY(file.open(QFile::WriteOnly));
        file.write(text);
    }
    static QStringList names(const Workspace &workspace)
    {
        QStringList names;
        const auto targets = workspace.targets();
        for (const auto &target : targets)
            names << target.id;
        return names;
    }
    static Target manual(const QString &name)
    {
        Target target;
        target.id = QStringLiteral("ssh:") + name;
        target.name = name;
        target.kind = TargetKind::SshManual;
        target.host = QStringLiteral("10.0.0.1");
        target.port = 2222;
        return target;
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_folder = std::make_unique<QTemporaryDir>();
        qputenv("HOME", m_folder->path().toLocal8Bit());
        QDir(m_folder->path()).mkdir(QStringLiteral(".ssh"));
        writeConfig("Host gpu1 gpu2\n  User mia\nHost *.lab !x\nHost login\n");
    }
    void cleanupTestCase() { IoLoop::instance().stop(); }

    void thisMachineAndEveryAliasAreThere()
    {
        Workspace workspace(database(), nullptr);
        QVERIFY(workspace.load());
        QCOMPARE(names(workspace),
            (QStringList{QStringLiteral("local"), QStringLiteral("ssh:gpu1"),
                QStringLiteral("ssh:gpu2"), QStringLiteral("ssh:login")}));
        QCOMPARE(workspace.target(QStringLiteral("gpu2"))->id, QStringLiteral("ssh:gpu2"));
        QVERIFY(!workspace.target(QStringLiteral("nobody")));
        QVERIFY(!workspace.session(QStringLiteral("ssh:nobody")));
        QVERIFY(workspace.session(QStringLiteral("local")));
        QCOMPARE(
            workspace.session(QStringLiteral("local")), workspace.session(QStringLiteral("local")));
    }

    void whatAPersonSetStays()
    {
        {
            Workspace workspace(database(), nullptr);
            QVERIFY(workspace.load());
            auto target = *workspace.target(QStringLiteral("ssh:gpu1"));
            target.group = QStringLiteral("Lab");
            target.favourite = true;
            target.protection = Protection::ReadOnly;
            target.transport = TransportChoice::OpenSsh;
            QVERIFY(workspace.save(target));
            QVERIFY(workspace.save(manual(QStringLiteral("own"))));
            workspace.remember(QStringLiteral("k"), "{\"a\":1}");
        }
        Workspace workspace(database(), nullptr);
        QVERIFY(workspace.load());
        const auto target = *workspace.target(QStringLiteral("ssh:gpu1"));
        QCOMPARE(target.group, QStringLiteral("Lab"));
        QVERIFY(target.favourite);
        QCOMPARE(target.protection, Protection::ReadOnly);
        QCOMPARE(target.transport, TransportChoice::OpenSsh);
        QCOMPARE(workspace.target(QStringLiteral("own"))->port, 2222);
        const auto value = workspace.remembered(QStringLiteral("k"));
        QVERIFY(value && value->first == "{\"a\":1}" && value->second > 0);
        QVERIFY(!workspace.remembered(QStringLiteral("other")));
    }

    void onlyOwnTargetsAreRemoved()
    {
        Workspace workspace(database(), nullptr);
        QVERIFY(workspace.load());
        QVERIFY(workspace.save(manual(QStringLiteral("own"))));
        QVERIFY(workspace.session(QStringLiteral("ssh:own")));
        QVERIFY(workspace.remove(QStringLiteral("ssh:own")));
        QVERIFY(!workspace.session(QStringLiteral("ssh:own")));
        const auto refused = workspace.remove(QStringLiteral("ssh:gpu1"));
        QVERIFY(!refused);
        QVERIFY(refused.error().message.contains(QLatin1String("gpu1")));
        QCOMPARE(workspace.remove(QStringLiteral("ssh:no")).error().kind, ErrorKind::NotFound);
    }

    void badTargetsAreRefused()
    {
        Workspace workspace(database(), nullptr);
        QVERIFY(workspace.load());
        auto target = manual(QStringLiteral("own"));
        target.host = QStringLiteral("-oProxyCommand=x");
        QCOMPARE(workspace.save(target).error().kind, ErrorKind::BadInput);
        target = manual(QStringLiteral("gpu1"));
        target.id = QStringLiteral("ssh:other");
        QCOMPARE(workspace.save(target).error().kind, ErrorKind::Conflict);
    }

    void theFileIsWatched()
    {
        Workspace workspace(database(), nullptr);
        QVERIFY(workspace.load());
        QSignalSpy changed(&workspace, &Workspace::targetsChanged);
        writeConfig("Host gpu9\n");
        QTRY_COMPARE_WITH_TIMEOUT(changed.count(), 1, 30'000);
        QCOMPARE(
            names(workspace), (QStringList{QStringLiteral("local"), QStringLiteral("ssh:gpu9")}));
    }

    void twoProcessesShareTheFile()
    {
        Workspace first(database(), nullptr), second(database(), nullptr);
        QVERIFY(first.load());
        QVERIFY(second.load());
        QVERIFY(first.save(manual(QStringLiteral("a"))));
        QVERIFY(second.save(manual(QStringLiteral("b"))));
        QTRY_VERIFY(first.target(QStringLiteral("b")));
        QVERIFY(second.target(QStringLiteral("a")));
        // Protection counts from the next act on, not from the next second.
        auto guarded = *first.target(QStringLiteral("a"));
        guarded.protection = Protection::ReadOnly;
        QVERIFY(first.save(guarded));
        QSignalSpy changed(&second, &Workspace::targetsChanged);
        second.takeChanges();
        QCOMPARE(changed.count(), 1);
        QCOMPARE(second.target(QStringLiteral("a"))->protection, Protection::ReadOnly);
        second.takeChanges();
        QCOMPARE(changed.count(), 1);
        // What is removed elsewhere is let go of here.
        QVERIFY(second.session(QStringLiteral("ssh:a")));
        QVERIFY(first.remove(QStringLiteral("ssh:a")));
        second.takeChanges();
        QVERIFY(!second.target(QStringLiteral("ssh:a")));
        QVERIFY(!second.opened(QStringLiteral("ssh:a")));
    }
};

QTEST_GUILESS_MAIN(TestWorkspace)
#include "test_workspace.moc"
