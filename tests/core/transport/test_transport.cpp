// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/connector.h"
#include "core/transport/ioloop.h"
#include "tests/core/transport/sshtest.h"

#include <QScopeGuard>
#include <QStandardPaths>

using namespace pilothouse;

// From an alias in a configuration file to a transport that is up.
class TestTransport : public QObject {
    Q_OBJECT
    std::array<Sshd, 4> m_sshd;
    Sshd m_modern{QStringList{QStringLiteral("KexAlgorithms sntrup761x25519-sha512@openssh.com")}};
    QTemporaryDir m_home;
    FakePrompter m_prompter;
    Stages m_stages;

    static QString block(const QString &alias, Sshd &sshd, const QString &more = {})
    {
        return QStringLiteral("Host %1\n HostName 127.0.0.1\n Port %2\n User %3\n IdentityFile %4\n"
                              " UserKnownHostsFile %5\n GlobalKnownHostsFile /dev/null\n"
                              " IdentityAgent none\n %6\n")
            .arg(alias)
            .arg(sshd.port())
            .arg(Sshd::user(), sshd.clientKey(), sshd.knownHosts(), more);
    }
    Result<Connected> connectAlias(
        const QString &alias, TransportChoice choice = TransportChoice::Automatic)
    {
        m_stages = Stages();
        Target target;
        target.id = QStringLiteral("ssh:") + alias;
        target.name = alias;
        target.transport = choice;
        return QCoro::waitFor(connectTransport(Context(), target, &m_prompter, m_stages.sink()));
    }
    static QByteArray echoed(const Result<Connected> &connected)
    {
        const auto output = QCoro::waitFor(connected->transport->run(
            Context(), Command(QStringLiteral("echo"), {QStringLiteral("it's $HOME")})));
        return output ? output->out : output.error().message.toUtf8();
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (!Sshd::missing().isEmpty())
            QSKIP(qPrintable(Sshd::missing()));
        QVERIFY(m_modern.start());
        m_modern.makeKnown();
        QString config = block(QStringLiteral("modern"), m_modern);
        QStringList jumps;
        for (std::size_t i = 0; i < m_sshd.size(); ++i) {
            QVERIFY(m_sshd[i].start());
            m_sshd[i].makeKnown();
            config += block(QStringLiteral("hop%1").arg(i), m_sshd[i]);
        }
        config
            += block(QStringLiteral("deep"), m_sshd[3], QStringLiteral("ProxyJump hop0,hop1,hop2"));
        config += block(QStringLiteral("proxied"), m_sshd[0],
            QStringLiteral("ProxyCommand ssh -F %1 -W 127.0.0.1:%2 hop1")
                .arg(m_home.filePath(QStringLiteral("config")))
                .arg(m_sshd[0].port()));
        config += block(
            QStringLiteral("realm"), m_sshd[0], QStringLiteral("GSSAPIAuthentication yes"));
        config += block(QStringLiteral("inrealm"), m_sshd[1], QStringLiteral("ProxyJump realm"));
        config += QStringLiteral("Host nowhere\n HostName no-such-name.invalid\n");
        QFile file(m_home.filePath(QStringLiteral("config")));
        QVERIFY(file.open(QFile::WriteOnly));
        file.write(config.toUtf8());
        file.close();
        qputenv("PILOTHOUSE_SSH_CONFIG", file.fileName().toLocal8Bit());
    }
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void cleanupTestCase() { IoLoop::instance().stop(); }

    void plainHostGoesThroughLibssh()
    {
        const auto connected = connectAlias(QStringLiteral("hop0"));
        QVERIFY2(connected, connected ? "" : qPrintable(connected.error().message));
        QCOMPARE(connected->transport->kind(), QStringLiteral("libssh"));
        QVERIFY(connected->why.startsWith(QStringLiteral("libssh, chosen by itself")));
        QCOMPARE(m_stages.of(Stage::Resolve),
            QStringLiteral("ssh -G hop0: user %1, port %2, key %3")
                .arg(Sshd::user())
                .arg(m_sshd[0].port())
                .arg(m_sshd[0].clientKey()));
        QCOMPARE(echoed(connected), QByteArray("it's $HOME\n"));
    }

    void threeHopsOfAConfiguration()
    {
        const auto connected = connectAlias(QStringLiteral("deep"));
        QVERIFY2(connected,
            connected ? "" : qPrintable(connected.error().message + connected.error().cause));
        QCOMPARE(connected->transport->kind(), QStringLiteral("libssh"));
        QVERIFY(m_stages.of(Stage::Resolve).contains(QStringLiteral("via hop0, hop1, hop2")));
        for (const char *hop : {"hop0", "hop1", "hop2"})
            QVERIFY(!m_stages.of(Stage::JumpHost, QString::fromLatin1(hop)).isEmpty());
        QCOMPARE(echoed(connected), QByteArray("it's $HOME\n"));
    }

    void whatLibsshLacksGoesThroughSystemSsh()
    {
        const auto connected = connectAlias(QStringLiteral("proxied"));
        QVERIFY2(connected,
            connected ? "" : qPrintable(connected.error().message + connected.error().cause));
        QCOMPARE(connected->transport->kind(), QStringLiteral("openssh"));
        QCOMPARE(connected->why,
            QStringLiteral("system ssh: the configuration of this host uses ProxyCommand"));
        QCOMPARE(echoed(connected), QByteArray("it's $HOME\n"));
    }

    void missingAlgorithmsFallBack()
    {
        const auto connected = connectAlias(QStringLiteral("modern"));
        QVERIFY2(connected,
            connected ? "" : qPrintable(connected.error().message + connected.error().cause));
        QCOMPARE(connected->transport->kind(), QStringLiteral("openssh"));
        QVERIFY(connected->why.contains(QStringLiteral("no algorithm in common")));
        QCOMPARE(echoed(connected), QByteArray("it's $HOME\n"));
    }

