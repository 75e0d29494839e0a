// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/ioloop.h"
#include "core/transport/keyfiles.h"
#include "core/transport/libsshoptions.h"
#include "core/transport/secretcache.h"
#include "core/transport/sshagent.h"
#include "tests/core/transport/sshtest.h"
#include "tests/peers/promptserver.h"

#include <QLocalServer>
#include <QLocalSocket>
#include <QStandardPaths>

#include <csignal>

using namespace pilothouse;

// Who may come in: keys, agents, passwords, one-time codes.
class TestLogin : public QObject {
    Q_OBJECT
    Sshd m_sshd{QStringList{QStringLiteral("MaxAuthTries 6")}};
    FakePrompter m_prompter;
    Stages m_stages;
    QProcess m_agent;

    QString agentSocket() { return m_sshd.file(QStringLiteral("agent.sock")); }
    QString key(const char *name, const char *type = "ed25519", const char *passphrase = "")
    {
        const QString path = m_sshd.file(QString::fromLatin1(name));
        if (!QFile::exists(path))
            Sshd::makeKey(path, QString::fromLatin1(type), QString::fromLatin1(passphrase));
        return path;
    }
    void authorize(const QString &path)
    {
        QFile from(path + QStringLiteral(".pub")),
            to(m_sshd.file(QStringLiteral("authorized_keys")));
        QVERIFY(from.open(QFile::ReadOnly) && to.open(QFile::WriteOnly | QFile::Truncate));
        to.write(from.readAll());
    }
    int agentCommand(const QStringList &arguments)
    {
        QProcess add;
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("SSH_AUTH_SOCK"), agentSocket());
        add.setProcessEnvironment(environment);
        add.setStandardErrorFile(QProcess::nullDevice());
        add.start(QStringLiteral("ssh-add"), arguments);
        add.waitForFinished();
        return add.exitCode();
    }
    std::shared_ptr<ResolvedHost> host(
        const QStringList &files, const QString &agent = QStringLiteral("none"))
    {
        auto host = m_sshd.host();
        host->identityFiles = files;
        host->identityAgent = agent;
        return host;
    }
    std::shared_ptr<ResolvedHost> asking(const PromptServer &server)
    {
        auto host = m_sshd.host();
        host->port = server.port();
        host->strictHostKeyChecking = QStringLiteral("accept-new");
        host->identityFiles.clear();
        return host;
    }
    Error failure(std::shared_ptr<ResolvedHost> host)
    {
        const auto connected = connectNow(std::move(host), &m_prompter, &m_stages);
        return connected ? Error{ErrorKind::Internal, QStringLiteral("connected"), {}, {}, {}}
                         : connected.error();
    }
    QString won() const { return m_stages.of(Stage::Authentication); }

