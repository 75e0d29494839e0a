// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Judges: sh, dash, bash, and tcsh for words without "!" and newline (it has no quotes for them).
#include "core/base/shellwords.h"
#include "core/engines/process/render.h"
#include "tests/support/judge.h"
#include "tests/support/randomspec.h"

#include <QRegularExpression>
#include <QTest>

using namespace pilothouse;

static const QString id = QStringLiteral("01jdq4s6z8x9k2m3n4p5q6r7st");

class TestProcessRender : public QObject {
    Q_OBJECT

    static QString process() { return QStringLiteral("process"); }

    static JobSpec expressible(QRandomGenerator &random)
    {
        auto spec = randomSpec(random, {true, false, false, false});
        spec.image.clear();
        spec.retries = spec.cpusPerTask = 0;
        spec.memoryBytes = 0;
        if (spec.script.startsWith("#!"))
            spec.interpreter.clear();
        return spec;
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void readsBackAsItWas()
    {
        QRandomGenerator random(61);
        for (int i = 0; i < 400; ++i) {
            const auto spec = expressible(random);
            const auto job = renderProcess(spec, id);
            QVERIFY2(job, job ? "" : qPrintable(job.error().message));
            QCOMPARE(job->notes, QStringList());
            auto base = spec; // what a line does not say
            base.argv.clear();
            base.script.clear();
            base.starter.clear();
            base.folder.clear();
            base.environment.clear();
            const auto read = readProcess(job->text, base, id);
            const bool odd = spec.argv.value(0).contains(QLatin1Char('='));
            if (!odd) // behind "env" such a program is run by a shell
                QVERIFY2(read == spec, job->text.constData());
        }
    }

    void shellsAgree()
    {
        QRandomGenerator random(62);
        const QStringList shells{QStringLiteral("sh"), QStringLiteral("dash"),
            QStringLiteral("bash"), QStringLiteral("tcsh")};
        int asked = 0;
        for (int i = 0; i < 160; ++i) {
            const QString shell = shells[i % 4];
            const bool simple = shell == QLatin1String("tcsh");
            JobSpec spec;
            spec.folder = QStringLiteral("/");
            spec.argv = QStringList{QStringLiteral("printf"), QStringLiteral("%s|%s|"),
                hostileText(random, simple), hostileText(random, simple) + QLatin1Char('x')};
            spec.environment.insert(QStringLiteral("V"), hostileText(random, simple));
            if (simple) {
                for (auto &word : spec.argv)
                    word.remove(QLatin1Char('!'));
                spec.environment[QStringLiteral("V")].remove(QLatin1Char('!'));
            }
            const auto line = QString::fromUtf8(renderProcess(spec, id)->text).chopped(1);
            const auto verdict = askJudge(shell,
                simple ? QStringList{QStringLiteral("-f"), QStringLiteral("-c"), line}
                       : QStringList{QStringLiteral("-c"), line});
            if (!verdict)
                continue;
            ++asked;
            QVERIFY2(verdict->out == spec.argv[2].toUtf8() + '|' + spec.argv[3].toUtf8() + '|',
                qPrintable(shell + QLatin1String(": ") + line + QLatin1Char('\n')
                    + QString::fromUtf8(verdict->err)));
        }
        QVERIFY(asked >= 80);
        QVERIFY(!QFile::exists(QStringLiteral("/tmp/owned")));
    }

    void programsWithStrangeNames_data()
    {
        QTest::addColumn<QString>("program");
        for (const char *name : {"A=b", "if", "!", "=x", "%1", "~", "a b", "$(id)"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }

    /// Each is looked for as a program, and not found.
    void programsWithStrangeNames()
    {
        QFETCH(QString, program);
        for (const bool environment : {false, true}) {
            JobSpec spec;
            spec.argv = QStringList{program};
            if (environment)
                spec.environment.insert(QStringLiteral("V"), QStringLiteral("1"));
            const auto line = QString::fromUtf8(renderProcess(spec, id)->text);
            const auto verdict = askJudge(QStringLiteral("dash"), {QStringLiteral("-c"), line});
            QVERIFY(verdict);
            QVERIFY2(verdict->code == 127, qPrintable(line));
        }
    }

    void oneLineForEachHost()
    {
        JobSpec spec;
        spec.argv = QStringList{QStringLiteral("python"), QStringLiteral("t.py")};
        spec.starter = QStringLiteral("torchrun");
        spec.nodes = 2;
        spec.gpus = 4;
        const QStringList hosts{QStringLiteral("10.0.0.1"), QStringLiteral("gpu2")};
        const auto job = renderProcess(spec, id, hosts);
        QVERIFY2(job, job ? "" : qPrintable(job.error().message));
        QCOMPARE(job->notes, QStringList());
        QVERIFY(job->text.startsWith("ssh -- 10.0.0.1 "));
        const auto part = processPart(spec, id, hosts, 1);
        QVERIFY(part);
        QCOMPARE(part->environment.value(QStringLiteral("MASTER_ADDR")), hosts.first());
        QCOMPARE(part->environment.value(QStringLiteral("NODE_RANK")), QStringLiteral("1"));
        QCOMPARE(part->environment.value(QStringLiteral("WORLD_SIZE")), QStringLiteral("8"));
        QVERIFY(part->argv[2].contains(QLatin1String("NODE_RANK=1")));
        QVERIFY(!renderProcess(spec, id, {QStringLiteral("a")}));
        QCOMPARE(renderProcess(spec, id)->notes.size(), 1); // no hosts: one node
    }

    void anEditedLineIsWhatRuns()
    {
        JobSpec spec;
        spec.argv = QStringList{QStringLiteral("old")};
        spec.gpus = 2;
        spec.texts.insert(process(), "cd /x && env A='b c' new 'd e'\n");
        const auto part = processPart(spec, id);
        QVERIFY(part);
        QCOMPARE(part->argv, (QStringList{QStringLiteral("new"), QStringLiteral("d e")}));
        QCOMPARE(part->folder, QStringLiteral("/x"));
        QCOMPARE(part->environment.value(QStringLiteral("A")), QStringLiteral("b c"));
        QCOMPARE(part->gpus, 2);
        QCOMPARE(renderProcess(spec, id)->text, QByteArray("cd /x && env 'A=b c' new 'd e'\n"));
        spec.texts[process()] = "a | b\n";
        QCOMPARE(processPart(spec, id)->argv.value(2), QStringLiteral("a | b"));
    }

    void aPlainSpecIsSentAsItIs()
    {
        JobSpec spec;
        spec.script = "#!/bin/sh\n\0";
        QCOMPARE(*processPart(spec, id), spec);
    }
};

QTEST_GUILESS_MAIN(TestProcessRender)
#include "test_processrender.moc"
