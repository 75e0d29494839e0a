// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/ctl/ctlhost.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QRegularExpression>
#include <QTest>

#include <cstdlib>

using namespace pilothouse;

static constexpr qint64 day = 86'400'000;

/// A node whose clock is a day ahead: it is told, and everything it dates is shown by our clock.
class TestCtlClock : public QObject {
    Q_OBJECT

    std::unique_ptr<CtlHost> m_host;

    Ran run(const char *line) const
    {
        return m_host->run(QString::fromUtf8(line).split(QLatin1Char(' ')));
    }
    static qint64 timeOf(const QJsonValue &value)
    {
        return QDateTime::fromString(value.toString(), Qt::ISODateWithMs).toMSecsSinceEpoch();
    }

private Q_SLOTS:
    void initTestCase()
    {
        qputenv("PILOTHOUSE_AGENT_CLOCK_SHIFT", "86400");
        m_host = std::make_unique<CtlHost>();
        // What a look without the agent asks; its clock is a day behind.
        QVERIFY(QDir().mkpath(m_host->file(QStringLiteral("bin"))));
        QFile date(m_host->file(QStringLiteral("bin/date")));
        QVERIFY(date.open(QFile::WriteOnly));
        date.write("#!/bin/sh\n[ \"$1\" = +%s ] && echo $(($(/bin/date +%s) - 86400))\n");
        QVERIFY(date.setPermissions(QFile::ReadOwner | QFile::ExeOwner));
    }
    void cleanupTestCase()
    {
        m_host.reset();
        qunsetenv("PILOTHOUSE_AGENT_CLOCK_SHIFT");
    }
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void connectSaysIt()
    {
        const auto ran = run("connect local --json");
        QCOMPARE(ran.code, 0);
        const auto skew = ran.json().value(QLatin1String("clock_skew_ms"));
        QVERIFY(skew.isDouble());
        QVERIFY2(std::llabs(skew.toInteger() - day) < 2000, ran.out.constData());
        const QString said = QString::fromUtf8(run("connect local").out);
        QVERIFY2(said.contains(QStringLiteral("ahead of this machine. Charts and times of jobs")),
            qPrintable(said));
    }

    void topSaysItAndDatesByOurClock()
    {
        const qint64 began = QDateTime::currentMSecsSinceEpoch();
        const auto ran = run("top local --samples 1 --json");
        const qint64 ended = QDateTime::currentMSecsSinceEpoch();
        QCOMPARE(ran.code, 0);
        QVERIFY(
            std::llabs(ran.json().value(QLatin1String("clock_skew_ms")).toInteger() - day) < 2000);
        const qint64 time = timeOf(ran.json().value(QLatin1String("time")));
        QVERIFY2(time > began - day / 2 && time < ended + 1000, ran.out.constData());
        QVERIFY(run("top local --samples 1").out.contains(" ahead of this machine."));
    }

    void jobsAreDatedByOurClock()
    {
        const qint64 began = QDateTime::currentMSecsSinceEpoch();
        QCOMPARE(run("run local --name dated --wait -- true").code, 0);
        const qint64 ended = QDateTime::currentMSecsSinceEpoch();
        const auto jobs = run("jobs --json").json().value(QLatin1String("jobs")).toArray();
        QCOMPARE(jobs.size(), 1);
        const qint64 submitted = timeOf(jobs[0][QLatin1String("submitted_at")]);
        const qint64 started = timeOf(jobs[0][QLatin1String("started_at")]);
        const qint64 over = timeOf(jobs[0][QLatin1String("ended_at")]);
        QVERIFY(submitted >= began && submitted <= ended);
        QVERIFY2(std::llabs(started - submitted) < ended - began + 1000,
            qPrintable(QString::number(started - submitted)));
        QVERIFY(over >= started);
        QVERIFY(std::llabs(over - submitted) < ended - began + 1000);
        // A second listing over another link does not move them.
        QCOMPARE(run("jobs --json")
                     .json()
                     .value(QLatin1String("jobs"))
                     .toArray()[0][QLatin1String("ended_at")],
            jobs[0][QLatin1String("ended_at")]);
    }

    void testSaysItWithoutTheAgent()
    {
        const QByteArray path = qgetenv("PATH");
        qputenv("PATH", QFile::encodeName(m_host->file(QStringLiteral("bin"))) + ':' + path);
        const auto json = run("test local --json"), plain = run("test local");
        qputenv("PATH", path);
        QCOMPARE(json.code, 0);
        const auto skew = json.json().value(QLatin1String("clock_skew_ms"));
        QVERIFY2(
            skew.isDouble() && std::llabs(skew.toInteger() + day) < 60'000, json.out.constData());
        static const QRegularExpression badge(QStringLiteral(", clock .+ behind\\n"));
        QVERIFY2(QString::fromUtf8(plain.out).contains(badge), plain.out.constData());
        QVERIFY(plain.out.contains(" behind this machine."));
        QVERIFY(run("test local --json").json().value(QLatin1String("clock_skew_ms")).isNull());
    }
};

QTEST_GUILESS_MAIN(TestCtlClock)
#include "test_ctl_clock.moc"
