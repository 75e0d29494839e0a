// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/paths.h"
#include "core/transport/ioloop.h"
#include "core/transport/opensshconnect.h"
#include "core/transport/sshconfig.h"
#include "tests/core/transport/sshtest.h"
#include "tests/peers/relay.h"

#include <QSignalSpy>

#include <csignal>

using namespace pilothouse;

/// What the system's ssh meets that is no healthy server: each is told as what it is, at its stage.
class TestOpenSshFaults : public QObject {
    Q_OBJECT

    QTemporaryDir m_home;
    Sshd m_sshd;
    FakePrompter m_prompter;
    Stages m_stages;

    void writeConfig(quint16 port, const QStringList &more = {})
    {
        QStringList lines{QStringLiteral("Host peer"), QStringLiteral("HostName 127.0.0.1"),
            QStringLiteral("Port %1").arg(port), QStringLiteral("User ") + Sshd::user(),
            QStringLiteral("IdentityFile ") + m_sshd.clientKey(),
            QStringLiteral("IdentitiesOnly yes"), QStringLiteral("IdentityAgent none"),
            QStringLiteral("UserKnownHostsFile ") + m_sshd.knownHosts(),
            QStringLiteral("GlobalKnownHostsFile none"), QStringLiteral("UpdateHostKeys no")};
        lines << more;
        QFile file(m_home.filePath(QStringLiteral("ssh_config")));
        QVERIFY(file.open(QFile::WriteOnly | QFile::Truncate));
        file.write(lines.join(QLatin1Char('\n')).toUtf8() + '\n');
    }
    void writeKnown(const QByteArray &marker)
    {
        QFile key(m_sshd.file(QStringLiteral("host_key.pub")));
        QFile known(m_sshd.knownHosts());
        QVERIFY(key.open(QFile::ReadOnly) && known.open(QFile::WriteOnly | QFile::Truncate));
        known.write(marker + "* " + key.readAll());
    }
    static Task<Result<Connected>> resolvedConnect(
        Context context, Prompter *prompter, StageSink sink)
    {
        Target target;
        target.name = QStringLiteral("peer");
        target.id = QStringLiteral("ssh:peer");
        auto resolving = resolveHost(context, target);
        const auto host = co_await std::move(resolving);
        if (!host)
            co_return fail(host.error());
        auto connecting = connectOpenSsh(context, target, *host, prompter, std::move(sink));
        co_return co_await std::move(connecting);
    }
    Result<Connected> connectPeer()
    {
        m_stages = {};
        return QCoro::waitFor(resolvedConnect(Context(), &m_prompter, m_stages.sink()));
    }
    Error failure()
    {
        const auto connected = connectPeer();
        return connected ? Error{ErrorKind::Internal, {}, QStringLiteral("it connected"), {}, {}}
                         : connected.error();
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (const QString missing = Sshd::missing(); !missing.isEmpty())
            QSKIP(qPrintable(missing));
        qputenv("HOME", m_home.path().toUtf8());
        qputenv("XDG_RUNTIME_DIR", m_home.path().toUtf8());
        qputenv("PILOTHOUSE_SSH_CONFIG", m_home.filePath(QStringLiteral("ssh_config")).toUtf8());
        QVERIFY(m_sshd.start());
    }
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_prompter.keysAsked.clear();
    }
    void cleanupTestCase() { IoLoop::instance().stop(); }

    void aRevokedKeyStops_data()
    {
        QTest::addColumn<QString>("strict");
        for (const char *strict : {"ask", "yes", "no", "accept-new"})
            QTest::newRow(strict) << QString::fromLatin1(strict);
    }
    void aRevokedKeyStops()
    {
        QFETCH(QString, strict);
        writeKnown("@revoked ");
        writeConfig(m_sshd.port(), {QStringLiteral("StrictHostKeyChecking ") + strict});
        const Error error = failure();
        QCOMPARE(error.kind, ErrorKind::HostKey);
        QCOMPARE(error.stage, QStringLiteral("host_key"));
        QCOMPARE(m_stages.failed(), std::optional(Stage::HostKey));
        QVERIFY2(error.message.contains(QLatin1String("revoked")), qPrintable(error.message));
        QVERIFY2(error.cause.contains(QLatin1String("SHA256:")), qPrintable(error.cause));
        QVERIFY(m_prompter.keysAsked.isEmpty());
        QVERIFY(!m_sshd.log().contains("Accepted")); // nothing of ours was let in, or even sent
        QVERIFY(!m_sshd.log().contains("publickey"));
    }

    void peersThatAreNotSsh_data()
    {
        QTest::addColumn<QByteArray>("says");
        QTest::addColumn<bool>("closes");
        QTest::addColumn<ErrorKind>("kind");
        QTest::newRow("silent") << QByteArray() << false << ErrorKind::Timeout;
        QTest::newRow("hangs up") << QByteArray() << true << ErrorKind::Unreachable;
        QTest::newRow("smtp, hangs up")
            << QByteArray("220 mail ESMTP\r\n") << true << ErrorKind::BadReply;
        QTest::newRow("smtp, waits")
            << QByteArray("220 mail ESMTP\r\n") << false << ErrorKind::BadReply;
        QTest::newRow("http") << QByteArray("HTTP/1.1 400 Bad Request\r\n\r\n") << true
                              << ErrorKind::BadReply;
        QTest::newRow("bytes") << QByteArray("\x01\x02\xff\n", 4) << true << ErrorKind::BadReply;
        QTest::newRow("protocol 1") << QByteArray("SSH-1.5-old\r\n") << true << ErrorKind::BadReply;
        QTest::newRow("endless") << QByteArray(200'000, 'x') << false << ErrorKind::BadReply;
    }
    void peersThatAreNotSsh()
    {
        QFETCH(QByteArray, says);
        QFETCH(bool, closes);
        QFETCH(ErrorKind, kind);
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        connect(&server, &QTcpServer::newConnection, this, [&] {
            auto *socket = server.nextPendingConnection();
            socket->write(says);
            if (closes)
                socket->disconnectFromHost();
        });
        writeKnown({});
        writeConfig(server.serverPort(), {QStringLiteral("ConnectTimeout 2")});
        const Error error = failure();
        QVERIFY2(error.kind == kind, qPrintable(error.message + QLatin1Char('|') + error.cause));
        QCOMPARE(error.stage, QStringLiteral("banner"));
        QCOMPARE(m_stages.failed(), std::optional(Stage::Banner));
        QVERIFY(!error.message.isEmpty() && !error.cause.isEmpty());
    }

    void aHalfOpenLinkIsLost_data()
    {
        QTest::addColumn<bool>("stopped");
        QTest::newRow("silent network") << false;
        QTest::newRow("stopped server") << true;
    }
    /// The keepalive of ssh itself: nothing of ours asks over the link.
    void aHalfOpenLinkIsLost()
    {
        QFETCH(bool, stopped);
        Relay relay(m_sshd.port());
        writeKnown({});
        writeConfig(relay.serverPort());
        const auto connected = connectPeer();
        QVERIFY2(connected, connected ? "" : qPrintable(connected.error().cause));
        QSignalSpy lost(connected->transport.get(), &Transport::lost);
        const auto opened
            = QCoro::waitFor(connected->transport->open(Context(), shellCommand("cat")));
        QVERIFY(opened);
        if (stopped)
            m_sshd.signalSessions(SIGSTOP);
        else
            relay.silence();
        auto running = connected->transport->run(Context(), shellCommand("echo >> ~/ran"));
        const auto output = QCoro::waitFor(std::move(running));
        QVERIFY(!output);
        QCOMPARE(output.error().kind, ErrorKind::Unreachable);
        QTRY_COMPARE_WITH_TIMEOUT(lost.count(), 1, 60'000);
        QCOMPARE(lost[0][0].value<Error>().kind, ErrorKind::Unreachable);
        m_sshd.signalSessions(SIGCONT);
        const auto later
            = QCoro::waitFor(connected->transport->run(Context(), Command(QStringLiteral("true"))));
        QCOMPARE(later.error().kind, ErrorKind::Unreachable);
        QCOMPARE(lost.count(), 1);
        // It went out at most once, and only to the server that merely slept.
        QFile ran(m_sshd.file(QStringLiteral("ran")));
        QVERIFY(!ran.exists() || (stopped && ran.size() == 1));
    }
};

QTEST_GUILESS_MAIN(TestOpenSshFaults)
#include "test_opensshfaults.moc"
