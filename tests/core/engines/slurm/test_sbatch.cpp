// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/slurm/sbatchrender.h"
#include "core/engines/slurm/sbatchspec.h"

#include <QRandomGenerator>
#include <QTest>

using namespace pilothouse;

class TestSbatch : public QObject {
    Q_OBJECT

    static QByteArray edited(const QByteArray &text, const char *name, const QString &value)
    {
        SbatchScript script(text);
        return script.set(QString::fromLatin1(name), value) ? script.text() : QByteArray("no");
    }

    /// A script as people write them, from a seed.
    static QByteArray scriptFor(quint32 seed)
    {
        QRandomGenerator random(seed);
        const QByteArray end = random.bounded(5) == 0 ? "\r\n" : "\n";
        static const QByteArrayList lines{"#SBATCH --nodes=2", "#SBATCH -N 3", "#SBATCH -N4",
            "#SBATCH --gres=gpu:h100:8", "#SBATCH --gres gpu:2,shard:4  # all of them",
            "#SBATCH --gpus-per-node=a100:4", "#SBATCH -t 1-12:30:00", "#SBATCH --time=90",
            "#SBATCH -J \"a name\"", "#SBATCH --job-name='it\\'s' -p gpu",
            "#SBATCH --comment=\"keep # this\"", "#SBATCH --mem=64G", "#SBATCH --mem=512",
            "#SBATCH -A ml --qos=high", "#SBATCH --mail-type=END,FAIL", "#SBATCH --unknown-to-us=1",
            "#SBATCH --array=0-99%4", "#SBATCH --dependency=afterok:12:13,afterany:14",
            "#SBATCH --exclusive", "#SBATCH -n 8 -c 4", "# a comment", "", "##SBATCH --nodes=9",
            "   # indented", "#SBATCH --chdir=\"/data/my folder\"", "#SBATCH -o \"%x-%j.out\"",
            "#SBATCH\t--partition=short", "#PBS -l nodes=1", "#SBATCH --signal=B:USR1@60"};
        QByteArray text = "#!/bin/bash" + end;
        for (quint32 i = random.bounded(12U); i > 0; --i)
            text += lines[random.bounded(lines.size())] + end;
        text += end + "module load cuda" + end + "#SBATCH --nodes=77" + end + "srun ./train \"$@\"";
        return random.bounded(3) ? text + end : text;
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void readsAsSbatchDoes()
    {
        const SbatchScript script("#!/bin/sh\n#SBATCH -J \"a b\\\"c\"  # comment\n"
                                  "#SBATCH --comment='own # comment' --gres=gpu:1\n"
                                  " #SBATCH -H\n#SBATCH\t-t5\n##SBATCH -N2\n#SBATCH -N1 -n 2\n"
                                  "#SBATCH --part=x\necho\n#SBATCH -p none\n");
        const auto value = [&](const char *name) {
            return script.value(QString::fromLatin1(name)).value_or(QStringLiteral("-"));
        };
        QCOMPARE(value("job-name"), QStringLiteral("a b\"c"));
        QCOMPARE(value("comment"), QStringLiteral("own # comment"));
        QCOMPARE(value("gres"), QStringLiteral("gpu:1"));
        QCOMPARE(value("time"), QStringLiteral("5"));
        QCOMPARE(value("nodes"), QStringLiteral("1"));
        QCOMPARE(value("ntasks"), QStringLiteral("2"));
        QCOMPARE(value("partition"), QStringLiteral("x"));
        QVERIFY(!script.has(QStringLiteral("hold")));
        QCOMPARE(script.interpreter(), QByteArray("/bin/sh"));
    }

    void changesValuesInPlace()
    {
        const QByteArray tail = "# end\r\necho\r\n";
        QCOMPARE(
            edited("#!/bin/sh\r\n#SBATCH -N 2 -n4 # two\r\n" + tail, "nodes", QStringLiteral("3")),
            "#!/bin/sh\r\n#SBATCH -N 3 -n4 # two\r\n" + tail);
        QCOMPARE(edited("#!/bin/sh\n#SBATCH -N2\n", "nodes", QStringLiteral("16")),
            QByteArray("#!/bin/sh\n#SBATCH -N16\n"));
        QCOMPARE(edited("#SBATCH \"--job-name=a b\" -N1\n", "job-name", QStringLiteral("c d")),
            QByteArray("#SBATCH --job-name=\"c d\" -N1\n"));
        QCOMPARE(edited("#!/bin/sh\n#SBATCH -HJx\n", "job-name", QStringLiteral("y")),
            QByteArray("#!/bin/sh\n#SBATCH -HJx\n#SBATCH --job-name=y\n"));
        QCOMPARE(edited("#!/bin/sh\r\necho\r\n", "time", QStringLiteral("5")),
            QByteArray("#!/bin/sh\r\n#SBATCH --time=5\r\necho\r\n"));
        QCOMPARE(edited("", "time", QStringLiteral("5")), QByteArray("#SBATCH --time=5\n"));
        QCOMPARE(edited("#!/bin/sh", "time", QStringLiteral("5")),
            QByteArray("#!/bin/sh\n#SBATCH --time=5\n"));
        // The last one wins, so it is the one that is changed.
        QCOMPARE(edited("#SBATCH -t1\n#SBATCH -t2\n", "time", QStringLiteral("3")),
            QByteArray("#SBATCH -t1\n#SBATCH -t3\n"));
        QCOMPARE(edited("#SBATCH -t1\n", "job-name", QStringLiteral("a\nb")), QByteArray("no"));
    }

    void removesOptions()
    {
        SbatchScript script("#!/bin/sh\n#SBATCH -t1\n#SBATCH -N1 -t 2 -n3\n#SBATCH --time=3\nx\n");
        QVERIFY(script.remove(QStringLiteral("time")));
        QCOMPARE(script.text(), QByteArray("#!/bin/sh\n#SBATCH -N1 -n3\nx\n"));
        SbatchScript grouped("#SBATCH -HQ\n");
        QVERIFY(!grouped.remove(QStringLiteral("hold")));
        QCOMPARE(grouped.text(), QByteArray("#SBATCH -HQ\n"));
    }

    void leavesHeterogeneousJobsAlone()
    {
        const QByteArray text = "#!/bin/sh\n#SBATCH -N1\n#SBATCH hetjob\n#SBATCH -N4\nsrun x\n";
        SbatchScript script(text);
        QVERIFY(script.heterogeneous());
        QCOMPARE(script.value(QStringLiteral("nodes")), QStringLiteral("1"));
        QVERIFY(!script.set(QStringLiteral("nodes"), QStringLiteral("2")));
        QVERIFY(!script.remove(QStringLiteral("nodes")));
        QCOMPARE(script.text(), text);
    }

    /// Only the lines that were asked for change, and what was asked for is what is read then.
    void editsOnlyWhatIsAskedFor()
    {
        static const QStringList names{QStringLiteral("nodes"), QStringLiteral("job-name"),
            QStringLiteral("time"), QStringLiteral("gres"), QStringLiteral("partition"),
            QStringLiteral("comment"), QStringLiteral("mem")};
        static const QStringList values{QStringLiteral("5"), QStringLiteral("a \"b\" 'c' \\ #d"),
            QStringLiteral("$(x) `y` é"), QStringLiteral(""), QString(300, u'x')};
        for (quint32 seed = 1; seed <= 500; ++seed) {
            const QByteArray before = scriptFor(seed);
            QRandomGenerator random(seed * 7919);
            const QString name = names[random.bounded(names.size())];
            const QString value = values[random.bounded(values.size())];
            SbatchScript script(before);
            QCOMPARE(script.text(), before);
            const auto was = script.directives();
            const bool had = script.has(name);
            QVERIFY(script.set(name, value));
            QCOMPARE(script.value(name), value);
            const QByteArrayList old = before.split('\n'), now = script.text().split('\n');
            const qsizetype more = had ? 0 : 1;
            // A last line without an end gets one when something comes below it.
            QCOMPARE(now.size(), old.size() + more);
            qsizetype changed = 0;
            for (qsizetype i = 0, j = 0; j < now.size(); ++j) {
                if (i < old.size() && old[i] == now[j])
                    ++i;
                else if (!had && now[j].startsWith("#SBATCH"))
                    ++changed;
                else
                    ++i, ++changed;
            }
            QVERIFY2(changed <= 1, qPrintable(QString::number(seed)));
            for (const auto &directive : was) {
                if (directive.name != name)
                    QCOMPARE(
                        script.value(directive.name), SbatchScript(before).value(directive.name));
            }
            if (!had) {
                QVERIFY(script.remove(name));
                QCOMPARE(script.text(), before);
            }
        }
    }

    void importsAndEditsTheForm()
    {
        const QByteArray text = "#!/bin/bash\n#SBATCH -J run -N2 --ntasks-per-node=8\n"
                                "#SBATCH --gres=shard:2,gpu:h100:8\n#SBATCH --mem=64G -t 1-0\n"
                                "#SBATCH -d afterok:5:6,afterany:7 -a 0-9%2\n"
                                "#SBATCH --site-option=x\nsrun ./train\n";
        JobSpec spec = importSbatch(text);
        QCOMPARE(spec.name, QStringLiteral("run"));
        QCOMPARE(spec.nodes, 2);
        QCOMPARE(spec.tasksPerNode, 8);
        QCOMPARE(spec.gpus, 8);
        QCOMPARE(spec.gpuType, QStringLiteral("h100"));
        QCOMPARE(spec.memoryBytes, quint64(64) << 30);
        QCOMPARE(spec.timeLimitSeconds, 86400);
        QCOMPARE(spec.array, QStringLiteral("0-9%2"));
        QCOMPARE(spec.after.size(), 3);
        QCOMPARE(spec.texts.value(QStringLiteral("slurm")), text);
        SbatchScript same(text);
        QCOMPARE(editSbatch(same, spec, {}), QStringList());
        QCOMPARE(same.text(), text);
        spec.gpus = 4;
        spec.timeLimitSeconds = 3600;
        spec.after.clear();
        SbatchScript script(text);
        QCOMPARE(editSbatch(script, spec, {}), QStringList());
        QCOMPARE(script.text(),
            QByteArray("#!/bin/bash\n#SBATCH -J run -N2 --ntasks-per-node=8\n"
                       "#SBATCH --gres=gpu:h100:4,shard:2\n#SBATCH --mem=64G -t 01:00:00\n"
                       "#SBATCH -a 0-9%2\n#SBATCH --site-option=x\nsrun ./train\n"));
    }

    void keepsFormAndTextTogether()
    {
        const QByteArray text = "#!/bin/sh\n#SBATCH -n 7 -N 2 # odd\n#SBATCH -t 10\nsrun x\n";
        JobSpec base;
        base.argv = QStringList{QStringLiteral("srun"), QStringLiteral("x")};
        const JobSpec before = readSbatch(text, base);
        QCOMPARE(before.argv, base.argv);
        QCOMPARE(before.nodes, 2);
        JobSpec after = before;
        after.timeLimitSeconds = 1200;
        SbatchScript script(text);
        QCOMPARE(editSbatch(script, before, after, {}), QStringList());
        QCOMPARE(script.text(), QByteArray(text).replace("-t 10", "-t 00:20:00"));
        after.argv << QStringLiteral("y");
        QCOMPARE(editSbatch(script, before, after, {}).size(), 1);
    }

    void rendersCommandsAndScripts()
    {
        JobSpec spec;
        QCOMPARE(renderSbatch(spec, QStringLiteral("x"), {}).error().kind, ErrorKind::BadInput);
        spec.name = QStringLiteral("train");
        spec.argv = QStringList{QStringLiteral("echo"), QStringLiteral("it's $(x)")};
        spec.nodes = 2;
        spec.gpus = 8;
        spec.environment.insert(QStringLiteral("A"), QStringLiteral("b 'c'\nx"));
        spec.secrets << SecretRef{QStringLiteral("TOKEN"), QStringLiteral("/run/my token"), {}, {}};
        const auto job = renderSbatch(spec, QStringLiteral("01x"), {});
        QVERIFY(job);
        QCOMPARE(job->notes, QStringList());
        QCOMPARE(job->text,
            QByteArray("#!/bin/bash\n#SBATCH --job-name=train\n#SBATCH --nodes=2\n"
                       "#SBATCH --gres=gpu:8\nexport A='b '\\''c'\\''\nx'\n"
                       "TOKEN=\"$(cat -- '/run/my token')\" && export TOKEN\n"
                       "srun 'echo' 'it'\\''s $(x)'\n"));
        QCOMPARE(job->call, QStringLiteral("sbatch --parsable --comment=ph:01x < job.sbatch"));
        spec.argv.clear();
        spec.script = "#!/usr/bin/env python3\nprint(1)\n";
        const auto script = renderSbatch(spec, QStringLiteral("01x"), {});
        QVERIFY(script);
        QCOMPARE(script->text,
            QByteArray("#!/usr/bin/env python3\n#SBATCH --job-name=train\n#SBATCH --nodes=2\n"
                       "#SBATCH --gres=gpu:8\nprint(1)\n"));
        QCOMPARE(script->notes.size(), 2); // environment; runs once
        spec.texts.insert(QStringLiteral("slurm"), "#!/bin/sh\n#SBATCH --comment=\"my own\"\n");
        const auto own = renderSbatch(spec, QStringLiteral("01x"), {});
        QCOMPARE(own->text, spec.texts.value(QStringLiteral("slurm")));
        QCOMPARE(
            own->call, QStringLiteral("sbatch --parsable '--comment=ph:01x my own' < job.sbatch"));
    }
};

QTEST_GUILESS_MAIN(TestSbatch)
#include "test_sbatch.moc"
