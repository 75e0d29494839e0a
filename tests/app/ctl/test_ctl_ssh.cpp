// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/ctl/ctlhost.h"
#include "tests/peers/sshd.h"

#include <QFile>
#include <QJsonArray>
#include <QRegularExpression>
#include <QScopeGuard>
#include <QTest>

#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

using namespace pilothouse;

static QByteArray readSome(int descriptor)
{
    std::array<char, 4096> buffer;
    const ssize_t got = ::read(descriptor, buffer.data(), buffer.size());
    return got > 0 ? QByteArray(buffer.data(), qsizetype(got)) : QByteArray();
}

/// Against a real sshd; "test" only looks, so nothing is put into the user's home.
class TestCtlSsh : public QObject {
    Q_OBJECT

    std::unique_ptr<CtlHost> m_host;
    std::unique_ptr<Sshd> m_sshd;

    Ran test(const QStringList &more = {}) const
    {
        return m_host->run(
            QStringList{QStringLiteral("test"), QStringLiteral("peer"), QStringLiteral("--json")}
            + more);
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (const QString why = Sshd::missing(); !why.isEmpty())
            QSKIP(qPrintable(why));
        m_sshd = std::make_unique<Sshd>();
        QVERIFY(m_sshd->start());
    }

    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_host = std::make_unique<CtlHost>();
        QFile config(m_host->sshConfig());
        QVERIFY(config.open(QFile::WriteOnly));
        config.write(
            QStringLiteral("Host peer\n HostName 127.0.0.1\n Port %1\n User %2\n"
                           " IdentityFile %3\n IdentitiesOnly yes\n IdentityAgent none\n"
                           " UserKnownHostsFile %4\n GlobalKnownHostsFile none\n")
                .arg(m_sshd->port())
                .arg(Sshd::user(), m_sshd->clientKey(), m_host->file(QStringLiteral("known_hosts")))
                .toUtf8());
    }

    void cleanup() { m_host.reset(); }

    void unknownKeyIsNotAskedWithoutATerminal()
    {
        const auto ran = test();
        QCOMPARE(ran.code, 4);
        QCOMPARE(ran.error().value(QLatin1String("kind")).toString(), QStringLiteral("host_key"));
        QVERIFY(ran.error()
                    .value(QLatin1String("cause"))
                    .toString()
                    .contains(QStringLiteral("SHA256:")));
        QVERIFY(!QFile::exists(m_host->file(QStringLiteral("known_hosts"))));
    }

    /// Without a terminal it is said as well, to people and in JSON.
    void anUnknownKeyIsSaidToBeUsedElsewhere()
    {
        QFile half(m_sshd->file(QStringLiteral("host_key.pub")));
        QVERIFY(half.open(QFile::ReadOnly));
        QFile known(m_host->file(QStringLiteral("known_hosts")));
        QVERIFY(known.open(QFile::WriteOnly));
        known.write("otherhost " + half.readAll());
        known.close();
        const auto ran = test();
        QCOMPARE(ran.code, 4);
        QVERIFY(ran.error()
                    .value(QLatin1String("cause"))
                    .toString()
                    .contains(QStringLiteral("also used by otherhost")));
        const auto text = m_host->run(words("test peer"));
        QVERIFY2(text.err.contains("also used by otherhost"), text.err.constData());
    }

    /// What was reached before the failure is on stdout, in the shape of a success.
    void aFailureTellsTheStagesBefore()
    {
        for (const char *line : {"test peer --json", "connect peer --json"}) {
            const auto ran = m_host->run(words(line));
            QCOMPARE(ran.code, 4);
            QCOMPARE(ran.err.count('\n'), 1);
            const auto object = ran.json();
            QCOMPARE(object.value(QLatin1String("target")).toString(), QStringLiteral("peer"));
            QVERIFY(object.contains(QLatin1String("clock_skew_ms")));
            QStringList states;
            const auto stages = object.value(QLatin1String("stages")).toArray();
            for (const auto &stage : stages) {
                const QString state = stage[QLatin1String("state")].toString();
                QCOMPARE(stage[QLatin1String("milliseconds")].isNull(),
                    state == QLatin1String("waiting"));
                states << stage[QLatin1String("stage")].toString() + QLatin1Char(' ') + state;
            }
            QCOMPARE(states.mid(0, 5),
                (QStringList{QStringLiteral("resolve done"), QStringLiteral("tcp done"),
                    QStringLiteral("banner done"), QStringLiteral("host_key failed"),
                    QStringLiteral("authentication waiting")}));
        }
        QVERIFY(m_host->run(words("connect peer --json"))
                    .json()
                    .value(QLatin1String("agent_version"))
                    .isNull());
        const auto text = m_host->run(words("test peer"));
        QCOMPARE(text.out.count(" ms"), 4);
        QVERIFY2(text.err.startsWith("pilothousectl: "), text.err.constData());
        QVERIFY(m_host->run(words("test nowhere --json")).out.isEmpty()); // nothing was begun
    }

    void aNameThatDoesNotResolveIsUnreachable()
    {
        QFile config(m_host->sshConfig());
        QVERIFY(config.open(QFile::WriteOnly));
        config.write("Host peer\n HostName no-such-name.invalid\n");
        config.close();
        QCOMPARE(test().code, 3);
        QCOMPARE(
            test().error().value(QLatin1String("kind")).toString(), QStringLiteral("unreachable"));
    }

    void aNamedKeyIsAcceptedAndSaved()
    {
        const QString cause = test().error().value(QLatin1String("cause")).toString();
        const auto fingerprint
            = QRegularExpression(QStringLiteral("SHA256:\\S+")).match(cause).captured(0);
        QVERIFY(!fingerprint.isEmpty());
        QCOMPARE(test({QStringLiteral("--host-key"), QStringLiteral("SHA256:wrong")}).code, 4);
        const auto ran = test({QStringLiteral("--host-key"), fingerprint});
        QVERIFY2(ran.code == 0, ran.err.constData());
        QVERIFY(QFile::exists(m_host->file(QStringLiteral("known_hosts"))));
        QCOMPARE(test().code, 0); // known from now on
    }

    void theTerminalIsAsked_data()
    {
        QTest::addColumn<QByteArray>("typed");
        QTest::addColumn<int>("code");
        QTest::newRow("yes") << QByteArray("yes\n") << 0;
        QTest::newRow("no") << QByteArray("no\n") << 4;
        QTest::newRow("merely y") << QByteArray("y\n") << 4;
    }

    void theTerminalIsAsked()
    {
        QFETCH(QByteArray, typed);
        QFETCH(int, code);
        const int master = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
        QVERIFY(master >= 0 && ::grantpt(master) == 0 && ::unlockpt(master) == 0);
        const auto close = qScopeGuard([master] { ::close(master); });
        const QByteArray name(::ptsname(master));
        ::fcntl(master, F_SETFL, O_NONBLOCK);
        const auto process = m_host->start({QStringLiteral("test"), QStringLiteral("peer")}, name);
        QByteArray shown;
        QTRY_VERIFY_WITH_TIMEOUT((shown += readSome(master), shown.contains("Type yes")), 20'000);
        QVERIFY(shown.contains("SHA256:"));
        QCOMPARE(
            ::write(master, typed.constData(), std::size_t(typed.size())), ssize_t(typed.size()));
        QVERIFY(process->waitForFinished(20'000));
        QCOMPARE(process->exitCode(), code);
        QCOMPARE(QFile::exists(m_host->file(QStringLiteral("known_hosts"))), code == 0);
    }

    void closedPortIsUnreachable()
    {
        QFile config(m_host->sshConfig());
        QVERIFY(config.open(QFile::WriteOnly));
        config.write("Host peer\n HostName 127.0.0.1\n Port 1\n");
        config.close();
        QCOMPARE(test().code, 3);
    }

    void configIsResolved()
    {
        const auto ran = m_host->run({QStringLiteral("config"), QStringLiteral("resolve"),
            QStringLiteral("peer"), QStringLiteral("--json")});
        QCOMPARE(ran.code, 0);
        QCOMPARE(ran.json().value(QLatin1String("port")).toInt(), int(m_sshd->port()));
    }
};

QTEST_GUILESS_MAIN(TestCtlSsh)
#include "test_ctl_ssh.moc"