    void aKerberosTicketIsForSystemSsh_data()
    {
        QTest::addColumn<QByteArray>("klist"); // how it ends; empty: it is not installed
        QTest::addColumn<QByteArray>("cache");
        QTest::addColumn<QString>("kind");
        QTest::newRow("ticket") << QByteArray("0") << QByteArray() << QStringLiteral("openssh");
        QTest::newRow("expired or none")
            << QByteArray("1") << QByteArray("x") << QStringLiteral("libssh");
        QTest::newRow("no klist, a cache")
            << QByteArray() << QByteArray("x") << QStringLiteral("openssh");
        QTest::newRow("no klist, no cache")
            << QByteArray() << QByteArray() << QStringLiteral("libssh");
    }
    /// GSSAPI is switched on for this host, which distributions do for everybody: a ticket decides.
    /// There is no KDC here, so that both ways end with the key.
    void aKerberosTicketIsForSystemSsh()
    {
        QFETCH(QByteArray, klist);
        QFETCH(QByteArray, cache);
        QFETCH(QString, kind);
        const QTemporaryDir folder;
        const QByteArray path = qgetenv("PATH");
        const auto restore = qScopeGuard([&] {
            qputenv("PATH", path);
            qunsetenv("KRB5CCNAME");
        });
        for (const char *program : {"ssh", "sh"}) // all that is called; no klist of this machine
            QVERIFY(QFile::link(QStandardPaths::findExecutable(QString::fromLatin1(program)),
                folder.filePath(QString::fromLatin1(program))));
        if (!klist.isEmpty()) {
            QFile script(folder.filePath(QStringLiteral("klist")));
            QVERIFY(script.open(QFile::WriteOnly));
            script.write("#!/bin/sh\n[ \"$1\" = -s ] && exit " + klist + "\nexit 9\n");
            QVERIFY(script.setPermissions(QFile::ReadOwner | QFile::ExeOwner));
        }
        const QString file = folder.filePath(QStringLiteral("krb5cc"));
        if (!cache.isEmpty()) {
            QFile written(file);
            QVERIFY(written.open(QFile::WriteOnly));
            written.write(cache);
        }
        qputenv("KRB5CCNAME", "FILE:" + QFile::encodeName(file));
        qputenv("PATH", QFile::encodeName(folder.path()));
        const auto connected = connectAlias(QStringLiteral("realm"));
        QVERIFY2(connected,
            connected ? "" : qPrintable(connected.error().message + connected.error().cause));
        QCOMPARE(connected->transport->kind(), kind);
        QCOMPARE(connected->why.contains(QStringLiteral("GSSAPIAuthentication with your Kerberos")),
            kind == QLatin1String("openssh"));
        QCOMPARE(echoed(connected), QByteArray("it's $HOME\n"));
        const auto behind = connectAlias(QStringLiteral("inrealm"));
        QVERIFY2(behind, behind ? "" : qPrintable(behind.error().message + behind.error().cause));
        QCOMPARE(behind->transport->kind(), kind);
        // It is a reason to choose, and none to refuse.
        const auto library = connectAlias(QStringLiteral("realm"), TransportChoice::Libssh);
        QVERIFY2(library, library ? "" : qPrintable(library.error().message));
        QCOMPARE(library->transport->kind(), QStringLiteral("libssh"));
        // What has nothing to do with Kerberos stays as it is.
        const auto plain = connectAlias(QStringLiteral("hop0"));
        QVERIFY(plain);
        QCOMPARE(plain->transport->kind(), QStringLiteral("libssh"));
    }

    void choicesOfTheUserWin()
    {
        const auto system = connectAlias(QStringLiteral("hop0"), TransportChoice::OpenSsh);
        QVERIFY(system);
        QCOMPARE(system->transport->kind(), QStringLiteral("openssh"));
        const auto library = connectAlias(QStringLiteral("hop0"), TransportChoice::Libssh);
        QVERIFY(library);
        QCOMPARE(library->why, QStringLiteral("libssh, chosen for this target"));
        const auto cannot = connectAlias(QStringLiteral("proxied"), TransportChoice::Libssh);
        QCOMPARE(cannot.error().kind, ErrorKind::Unsupported);
        QVERIFY(cannot.error().message.contains(QStringLiteral("ProxyCommand")));
        QCOMPARE(connectAlias(QStringLiteral("modern"), TransportChoice::Libssh).error().kind,
            ErrorKind::Unsupported);
    }

    void unknownNameFailsAtTcp()
    {
        const auto connected = connectAlias(QStringLiteral("nowhere"));
        QCOMPARE(connected.error().kind, ErrorKind::Unreachable);
        QCOMPARE(m_stages.failed(), std::optional(Stage::Tcp));
    }

    void thisMachineNeedsNoSsh()
    {
        Target target;
        target.kind = TargetKind::Local;
        m_stages = Stages();
        const auto connected
            = QCoro::waitFor(connectTransport(Context(), target, &m_prompter, m_stages.sink()));
        QVERIFY(connected);
        QCOMPARE(connected->transport->kind(), QStringLiteral("local"));
        QCOMPARE(m_stages.of(Stage::Resolve), QStringLiteral("this machine"));
    }

    void stoppedBeforeItBegins()
    {
        std::stop_source source;
        source.request_stop();
        Target target;
        target.name = QStringLiteral("hop0");
        target.id = QStringLiteral("ssh:hop0");
        const auto connected = QCoro::waitFor(
            connectTransport(Context(source.get_token()), target, &m_prompter, m_stages.sink()));
        QCOMPARE(connected.error().kind, ErrorKind::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestTransport)
#include "test_transport.moc"
