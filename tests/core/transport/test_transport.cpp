// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/connector.h"
#include "core/transport/ioloop.h"
#include "tests/core/transport/sshtest.h"

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
        QCOMPARE(connected.error().kind, ErrorKind::NotFound);
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
