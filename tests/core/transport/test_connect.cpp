// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/ioloop.h"
#include "core/transport/keyfiles.h"
#include "core/transport/secretcache.h"
#include "tests/core/transport/sshtest.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTcpSocket>

#include <csignal>
#include <sys/resource.h>

using namespace pilothouse;

// The way to a session: names, ports, banners, host keys and hops.
class TestConnect : public QObject {
    Q_OBJECT
    Sshd m_sshd{QStringList{QStringLiteral("LogLevel DEBUG1")}};
    FakePrompter m_prompter;
    Stages m_stages;

    Error failure(std::shared_ptr<ResolvedHost> host, Context context = {})
    {
        const auto connected = connectNow(std::move(host), &m_prompter, &m_stages, context);
        return connected ? Error{ErrorKind::Internal, QStringLiteral("connected"), {}, {}, {}}
                         : connected.error();
    }
    void writeKnown(const QByteArray &line)
    {
        QFile file(m_sshd.knownHosts());
        QVERIFY(file.open(QFile::WriteOnly | QFile::Truncate));
        file.write(line);
    }
    QByteArray name() { return "[127.0.0.1]:" + QByteArray::number(m_sshd.port()) + ' '; }
    QByteArray keyOf(const QString &path)
    {
        QFile file(path + QStringLiteral(".pub"));
        return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray();
    }
    bool authenticationBegan() { return m_sshd.log().contains("userauth-request"); }

private Q_SLOTS:
    void initTestCase()
    {
        if (!Sshd::missing().isEmpty())
            QSKIP(qPrintable(Sshd::missing()));
        QVERIFY2(m_sshd.start(), m_sshd.log().constData());
    }
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_prompter = FakePrompter();
        m_stages = Stages();
        QFile::remove(m_sshd.knownHosts());
        QFile::resize(m_sshd.file(QStringLiteral("sshd.log")), 0);
    }
    void cleanupTestCase() { IoLoop::instance().stop(); }

    void stagesTellWhatHappened()
    {
        m_sshd.makeKnown();
        const auto connected = connectNow(m_sshd.host(), &m_prompter, &m_stages);
        QVERIFY(connected);
        QCOMPARE(connected->transport->kind(), QStringLiteral("libssh"));
        const QString where = QStringLiteral("127.0.0.1:%1").arg(m_sshd.port());
        QCOMPARE(connected->summary, Sshd::user() + QStringLiteral("@") + where);
        QCOMPARE(m_stages.of(Stage::Tcp), where);
        QVERIFY(m_stages.of(Stage::Banner).startsWith(QStringLiteral("OpenSSH ")));
        QVERIFY(m_stages.of(Stage::HostKey).startsWith(QStringLiteral("ED25519 SHA256:")));
        QVERIFY(m_stages.of(Stage::HostKey).endsWith(QStringLiteral(", known")));
        QCOMPARE(
            m_stages.of(Stage::Authentication), QStringLiteral("public key ") + m_sshd.clientKey());
        QCOMPARE(m_stages.lines.size(), 4);
        QVERIFY(m_prompter.keysAsked.isEmpty() && m_prompter.secretsAsked.isEmpty());
    }

    void unknownKeyIsAskedOnceAndSaved()
    {
        QVERIFY(connectNow(m_sshd.host(), &m_prompter, &m_stages));
        QCOMPARE(m_prompter.keysAsked.size(), 1);
        const auto question = m_prompter.keysAsked.first();
        QCOMPARE(question.host, QString::fromLatin1(name().trimmed()));
        QCOMPARE(question.type, QStringLiteral("ED25519"));
        QVERIFY(question.fingerprint.startsWith(QStringLiteral("SHA256:")));
        QVERIFY(m_stages.of(Stage::HostKey).contains(QStringLiteral("saved to")));
        QVERIFY(connectNow(m_sshd.host(), &m_prompter));
        QCOMPARE(m_prompter.keysAsked.size(), 1);
    }

    void unknownKeyByEachSetting()
    {
        auto host = m_sshd.host();
        m_prompter.key = HostKeyAnswer::Reject;
        QCOMPARE(failure(host).kind, ErrorKind::HostKey);
        QVERIFY(!QFile::exists(m_sshd.knownHosts()));
        m_prompter.key = HostKeyAnswer::AcceptOnce;
        QVERIFY(connectNow(host, &m_prompter));
        QVERIFY(!QFile::exists(m_sshd.knownHosts()));
        QFile::resize(m_sshd.file(QStringLiteral("sshd.log")), 0);
        host->strictHostKeyChecking = QStringLiteral("yes");
        QCOMPARE(failure(host).kind, ErrorKind::HostKey);
        QVERIFY(!authenticationBegan());
        QCOMPARE(m_prompter.keysAsked.size(), 2);
        host->strictHostKeyChecking = QStringLiteral("accept-new");
        QVERIFY(connectNow(host, &m_prompter));
        QVERIFY(QFile::exists(m_sshd.knownHosts()));
        QCOMPARE(m_prompter.keysAsked.size(), 2);
    }

    void changedAndRevokedKeysStop_data()
    {
        QTest::addColumn<bool>("revoked");
        QTest::addColumn<QString>("strict");
        for (const char *strict : {"ask", "yes", "no", "accept-new"}) {
            QTest::addRow("changed, %s", strict) << false << QString::fromLatin1(strict);
            QTest::addRow("revoked, %s", strict) << true << QString::fromLatin1(strict);
        }
    }
    void changedAndRevokedKeysStop()
    {
        QFETCH(bool, revoked);
        QFETCH(QString, strict);
        const QString other = m_sshd.file(QStringLiteral("other_key"));
        QVERIFY(QFile::exists(other) || Sshd::makeKey(other, QStringLiteral("ed25519")));
        const QByteArray own = keyOf(m_sshd.file(QStringLiteral("host_key")));
        writeKnown(revoked ? "@revoked * " + own : "# line one\n" + name() + keyOf(other));
        auto host = m_sshd.host();
        host->strictHostKeyChecking = strict;
        const Error error = failure(host);
        QCOMPARE(error.kind, ErrorKind::HostKey);
        QCOMPARE(error.stage, QStringLiteral("host_key"));
        QCOMPARE(m_stages.failed(), std::optional(Stage::HostKey));
        if (!revoked)
            QVERIFY(error.cause.contains(QStringLiteral("known_hosts:2")));
        QVERIFY(error.cause.contains(QStringLiteral("shown ED25519 SHA256:")));
        QVERIFY(m_prompter.keysAsked.isEmpty());
        QVERIFY(!authenticationBegan());
    }

    void closedPort()
    {
        auto host = m_sshd.host();
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        host->port = server.serverPort();
        server.close();
        const Error error = failure(host);
        QCOMPARE(error.kind, ErrorKind::Unreachable);
        QCOMPARE(error.stage, QStringLiteral("tcp"));
        QVERIFY(error.cause.contains(QStringLiteral("refused")));
        QVERIFY(!error.next.isEmpty());
    }

    void unknownName()
    {
        auto host = m_sshd.host();
        host->hostName = QStringLiteral("no-such-name.invalid");
        const Error error = failure(host);
        QCOMPARE(error.kind, ErrorKind::Unreachable);
        QCOMPARE(error.stage, QStringLiteral("tcp"));
    }

    void peersThatAreNotSsh_data()
    {
        QTest::addColumn<QByteArray>("says");
        QTest::addColumn<bool>("closes");
        QTest::addColumn<ErrorKind>("kind");
        QTest::addColumn<QString>("cause");
        QTest::newRow("silent") << QByteArray() << false << ErrorKind::Timeout
                                << QStringLiteral("version line");
        QTest::newRow("hangs up") << QByteArray() << true << ErrorKind::Unreachable
                                  << QStringLiteral("end of stream");
        QTest::newRow("smtp") << QByteArray("220 mail ESMTP\r\n") << false << ErrorKind::BadReply
                              << QStringLiteral("220 mail ESMTP\\r\\n");
        QTest::newRow("says and hangs up")
            << QByteArray("Exceeded MaxStartups\r\n") << true << ErrorKind::BadReply
            << QStringLiteral("Exceeded MaxStartups");
        QTest::newRow("bytes") << QByteArray("\x01\x02\xff", 3) << false << ErrorKind::BadReply
                               << QStringLiteral("\\x01\\x02\\xff");
        QTest::newRow("protocol 1") << QByteArray("SSH-1.5-old\r\n") << false << ErrorKind::BadReply
                                    << QStringLiteral("SSH-1.5-old");
        QTest::newRow("endless") << QByteArray(20'000, 'x') << false << ErrorKind::BadReply
                                 << QStringLiteral("xxx");
    }
    void peersThatAreNotSsh()
    {
        QFETCH(QByteArray, says);
        QFETCH(bool, closes);
        QFETCH(ErrorKind, kind);
        QFETCH(QString, cause);
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        connect(&server, &QTcpServer::newConnection, this, [&] {
            auto *socket = server.nextPendingConnection();
            socket->write(says);
            if (closes)
                socket->disconnectFromHost();
        });
        auto host = m_sshd.host();
        host->port = server.serverPort();
        host->connectTimeoutSeconds = says.isEmpty() ? 1 : 30;
        const Error error = failure(host);
        QCOMPARE(error.kind, kind);
        QCOMPARE(error.stage, QStringLiteral("banner"));
        QVERIFY2(error.cause.contains(cause), qPrintable(error.cause));
    }

    void linesBeforeTheBannerAreDropped()
    {
        // A relay that greets first, as some gateways do.
        m_sshd.makeKnown();
        QTcpServer relay;
        QVERIFY(relay.listen(QHostAddress::LocalHost));
        connect(&relay, &QTcpServer::newConnection, this, [&] {
            auto *socket = relay.nextPendingConnection();
            auto *peer = new QTcpSocket(socket);
            socket->write("Welcome to the gateway\r\nAll is logged\r\n");
            connect(peer, &QTcpSocket::readyRead, socket, [=] { socket->write(peer->readAll()); });
            connect(socket, &QTcpSocket::readyRead, peer, [=] { peer->write(socket->readAll()); });
            peer->connectToHost(QHostAddress::LocalHost, m_sshd.port());
        });
        auto host = m_sshd.host();
        host->hostKeyAlias = QStringLiteral("gateway");
        host->port = relay.serverPort();
        QVERIFY(connectNow(host, &m_prompter, &m_stages));
        QVERIFY(m_stages.of(Stage::Banner).startsWith(QStringLiteral("OpenSSH ")));
        QCOMPARE(m_prompter.keysAsked.first().host, QStringLiteral("gateway"));
    }

    void cancelledAndTimedOutWhileItWaits()
    {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        auto host = m_sshd.host();
        host->port = server.serverPort();
        std::stop_source source;
        Stages stages;
        auto connecting = connectLibssh(
            Context(source.get_token()), Target(), host, &m_prompter, stages.sink());
        QTRY_COMPARE(stages.lines.size(), 2);
        source.request_stop();
        QCOMPARE(QCoro::waitFor(connecting).error().kind, ErrorKind::Cancelled);
        QCOMPARE(failure(host, Context().within(std::chrono::milliseconds(50))).kind,
            ErrorKind::Timeout);
        source = std::stop_source();
        source.request_stop();
        QCOMPARE(failure(host, Context(source.get_token())).kind, ErrorKind::Cancelled);
    }

    void algorithmsThatLibsshLacks()
    {
        Sshd modern({QStringLiteral("KexAlgorithms sntrup761x25519-sha512@openssh.com")});
        QVERIFY(modern.start());
        auto host = modern.host();
        QCOMPARE(failure(host).kind, ErrorKind::Unsupported);
        host->kexAlgorithms = QStringList{QStringLiteral("sntrup761x25519-sha512@openssh.com")};
        QCOMPARE(failure(host).kind, ErrorKind::Unsupported);
    }

    void silentServerIsLostByKeepAlive()
    {
        m_sshd.makeKnown();
        auto host = m_sshd.host();
        host->serverAliveInterval = 1;
        host->serverAliveCountMax = 1;
        const auto connected = connectNow(host, &m_prompter);
        QVERIFY(connected);
        QSignalSpy lost(connected->transport.get(), &Transport::lost);
        QTest::qWait(2500); // answers come: it stays
        QCOMPARE(lost.count(), 0);
        m_sshd.signalSessions(SIGSTOP);
        QTRY_COMPARE_WITH_TIMEOUT(lost.count(), 1, 20'000);
        m_sshd.signalSessions(SIGCONT);
        QVERIFY(lost.first().first().value<Error>().cause.contains(QStringLiteral("keepalive")));
        const auto after
            = QCoro::waitFor(connected->transport->run(Context(), Command(QStringLiteral("true"))));
        QCOMPARE(after.error().kind, ErrorKind::Unreachable);
    }

    void threeHopsEachWithItsOwnSettings()
    {
        std::array<Sshd, 3> hops;
        auto target = m_sshd.host();
        m_sshd.makeKnown();
        for (std::size_t i = 0; i < hops.size(); ++i) {
            QVERIFY(hops[i].start());
            target->jumps << hops[i].host(QStringLiteral("hop%1").arg(i));
        }
        const auto first = connectNow(target, &m_prompter, &m_stages);
        QVERIFY2(first, first ? "" : qPrintable(first.error().message + first.error().cause));
        QVERIFY(first->summary.endsWith(QStringLiteral(" via hop0, hop1, hop2")));
        QCOMPARE(m_prompter.keysAsked.size(), 3); // each hop's own known_hosts
        for (std::size_t i = 0; i < hops.size(); ++i)
            QVERIFY(m_stages.of(Stage::JumpHost, QStringLiteral("hop%1").arg(i))
                        .contains(hops[i].clientKey()));
        QVERIFY(m_stages.of(Stage::Tcp).contains(QStringLiteral(" from ")));
        QByteArray data(3'000'000, 'h');
        const auto echoed = QCoro::waitFor(
            first->transport->run(Context(), Command(QStringLiteral("cat"), {}, data)));
        QVERIFY(echoed->out == data);

        // Two more at once go through the same hops.
        Stages one, two;
        auto connectingOne = connectLibssh(Context(), Target(), target, &m_prompter, one.sink());
        auto connectingTwo = connectLibssh(Context(), Target(), target, &m_prompter, two.sink());
        const auto second = QCoro::waitFor(connectingOne);
        QVERIFY(second && QCoro::waitFor(connectingTwo));
        QVERIFY(one.of(Stage::JumpHost, QStringLiteral("hop0"))
                    .startsWith(QStringLiteral("already connected")));
        QCOMPARE(hops[0].log().count("Accepted publickey"), 1);
        first->transport->close();
        QVERIFY(QCoro::waitFor(second->transport->run(Context(), Command(QStringLiteral("true")))));

        QSignalSpy lost(second->transport.get(), &Transport::lost);
        hops[1].killSessions();
        QTRY_COMPARE(lost.count(), 1);
        Stages again;
        QVERIFY(connectNow(target, &m_prompter, &again)); // the dead hop is not used again
        QVERIFY(again.of(Stage::JumpHost, QStringLiteral("hop1")).contains(hops[1].clientKey()));
    }

    void manyAtOnceThroughAFreshHop()
    {
        Sshd bastion;
        QVERIFY(bastion.start());
        m_sshd.makeKnown();
        auto target = m_sshd.host();
        target->jumps << bastion.host(QStringLiteral("bastion"));
        std::vector<Task<Result<Connected>>> connecting;
        std::vector<Stages> stages(12);
        for (auto &one : stages)
            connecting.push_back(
                connectLibssh(Context(), Target(), target, &m_prompter, one.sink()));
        for (auto &one : connecting) {
            const auto connected = QCoro::waitFor(one);
            QVERIFY2(connected,
                connected ? "" : qPrintable(connected.error().message + connected.error().cause));
        }
        QCOMPARE(bastion.log().count("Accepted publickey"), 1);
        QCOMPARE(m_prompter.keysAsked.size(), 1);
    }

    void troubleBehindAHopSaysWhere()
    {
        Sshd bastion;
        QVERIFY(bastion.start());
        auto target = m_sshd.host();
        target->jumps << bastion.host(QStringLiteral("bastion"));
        QTcpServer closed;
        QVERIFY(closed.listen(QHostAddress::LocalHost));
        target->port = closed.serverPort();
        closed.close();
        const Error error = failure(target);
        QCOMPARE(error.kind, ErrorKind::Unreachable);
        QCOMPARE(error.stage, QStringLiteral("tcp"));
        QVERIFY(!error.cause.isEmpty());
        m_stages = Stages();
        bastion.kill();
        QTest::qWait(50);
        const Error hop = failure(target);
        QCOMPARE(hop.kind, ErrorKind::Unreachable);
        QVERIFY(hop.message.startsWith(QStringLiteral("Jump host bastion")));
        QCOMPARE(m_stages.failed(), std::optional(Stage::JumpHost));
    }

    void fiftyHostsRunTrue()
    {
        m_sshd.makeKnown();
        auto host = m_sshd.host();
        host->kexAlgorithms = QStringList{QStringLiteral("curve25519-sha256")};
        QVERIFY(connectNow(host, &m_prompter)); // what is set up once is not counted
        const auto cpuMilliseconds = [] {
            rusage used{};
            getrusage(RUSAGE_SELF, &used);
            return (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000
                + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1000;
        };
        const auto before = cpuMilliseconds();
        auto one
            = [](std::shared_ptr<ResolvedHost> host, Prompter *prompter) -> Task<Result<Output>> {
            auto connecting
                = connectLibssh(Context(), Target(), host, prompter, [](const StageReport &) {});
            const auto connected = co_await std::move(connecting);
            if (!connected)
                co_return fail(connected.error());
            auto running = connected->transport->run(Context(), Command(QStringLiteral("true")));
            co_return co_await std::move(running);
        };
        std::vector<Task<Result<Output>>> running;
        for (int i = 0; i < 50; ++i)
            running.push_back(one(host, &m_prompter));
        for (auto &task : running) {
            const auto output = QCoro::waitFor(task);
            QVERIFY2(
                output, output ? "" : qPrintable(output.error().message + output.error().cause));
            QCOMPARE(output->exitCode, 0);
        }
        qInfo("client CPU: %.2f ms per host", double(cpuMilliseconds() - before) / 50);
    }

    void fewSessionsAreWaitedFor()
    {
        Sshd strict({QStringLiteral("MaxSessions 2")});
        QVERIFY(strict.start());
        const auto connected = connectNow(strict.host(), &m_prompter);
        QVERIFY(connected);
        std::vector<Task<Result<Output>>> running;
        for (int i = 0; i < 12; ++i)
            running.push_back(connected->transport->run(
                Context(), Command(QStringLiteral("echo"), {QString::number(i)})));
        for (int i = 0; i < 12; ++i) {
            const auto output = QCoro::waitFor(running[std::size_t(i)]);
            QVERIFY2(
                output, output ? "" : qPrintable(output.error().message + output.error().cause));
            QCOMPARE(output->out, QByteArray::number(i) + '\n');
        }
        const auto one
            = QCoro::waitFor(connected->transport->open(Context(), Command(QStringLiteral("cat"))));
        const auto two
            = QCoro::waitFor(connected->transport->open(Context(), Command(QStringLiteral("cat"))));
        QVERIFY(one && two);
        const auto three
            = QCoro::waitFor(connected->transport->open(Context(), Command(QStringLiteral("cat"))));
        QCOMPARE(three.error().kind, ErrorKind::Denied);
    }

    void otherLoginShells_data()
    {
        QTest::addColumn<QString>("force");
        QTest::newRow("tcsh") << QStringLiteral("tcsh -c \"$SSH_ORIGINAL_COMMAND\"");
        QTest::newRow("noisy") << QStringLiteral(
            "echo noise; echo more noise >&2; sh -c \"$SSH_ORIGINAL_COMMAND\"");
    }
    void otherLoginShells()
    {
        QFETCH(QString, force);
        if (force.startsWith(QLatin1String("tcsh"))
            && QStandardPaths::findExecutable(QStringLiteral("tcsh")).isEmpty())
            QSKIP("no tcsh here");
        Sshd other({QStringLiteral("ForceCommand ") + force});
        QVERIFY(other.start());
        const auto connected = connectNow(other.host(), &m_prompter);
        QVERIFY(connected);
        const auto output = QCoro::waitFor(connected->transport->run(Context(),
            Command(QStringLiteral("sh"),
                {QStringLiteral("-c"),
                    QStringLiteral("echo \"it's !! \"; echo bad >&2\nexit 3")})));
        QVERIFY(output->out.endsWith("it's !! \n"));
        QCOMPARE(output->err, QByteArray("bad\n"));
        QCOMPARE(output->exitCode, 3);
        const QString path = other.file(QStringLiteral("up/load"));
        QVERIFY(QCoro::waitFor(
            connected->transport->upload(Context(), QByteArray(100'000, '!'), path, {})));
        QCOMPARE(QFileInfo(path).size(), 100'000);
    }
};

QTEST_GUILESS_MAIN(TestConnect)
#include "test_connect.moc"