private Q_SLOTS:
    void initTestCase()
    {
        if (!Sshd::missing().isEmpty())
            QSKIP(qPrintable(Sshd::missing()));
        QVERIFY2(m_sshd.start(), m_sshd.log().constData());
        m_sshd.makeKnown();
        m_agent.setStandardOutputFile(QProcess::nullDevice());
        m_agent.start(QStringLiteral("ssh-agent"),
            {QStringLiteral("-D"), QStringLiteral("-a"), agentSocket()});
        QTRY_VERIFY(QFile::exists(agentSocket()));
    }
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_prompter = FakePrompter();
        m_stages = Stages();
        SecretCache::instance().clear();
        forgetKeys();
        agentCommand({QStringLiteral("-D")});
    }
    void cleanupTestCase()
    {
        m_agent.kill();
        m_agent.waitForFinished();
        IoLoop::instance().stop();
    }

    void everyKindOfKey_data()
    {
        QTest::addColumn<QString>("type");
        for (const char *type : {"ed25519", "ecdsa", "rsa"})
            QTest::newRow(type) << QString::fromLatin1(type);
    }
    void everyKindOfKey()
    {
        QFETCH(QString, type);
        const QString path = key(qPrintable(QStringLiteral("key_") + type), qPrintable(type));
        authorize(path);
        QVERIFY(connectNow(host({path}), &m_prompter, &m_stages));
        QCOMPARE(won(), QStringLiteral("public key ") + path);
        QCOMPARE(agentCommand({path}), 0);
        m_stages = Stages();
        QVERIFY(connectNow(host({}, agentSocket()), &m_prompter, &m_stages));
        QCOMPARE(won(), QStringLiteral("public key from agent (test)"));
    }

    void encryptedKeyIsAskedForOnce()
    {
        const QString path = key("locked", "ed25519", "open sesame");
        authorize(path);
        m_prompter.willSay("wrong");
        m_prompter.willSay("open sesame");
        QVERIFY(connectNow(host({path}), &m_prompter, &m_stages));
        QCOMPARE(won(), QStringLiteral("public key ") + path);
        QCOMPARE(m_prompter.secretsAsked.size(), 2);
        QCOMPARE(m_prompter.secretsAsked[0].kind, SecretQuestion::Kind::Passphrase);
        QVERIFY(!m_prompter.secretsAsked[0].again && m_prompter.secretsAsked[1].again);
        QVERIFY(connectNow(host({path}), &m_prompter));
        forgetKeys(); // the passphrase is still known
        QVERIFY(connectNow(host({path}), &m_prompter));
        QCOMPARE(m_prompter.secretsAsked.size(), 2);
    }

    void manyThatNeedOnePassphraseAskOnce()
    {
        const QString path = key("locked", "ed25519", "open sesame");
        authorize(path);
        m_prompter.willSay("open sesame");
        std::vector<Task<Result<Connected>>> connecting;
        for (int i = 0; i < 6; ++i)
            connecting.push_back(
                connectLibssh(Context(), Target(), host({path}), &m_prompter, m_stages.sink()));
        for (auto &one : connecting)
            QVERIFY(QCoro::waitFor(one));
        QCOMPARE(m_prompter.secretsAsked.size(), 1);
    }

    void noPassphraseIsAskedForAKeyTheServerRefuses()
    {
        const QString path = key("locked", "ed25519", "open sesame");
        authorize(key("key_ed25519"));
        QVERIFY(connectNow(host({path, key("key_ed25519")}), &m_prompter, &m_stages));
        QVERIFY(m_prompter.secretsAsked.isEmpty());
        QCOMPARE(won(), QStringLiteral("public key ") + key("key_ed25519"));
    }

    void nobodyToAskIsDenied()
    {
        const QString path = key("locked", "ed25519", "open sesame");
        authorize(path);
        const Error error = failure(host({path}));
        QCOMPARE(error.kind, ErrorKind::Denied);
        QCOMPARE(error.stage, QStringLiteral("authentication"));
        QCOMPARE(error.message, QStringLiteral("Nobody can be asked."));
    }

    void refusedKeysAreNamed()
    {
        authorize(key("key_ed25519"));
        const Error error
            = failure(host({key("key_rsa", "rsa"), m_sshd.file(QStringLiteral("not there"))}));
        QCOMPARE(error.kind, ErrorKind::Denied);
        QVERIFY(error.cause.contains(QStringLiteral("key_rsa")));
        QVERIFY(!error.cause.contains(QStringLiteral("not there")));
        QVERIFY(error.cause.contains(QStringLiteral("publickey")));
        QCOMPARE(m_stages.failed(), std::optional(Stage::Authentication));
    }

    void agentKeysObeyIdentitiesOnly()
    {
        const QString good = key("key_ed25519"), other = key("key_ecdsa", "ecdsa");
        authorize(good);
        QCOMPARE(agentCommand({other}), 0);
        QCOMPARE(agentCommand({good}), 0);
        QVERIFY(connectNow(host({}, agentSocket()), &m_prompter, &m_stages)); // the second one
        auto only = host({}, agentSocket());
        only->identitiesOnly = true;
        QCOMPARE(failure(only).kind, ErrorKind::Denied);
        // The public half alone says which of the agent's keys is meant.
        const QString half = m_sshd.file(QStringLiteral("half"));
        QFile::remove(half + QStringLiteral(".pub"));
        QVERIFY(QFile::copy(good + QStringLiteral(".pub"), half + QStringLiteral(".pub")));
        only->identityFiles = QStringList{half};
        m_stages = Stages();
        QVERIFY(connectNow(only, &m_prompter, &m_stages));
        QCOMPARE(won(), QStringLiteral("public key from agent (test)"));
    }

    void tooManyKeysIsDenied()
    {
        authorize(key("key_ed25519"));
        QStringList files;
        for (int i = 0; i < 8; ++i)
            files << key(qPrintable(QStringLiteral("many%1").arg(i)));
        const Error error = failure(host(files));
        QCOMPARE(error.kind, ErrorKind::Denied);
        QVERIFY(error.cause.contains(QStringLiteral("Too many authentication failures")));
    }

    void anAgentThatWaitsForAFingerHoldsNobodyElse()
    {
        // It lists a key and never signs.
        const QString good = key("key_ed25519");
        authorize(good);
        const KeyFile file = readKeyFile(good);
        QLocalServer slow;
        QVERIFY(slow.listen(m_sshd.file(QStringLiteral("slow.sock"))));
        bool signing = false;
        connect(&slow, &QLocalServer::newConnection, this, [&] {
            auto *socket = slow.nextPendingConnection();
            connect(socket, &QLocalSocket::readyRead, this, [&, socket] {
                const QByteArray request = socket->readAll();
                AgentKey held;
                held.blob = file.publicBlob;
                held.comment = QStringLiteral("token");
                if (request.at(4) == AgentListKeys)
                    socket->write(agentFrame(agentAnswerWith(held)));
                else
                    signing = true;
            });
        });
        const auto other = connectNow(host({good}), &m_prompter);
        std::stop_source source;
        auto waiting = connectLibssh(Context(source.get_token()), Target(),
            host({}, slow.fullServerName()), &m_prompter, m_stages.sink());
        QTRY_VERIFY(signing);
        QVERIFY(QCoro::waitFor(other->transport->run(Context(), Command(QStringLiteral("true")))));
        QVERIFY(connectNow(host({good}), &m_prompter));
        source.request_stop();
        QCOMPARE(QCoro::waitFor(waiting).error().kind, ErrorKind::Cancelled);
    }

    void badAgentsAreSurvived_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::newRow("failure") << agentFrame(QByteArray(1, char(AgentFailure)));
        QTest::newRow("huge") << QByteArray("\xff\xff\xff\xff");
        QTest::newRow("lying count") << agentFrame(QByteArray("\x0c\xff\xff\xff\xff\0\0\0\1x", 10));
        QTest::newRow("hangs up") << QByteArray();
    }
    void badAgentsAreSurvived()
    {
        QFETCH(QByteArray, answer);
        authorize(key("key_ed25519"));
        QLocalServer agent;
        QVERIFY(agent.listen(m_sshd.file(QStringLiteral("bad.sock"))));
        connect(&agent, &QLocalServer::newConnection, this, [&] {
            auto *socket = agent.nextPendingConnection();
            socket->write(answer);
            socket->disconnectFromServer();
        });
        QVERIFY(connectNow(host({key("key_ed25519")}, agent.fullServerName()), &m_prompter));
        QVERIFY(connectNow(
            host({key("key_ed25519")}, m_sshd.file(QStringLiteral("no.sock"))), &m_prompter));
    }

    void passwordIsAskedOncePerHost()
    {
        PromptServer server(
            m_sshd.file(QStringLiteral("host_key")), {QByteArray("secret"), {}, false});
        m_prompter.willSay("wrong");
        m_prompter.willSay("secret");
        const auto connected = connectNow(asking(server), &m_prompter, &m_stages);
        QVERIFY2(connected,
            connected ? "" : qPrintable(connected.error().message + connected.error().cause));
        QCOMPARE(won(), QStringLiteral("password"));
        QCOMPARE(m_prompter.secretsAsked.size(), 2);
        QVERIFY(m_prompter.secretsAsked[1].again);
        const auto output
            = QCoro::waitFor(connected->transport->run(Context(), Command(QStringLiteral("x"))));
        QCOMPARE(output->out, QByteArray("ok\n"));
        QVERIFY(connectNow(asking(server), &m_prompter));
        QCOMPARE(m_prompter.secretsAsked.size(), 2);
    }

    void wrongPasswordsEnd()
    {
        PromptServer server(
            m_sshd.file(QStringLiteral("host_key")), {QByteArray("secret"), {}, false});
        auto host = asking(server);
        host->numberOfPasswordPrompts = 2;
        for (const char *word : {"a", "b", "c"})
            m_prompter.willSay(word);
        QCOMPARE(failure(host).kind, ErrorKind::Denied);
        QCOMPARE(m_prompter.secrets.size(), 1);
    }

    void severalRoundsWithSeveralFields()
    {
        PromptServer::Script script;
        script.rounds = {{{"Password: ", false, "secret"}},
            {{"Site: ", true, "lab"}, {"One-time code: ", false, "123456"}}};
        PromptServer server(m_sshd.file(QStringLiteral("host_key")), script);
        m_prompter.willSay("secret");
        m_prompter.secrets << QList<Secret>{Secret("lab"), Secret("123456")};
        const auto connected = connectNow(asking(server), &m_prompter, &m_stages);
        QVERIFY2(connected,
            connected ? "" : qPrintable(connected.error().message + connected.error().cause));
        QCOMPARE(won(), QStringLiteral("password; then one-time code"));
        const auto question = m_prompter.secretsAsked.at(1);
        QCOMPARE(question.kind, SecretQuestion::Kind::Interactive);
        QCOMPARE(question.title, QStringLiteral("Sign in"));
        QCOMPARE(question.instruction, QStringLiteral("Look at your device."));
        QCOMPARE(question.fields.size(), 2);
        QVERIFY(question.fields[0].echo && !question.fields[1].echo);
        // The code is asked for again, the password is not.
        m_prompter.secrets << QList<Secret>{Secret("lab"), Secret("123456")};
        QVERIFY(connectNow(asking(server), &m_prompter));
        QCOMPARE(m_prompter.secretsAsked.size(), 3);
    }

    void passwordThenCode()
    {
        PromptServer::Script script{
            QByteArray("secret"), {{{"Verification code: ", false, "42"}}}, true};
        PromptServer server(m_sshd.file(QStringLiteral("host_key")), script);
        m_prompter.willSay("secret");
        m_prompter.willSay("42");
        QVERIFY(connectNow(asking(server), &m_prompter, &m_stages));
        QCOMPARE(won(), QStringLiteral("password; then one-time code"));
    }

    void nothingIsSentBeforeTheHostKeyIsTrusted()
    {
        PromptServer server(
            m_sshd.file(QStringLiteral("host_key")), {QByteArray("secret"), {}, false});
        auto host = asking(server);
        host->strictHostKeyChecking = QStringLiteral("ask");
        host->userKnownHosts = QStringList{m_sshd.file(QStringLiteral("nothing known"))};
        m_prompter.key = HostKeyAnswer::Reject;
        QCOMPARE(failure(host).kind, ErrorKind::HostKey);
        QCOMPARE(server.requests(), 0);
    }

    void optionsPreferWhatIsKnownAndSafe()
    {
        const QStringList types{QStringLiteral("ssh-ed25519"),
            QStringLiteral("ecdsa-sha2-nistp256"), QStringLiteral("rsa-sha2-512"),
            QStringLiteral("rsa-sha2-256")};
        QCOMPARE(preferKnownTypes(types, {QStringLiteral("ssh-rsa")}),
            (QStringList{types[2], types[3], types[0], types[1]}));
        QCOMPARE(preferKnownTypes(types, {}), types);
        const QString chacha = QStringLiteral("chacha20-poly1305@openssh.com"),
                      ctr = QStringLiteral("aes128-ctr"), cbc = QStringLiteral("aes128-cbc"),
                      gcm = QStringLiteral("aes256-gcm@openssh.com"),
                      gcm128 = QStringLiteral("aes128-gcm@openssh.com");
        QCOMPARE(preferSafeCiphers({chacha, cbc, ctr}), (QStringList{ctr, chacha}));
        QCOMPARE(
            preferSafeCiphers({chacha, ctr, gcm, gcm128}), (QStringList{gcm, gcm128, ctr, chacha}));
        QCOMPARE(preferSafeCiphers({cbc}), QStringList{cbc});
    }
};

QTEST_GUILESS_MAIN(TestLogin)
#include "test_login.moc"
