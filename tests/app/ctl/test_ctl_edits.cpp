// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// What is set and edited, and what a host without an agent tells.
#include "tests/app/ctl/ctlhost.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QTest>

using namespace pilothouse;

class TestCtlEdits : public QObject {
    Q_OBJECT

    std::unique_ptr<CtlHost> m_host;

    Ran run(const char *line) const { return m_host->run(words(line)); }
    QJsonObject targetNamed(const char *name) const
    {
        const auto all = run("targets --json").json().value(QLatin1String("targets")).toArray();
        for (const auto &one : all) {
            if (one[QLatin1String("name")] == QLatin1String(name))
                return one.toObject();
        }
        return {};
    }

private Q_SLOTS:
    void initTestCase() { m_host = std::make_unique<CtlHost>(); }
    void cleanupTestCase() { m_host.reset(); }
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    /// First: nothing may be put on a read-only target, so it has no agent.
    void withoutAnAgentThereAreBasics()
    {
        QCOMPARE(run("protect local read_only").code, 0);
        const auto top = run("top local --json");
        QVERIFY2(top.code == 0, top.err.constData());
        QVERIFY(top.json().value(QLatin1String("memory_total_bytes")).toDouble() > 0);
        QVERIFY(top.json().value(QLatin1String("cpu_busy_ratio")).isDouble());
        QVERIFY(top.json()
                    .value(QLatin1String("without_agent"))
                    .toString()
                    .contains(QStringLiteral("read-only")));
        const auto metrics = run("metrics local --metric load1 --samples 2 --json");
        QVERIFY2(metrics.code == 0, metrics.err.constData());
        const auto lines = metrics.out.trimmed().split('\n');
        QCOMPARE(lines.size(), 2);
        for (const auto &line : lines) {
            const auto values = QJsonDocument::fromJson(line)[QLatin1String("values")].toArray();
            QCOMPARE(values.size(), 1);
            QVERIFY(values[0][QLatin1String("value")].isDouble());
        }
        const auto text = run("top local");
        QVERIFY2(text.err.contains("plain commands"), text.err.constData());
        QVERIFY(text.out.contains("memory"));
        QCOMPARE(run("metrics local --metric disk_read_bytes").code, 7);
        QCOMPARE(run("processes local").code, 7);
        QVERIFY(!QDir(m_host->file(QStringLiteral("data/pilothouse/agent"))).exists());
        QCOMPARE(run("protect local open").code, 0);
    }

    void settingsOfATarget()
    {
        const auto ran
            = m_host->run(words("set lab --favourite yes --transport openssh --json --group")
                << QStringLiteral("vision team"));
        QVERIFY2(ran.code == 0, ran.err.constData());
        auto lab = targetNamed("lab");
        QCOMPARE(lab.value(QLatin1String("group")).toString(), QStringLiteral("vision team"));
        QCOMPARE(lab.value(QLatin1String("favourite")).toBool(), true);
        QCOMPARE(lab.value(QLatin1String("transport")).toString(), QStringLiteral("openssh"));
        for (auto it = lab.constBegin(); it != lab.constEnd(); ++it)
            QCOMPARE(ran.json().value(it.key()), it.value());
        QCOMPARE(run("set lab --favourite no --group=").code, 0);
        lab = targetNamed("lab");
        QVERIFY(lab.value(QLatin1String("group")).isNull());
        QCOMPARE(lab.value(QLatin1String("favourite")).toBool(), false);
        QCOMPARE(lab.value(QLatin1String("transport")).toString(), QStringLiteral("openssh"));
        QCOMPARE(run("set lab --transport automatic").code, 0);
        QCOMPARE(run("set nowhere --favourite yes").code, 5);
        QCOMPARE(run("set lab --favourite perhaps").code, 2);
    }

    void runTakesAScript()
    {
        QFile script(m_host->file(QStringLiteral("job.sh")));
        QVERIFY(script.open(QFile::WriteOnly));
        script.write("echo from a script\nexit 4\n");
        script.close();
        const auto ran = m_host->run(words("run local --wait --script job.sh"));
        QCOMPARE(ran.out, QByteArray("from a script\n"));
        QCOMPARE(ran.code, 4);
    }

    void rerunRunsTheSameAgain()
    {
        QCOMPARE(
            m_host->run(shell("run local --name twice --wait --", QStringLiteral("exit 6"))).code,
            6);
        QCOMPARE(m_host->run(words("rerun twice --wait")).code, 6);
    }

    void rerunTakesEdits()
    {
        QCOMPARE(m_host
                     ->run(shell("run local --name first --env A=1 --env B=2 --wait --",
                         QStringLiteral("echo $A$B in ${PWD##*/}; exit 6")))
                     .code,
            6);
        const auto edited = run("rerun first --name second --env B=3 --chdir /tmp --wait");
        QCOMPARE(edited.out, QByteArray("13 in tmp\n"));
        QCOMPARE(edited.code, 6);
        const auto other
            = m_host->run(shell("rerun second --wait --", QStringLiteral("echo other $A$B")));
        QCOMPARE(other.out, QByteArray("other 13\n"));
        QCOMPARE(other.code, 0);
        const auto limited = run("rerun second --time-limit 2 --wait --json -- sleep 600");
        QVERIFY(limited.code != 0);
        QVERIFY2(
            !limited.json().value(QLatin1String("ended_at")).isNull(), limited.err.constData());
    }

    void templatesAreLaunched()
    {
        const auto ran = run("run local --template selftest --json");
        QVERIFY2(ran.code == 0, ran.err.constData());
        QCOMPARE(ran.json().value(QLatin1String("name")).toString(), QStringLiteral("self-test"));
        QCOMPARE(ran.json().value(QLatin1String("target")).toString(), QStringLiteral("local"));
        QCOMPARE(run("cancel self-test").code, 0);
        const auto script = run("run local --template shell --name hello --wait");
        QCOMPARE(script.code, 0);
        QVERIFY2(script.out.startsWith("on "), script.out.constData());
    }

    void thisMachineIsLocalEverywhere()
    {
        for (const char *line : {"test local --json", "connect local --json",
                 "agent status local --json", "agent deploy local --json"}) {
            const auto ran = run(line);
            QVERIFY2(ran.code == 0, ran.err.constData());
            QCOMPARE(ran.json().value(QLatin1String("target")).toString(), QStringLiteral("local"));
        }
    }

    void wrongProtectionIsAnError()
    {
        const auto ran = run("protect local bogus --json");
        QCOMPARE(ran.code, 2);
        QVERIFY(!ran.err.contains("--confirm"));
    }

    /// Last: the agent goes.
    void removingTheAgentEndsJobsWhenForced()
    {
        QCOMPARE(run("run local --name hinders -- sleep 600").code, 0);
        const auto refused = run("agent remove local --json");
        QCOMPARE(refused.code, 1);
        QVERIFY(refused.error()
                    .value(QLatin1String("next"))
                    .toString()
                    .contains(QStringLiteral("--force")));
        const auto removed = run("agent remove local --force --json");
        QVERIFY2(removed.code == 0, removed.err.constData());
        QVERIFY(run("agent status local --json")
                    .json()
                    .value(QLatin1String("installed_versions"))
                    .toArray()
                    .isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestCtlEdits)
#include "test_ctl_edits.moc"
