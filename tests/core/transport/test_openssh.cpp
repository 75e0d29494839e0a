// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/transport/opensshhome.h"
#include "tests/peers/promptserver.h"

#include <QSignalSpy>
#include <QStandardPaths>

#include <csignal>
#include <sys/socket.h>
#include <unistd.h>

using namespace pilothouse;

/// The system's ssh against a real sshd, and against a server that asks.
class TestOpenSsh : public QObject, private OpenSshHome {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        if (const QString missing = Sshd::missing(); !missing.isEmpty())
            QSKIP(qPrintable(missing));
        use();
    }
    void init() { begin(); }
    void cleanupTestCase()
    {
        IoLoop::instance().stop();
        QCOMPARE(leftBehind(), QStringList());
    }

    void runsOpensAndUploads()
    {
        Sshd sshd;
        QVERIFY(sshd.start());
        sshd.makeKnown();
        writeConfig(block(sshd));
        FakePrompter prompter;
        Stages stages;
        const auto connected = connectPeer(&prompter, &stages);
        QVERIFY2(connected, connected ? "" : qPrintable(connected.error().cause));
        const auto transport = connected->transport;
        QCOMPARE(transport->kind(), QStringLiteral("openssh"));
        QCOMPARE(stages.of(Stage::Tcp), QStringLiteral("127.0.0.1:%1").arg(sshd.port()));
        QVERIFY(stages.of(Stage::Banner).startsWith(QLatin1String("OpenSSH")));
        QVERIFY(stages.of(Stage::HostKey).contains(QLatin1String("known")));
        QCOMPARE(stages.of(Stage::Authentication), QStringLiteral("publickey"));
        QVERIFY(prompter.keysAsked.isEmpty() && prompter.secretsAsked.isEmpty());

        const auto output = QCoro::waitFor(
            transport->run(Context(), shellCommand("cat; echo err >&2; exit 3", "in\0put")));
        QVERIFY(output);
        QCOMPARE(output->out, QByteArray("in"));
        QCOMPARE(output->err, QByteArray("err\n"));
        QCOMPARE(output->exitCode, 3);
        const auto own255 = QCoro::waitFor(transport->run(Context(), shellCommand("exit 255")));
        QVERIFY(own255);
        QCOMPARE(own255->exitCode, 255);
        const auto killed = QCoro::waitFor(transport->run(Context(), shellCommand("kill -9 $$")));
        QVERIFY(killed);
        QCOMPARE(killed->exitCode, 128 + SIGKILL);
        const auto missing
            = QCoro::waitFor(transport->run(Context(), Command(QStringLiteral("no-such-program"))));
        QVERIFY(missing);
        QCOMPARE(missing->exitCode, 127);

        const auto opened = QCoro::waitFor(
            transport->open(Context(), shellCommand("read x; echo got $x; echo bad >&2; exit 5")));
        QVERIFY(opened);
        const int fd = (*opened)->get();
        QCOMPARE(::write(fd, "word\n", 5), ssize_t(5));
        QByteArray text;
        QTRY_VERIFY([&] {
            char buffer[256];
            const ssize_t got = ::recv(fd, buffer, sizeof buffer, MSG_DONTWAIT);
            if (got > 0)
                text.append(buffer, got);
            return got == 0;
        }());
        QCOMPARE(text, QByteArray("got word\n"));
        QTRY_COMPARE((*opened)->end()->exitCode(), std::optional<int>(5));
        QCOMPARE((*opened)->end()->err(), QByteArray("bad\n"));

        QByteArray data(3'000'000, '\0');
        for (qsizetype i = 0; i < data.size(); ++i)
            data[i] = char(i * 7 + i / 251);
        qint64 last = 0;
        const auto sent = QCoro::waitFor(transport->upload(Context(), data,
            QStringLiteral("~/deep/er/file"), [&](qint64 done, qint64) { last = done; }));
        QVERIFY2(sent, sent ? "" : qPrintable(sent.error().cause));
        QCOMPARE(last, data.size());
        QFile file(sshd.file(QStringLiteral("deep/er/file")));
        QVERIFY(file.open(QFile::ReadOnly));
        QVERIFY(file.readAll() == data);
        transport->close();
        const auto after = QCoro::waitFor(transport->run(Context(), shellCommand("true")));
        QVERIFY(!after);
        QCOMPARE(after.error().kind, ErrorKind::Unreachable);
    }

    void refusals()
    {
        Sshd sshd;
        QVERIFY(sshd.start());
        sshd.makeKnown();
        QVERIFY(Sshd::makeKey(sshd.file(QStringLiteral("other")), QStringLiteral("ed25519")));
        writeConfig(block(QStringLiteral("wrongkey"), sshd.port(),
                        sshd.file(QStringLiteral("other")), sshd.knownHosts())
            + block(QStringLiteral("closed"), 1, sshd.clientKey(), sshd.knownHosts())
            + QStringList{
                QStringLiteral("Host nowhere"), QStringLiteral("HostName no-such-host.invalid")});
        FakePrompter prompter;
        struct Case {
            const char *alias;
            ErrorKind kind;
            Stage stage;
        };
        for (const Case &one : {Case{"wrongkey", ErrorKind::Denied, Stage::Authentication},
                 Case{"closed", ErrorKind::Unreachable, Stage::Tcp},
                 Case{"nowhere", ErrorKind::Unreachable, Stage::Tcp}}) {
            Stages stages;
            const auto refused = connectTo(QString::fromLatin1(one.alias), &prompter, &stages);
            QVERIFY(!refused);
            QCOMPARE(refused.error().kind, one.kind);
            QCOMPARE(refused.error().stage, stageId(one.stage));
            QCOMPARE(stages.failed(), std::optional(one.stage));
            QVERIFY(!refused.error().cause.isEmpty());
        }
    }

    void passphraseIsAskedOnceAndAgainWhenWrong()
    {
        Sshd sshd;
        QVERIFY(sshd.start());
        sshd.makeKnown();
        const QString key = sshd.file(QStringLiteral("locked"));
        QVERIFY(Sshd::makeKey(key, QStringLiteral("ed25519"), QStringLiteral("open $esame")));
        QFile half(key + QStringLiteral(".pub")),
            allowed(sshd.file(QStringLiteral("authorized_keys")));
        QVERIFY(half.open(QFile::ReadOnly) && allowed.open(QFile::Append));
        allowed.write(half.readAll());
        allowed.close();
        writeConfig(block(QStringLiteral("peer"), sshd.port(), key, sshd.knownHosts()));
        FakePrompter prompter;
        prompter.willSay("wrong");
        prompter.willSay("open $esame");
        const auto connected = connectPeer(&prompter);
        QVERIFY2(connected, connected ? "" : qPrintable(connected.error().cause));
        QCOMPARE(prompter.secretsAsked.size(), 2);
        QCOMPARE(prompter.secretsAsked[0].kind, SecretQuestion::Kind::Passphrase);
        QVERIFY(prompter.secretsAsked[0].title.contains(key));
        QVERIFY(!prompter.secretsAsked[0].again && prompter.secretsAsked[1].again);
        const auto another = connectPeer(&prompter);
        QVERIFY2(another, another ? "" : qPrintable(another.error().cause));
        QCOMPARE(prompter.secretsAsked.size(), 2);
    }

    void passwordAndCodes()
    {
        const QString key = m_home.filePath(QStringLiteral("server_key"));
        QVERIFY(Sshd::makeKey(key, QStringLiteral("ed25519")));
        PromptServer::Script script;
        script.password = "s3cret";
        PromptServer server(key, script);
        const QString known = m_home.filePath(QStringLiteral("known"));
        writeConfig(block(QStringLiteral("peer"), server.port(), QStringLiteral("none"), known,
            {QStringLiteral("StrictHostKeyChecking accept-new")}));
        FakePrompter prompter;
        prompter.willSay("nope");
        prompter.willSay("s3cret");
        const auto connected = connectPeer(&prompter);
        QVERIFY2(connected, connected ? "" : qPrintable(connected.error().cause));
        QCOMPARE(prompter.secretsAsked.size(), 2);
        QCOMPARE(prompter.secretsAsked[0].kind, SecretQuestion::Kind::Password);
        QVERIFY(prompter.secretsAsked[1].again);

        PromptServer::Script codes;
        codes.rounds = {{PromptServer::Field{"Code: ", false, "123456"}}};
        PromptServer second(key, codes);
        writeConfig(block(QStringLiteral("peer"), second.port(), QStringLiteral("none"), known,
            {QStringLiteral("StrictHostKeyChecking accept-new")}));
        prompter.willSay("123456");
        const auto coded = connectPeer(&prompter);
        QVERIFY2(coded, coded ? "" : qPrintable(coded.error().cause));
        QCOMPARE(prompter.secretsAsked.last().kind, SecretQuestion::Kind::Interactive);
        QVERIFY(prompter.secretsAsked.last().fields[0].prompt.contains(QLatin1String("Code")));

        // Nobody there to answer: the server's refusal is what counts.
        SecretCache::instance().clear();
        Stages stages;
        const auto nobody = connectPeer(&prompter, &stages);
        QVERIFY(!nobody);
        QCOMPARE(nobody.error().kind, ErrorKind::Denied);
        QCOMPARE(stages.failed(), std::optional(Stage::Authentication));
    }

    void passwordOfTheSystem()
    {
        if (const QString why = Sshd::noNamespace(); !why.isEmpty())
            QSKIP(qPrintable(why));
        Sshd sshd;
        QVERIFY(sshd.setPassword(QStringLiteral("right one")));
        QVERIFY(sshd.start());
        sshd.makeKnown();
        writeConfig(
            block(QStringLiteral("peer"), sshd.port(), QStringLiteral("none"), sshd.knownHosts()));
        FakePrompter prompter;
        prompter.willSay("right one");
        const auto connected = connectPeer(&prompter);
        QVERIFY2(connected, connected ? "" : qPrintable(connected.error().cause));
        QCOMPARE(prompter.secretsAsked.size(), 1);
    }

    void fullDiskIsNoSpace()
    {
        if (const QString why = Sshd::noNamespace(); !why.isEmpty())
            QSKIP(qPrintable(why));
        Sshd sshd;
        sshd.addMount(QStringLiteral("small"), QStringLiteral("size=64k"));
        QVERIFY(sshd.start());
        sshd.makeKnown();
        writeConfig(block(sshd));
        FakePrompter prompter;
        const auto connected = connectPeer(&prompter);
        QVERIFY(connected);
        const auto sent = QCoro::waitFor(connected->transport->upload(
            Context(), QByteArray(1'000'000, 'x'), QStringLiteral("~/small/file"), {}));
        QVERIFY(!sent);
        QCOMPARE(sent.error().kind, ErrorKind::NoSpace);
    }

    void proxyCommandAndJump()
    {
        Sshd sshd;
        QVERIFY(sshd.start());
        sshd.makeKnown();
        writeConfig(block(sshd)
            + block(QStringLiteral("behind"), sshd.port(), sshd.clientKey(), sshd.knownHosts(),
                {QStringLiteral("ProxyJump peer")})
            + block(QStringLiteral("piped"), sshd.port(), sshd.clientKey(), sshd.knownHosts(),
                {QStringLiteral("ProxyCommand ssh -F %1 -W %h:%p peer")
                        .arg(m_home.filePath(QStringLiteral("ssh_config")))}));
        FakePrompter prompter;
        const auto host = QCoro::waitFor(resolveHost(Context(), target(QStringLiteral("piped"))));
        QVERIFY(host);
        QCOMPARE((*host)->needsOpenSsh, QStringList{QStringLiteral("ProxyCommand")});
        Stages stages;
        const auto piped = connectTo(QStringLiteral("piped"), &prompter, &stages);
        QVERIFY2(piped, piped ? "" : qPrintable(piped.error().cause));
        QVERIFY(stages.of(Stage::Tcp).contains(QLatin1String("proxy")));
        Stages jumping;
        const auto behind = connectTo(QStringLiteral("behind"), &prompter, &jumping);
        QVERIFY2(behind, behind ? "" : qPrintable(behind.error().cause));
        QVERIFY(jumping.of(Stage::JumpHost, QStringLiteral("peer"))
                    .contains(QLatin1String("publickey")));
        QCOMPARE(jumping.of(Stage::Authentication), QStringLiteral("publickey"));
        QVERIFY(behind->summary.endsWith(QLatin1String("via peer")));
        const auto output
            = QCoro::waitFor(behind->transport->run(Context(), shellCommand("echo there")));
        QVERIFY(output);
        QCOMPARE(output->out, QByteArray("there\n"));
    }

    void lostOnceWhenTheServerGoes()
    {
        Sshd sshd;
        QVERIFY(sshd.start());
        sshd.makeKnown();
        writeConfig(block(sshd));
        FakePrompter prompter;
        const auto connected = connectPeer(&prompter);
        QVERIFY(connected);
        QSignalSpy lost(connected->transport.get(), &Transport::lost);
        auto running = connected->transport->run(Context(), shellCommand("sleep 60"));
        const auto opened
            = QCoro::waitFor(connected->transport->open(Context(), shellCommand("cat")));
        QVERIFY(opened);
        sshd.kill();
        const auto output = QCoro::waitFor(std::move(running));
        QVERIFY(!output);
        QCOMPARE(output.error().kind, ErrorKind::Unreachable);
        QTRY_COMPARE(lost.size(), 1);
        QCOMPARE(lost[0][0].value<Error>().kind, ErrorKind::Unreachable);
        const auto later
            = QCoro::waitFor(connected->transport->run(Context(), shellCommand("true")));
        QVERIFY(!later);
        QCOMPARE(later.error().kind, ErrorKind::Unreachable);
        QCOMPARE(lost.size(), 1);
    }

    void cancelEndsTheRemoteCommand()
    {
        Sshd sshd;
        QVERIFY(sshd.start());
        sshd.makeKnown();
        writeConfig(block(sshd));
        FakePrompter prompter;
        const auto connected = connectPeer(&prompter);
        QVERIFY(connected);
        std::stop_source stop;
        auto running = connected->transport->run(Context(stop.get_token()),
            shellCommand("echo $$ > ~/pid; sleep 300; echo never > ~/end"));
        QFile pid(sshd.file(QStringLiteral("pid")));
        QTRY_VERIFY(pid.exists() && pid.size() > 1);
        QVERIFY(pid.open(QFile::ReadOnly));
        const pid_t process = pid_t(pid.readAll().trimmed().toLongLong());
        QCOMPARE(::kill(process, 0), 0);
        stop.request_stop();
        const auto output = QCoro::waitFor(std::move(running));
        QVERIFY(!output);
        QCOMPARE(output.error().kind, ErrorKind::Cancelled);
        QTRY_VERIFY(::kill(process, 0) != 0);

        const Context context;
        const auto late = QCoro::waitFor(connected->transport->run(
            context.within(std::chrono::milliseconds(300)), shellCommand("sleep 60")));
        QVERIFY(!late);
        QCOMPARE(late.error().kind, ErrorKind::Timeout);
    }

    void connectingStopsAndTimesOut()
    {
        Sshd sshd;
        QVERIFY(sshd.start());
        writeConfig(block(sshd, {QStringLiteral("ProxyCommand sleep 60")}));
        FakePrompter prompter;
        Stages stages;
        const Context context;
        const auto late
            = connectPeer(&prompter, &stages, context.within(std::chrono::milliseconds(500)));
        QVERIFY(!late);
        QCOMPARE(late.error().kind, ErrorKind::Timeout);
        QCOMPARE(stages.failed(), std::optional(Stage::Tcp));
        std::stop_source stop;
        auto going = resolvedConnect(
            Context(stop.get_token()), target(), &prompter, [&](const StageReport &line) {
                if (line.stage == Stage::Tcp && line.state == StageState::Running)
                    QTimer::singleShot(0, [&] { stop.request_stop(); });
            });
        const auto stopped = QCoro::waitFor(std::move(going));
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().kind, ErrorKind::Cancelled);
    }

    void ownerMayDieMeanwhile()
    {
        Sshd sshd;
        QVERIFY(sshd.start());
        sshd.makeKnown();
        writeConfig(block(sshd));
        FakePrompter prompter;
        auto connected = connectPeer(&prompter);
        QVERIFY(connected);
        auto running = connected->transport->run(Context(), shellCommand("sleep 60"));
        connected->transport.reset();
        const auto output = QCoro::waitFor(std::move(running));
        QVERIFY(!output);
        QCOMPARE(output.error().kind, ErrorKind::Unreachable);
    }

    void argumentsArriveAsTheyAre_data()
    {
        QTest::addColumn<QString>("shell");
        QTest::addRow("own shell") << QString();
        for (const char *shell : {"tcsh", "fish", "zsh"})
            if (const QString path = QStandardPaths::findExecutable(QString::fromLatin1(shell));
                !path.isEmpty())
                QTest::addRow("%s", shell) << path;
    }
    void argumentsArriveAsTheyAre()
    {
        QFETCH(QString, shell);
        if (const QString why = Sshd::noNamespace(); !shell.isEmpty() && !why.isEmpty())
            QSKIP(qPrintable(why));
        Sshd sshd;
        QVERIFY(shell.isEmpty() || sshd.setLoginShell(shell));
        QVERIFY(sshd.start());
        sshd.makeKnown();
        writeConfig(block(sshd));
        FakePrompter prompter;
        const auto connected = connectPeer(&prompter);
        QVERIFY(connected);
        const auto account = QCoro::waitFor(
            connected->transport->run(Context(), shellCommand("getent passwd \"$(id -un)\"")));
        QVERIFY(account);
        QVERIFY(shell.isEmpty() || account->out.trimmed().endsWith(shell.toUtf8()));
        const QStringList hostile{QStringLiteral("a b"), QStringLiteral("it's \"q\""),
            QStringLiteral("$(touch x)`id`!!"), QStringLiteral("back\\slash\\"),
            QStringLiteral("line\nbreak"), QString(), QStringLiteral("~*?[a]%d"),
            QStringLiteral("grüße")};
        const auto output = QCoro::waitFor(connected->transport->run(Context(),
            Command(QStringLiteral("printf"), QStringList{QStringLiteral("<%s>")} + hostile)));
        QVERIFY(output);
        QCOMPARE(QString::fromUtf8(output->out),
            QLatin1Char('<') + hostile.join(QStringLiteral("><")) + QLatin1Char('>'));
    }
};

QTEST_GUILESS_MAIN(TestOpenSsh)
#include "test_openssh.moc"
