// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/slurm/sbatchspec.h"
#include "core/engines/slurm/slurmengine.h"
#include "core/transport/ioloop.h"
#include "tests/core/engines/slurm/slurmhost.h"

#include <QFile>
#include <QRandomGenerator>
#include <QTest>

using namespace pilothouse;

/// What we write, judged by the real sbatch, slurmctld and shell.
class TestSlurmJudged : public QObject {
    Q_OBJECT
    std::unique_ptr<SlurmHost> m_host;
    std::unique_ptr<SlurmEngine> m_engine;

    Result<Job> submit(const Job &job)
    {
        return QCoro::waitFor(m_engine->submit(Context(), PermitForTests::make(), job));
    }
    Job now(const QString &id)
    {
        const auto found = QCoro::waitFor(m_engine->find(Context(), {id}));
        return found && found->size() == 1 ? found->front() : Job();
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (const QString missing = Slurm::missing(); !missing.isEmpty())
            QSKIP(qPrintable(missing));
        m_host = std::make_unique<SlurmHost>();
        const QString trouble = m_host->start();
        QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
        m_engine = std::make_unique<SlurmEngine>(m_host->context());
    }
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void cleanupTestCase()
    {
        m_engine.reset();
        m_host.reset();
        stopAgentThreads();
        IoLoop::instance().stop();
    }

    void namesArriveAsTheyAre_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("arrives");
        for (const auto *name :
            {"plain", "two words", "it's \"quoted\"", "$(touch /tmp/x) `id` $HOME",
                "back\\slash \\n", "# no comment", "-rf --help", "é 漢字 🚀", "a;b|c&d>e<f*?[g]{h}",
                " spaces ", "tab\there", "%j %x", "--job-name=x", "\x01\x1e\x1f|"})
            QTest::addRow("%s", name) << QString::fromUtf8(name) << QString::fromUtf8(name);
        QTest::newRow("line break")
            << QStringLiteral("a\n#SBATCH -N9\nb") << QStringLiteral("a #SBATCH -N9 b");
        QTest::newRow("long") << QString(10'000, u'x') << QString(1024, u'x');
        QTest::newRow("long unicode") << QString(10'000, u'é') << QString(512, u'é');
    }
    void namesArriveAsTheyAre()
    {
        QFETCH(QString, name);
        QFETCH(QString, arrives);
        Job job = SlurmHost::job(QStringLiteral("true"));
        job.spec.name = name;
        job.spec.queue = QStringLiteral("closed");
        const auto sent = submit(job);
        QVERIFY2(sent, qPrintable(sent ? QString() : sent.error().cause));
        QCOMPARE(now(job.id).spec.name, arrives);
        QCOMPARE(now(job.id).spec.nodes, 1);
    }

    void wordsAndVariablesArriveAsTheyAre()
    {
        const QString hostile = QStringLiteral(
            "it's \"q\" $(touch /tmp/pwned) `id` \\ \n#SBATCH -N9\n é 🚀 *?[a]{b} !x %j \t|&;<>");
        const QString file = m_host->slurm.file(QStringLiteral("words"));
        Job job = SlurmHost::job({});
        job.spec.argv = QStringList{QStringLiteral("sh"), QStringLiteral("-c"),
            QStringLiteral("printf '%s\\0' \"$@\" \"$V\" \"$S\" >\"$0.new\"; mv \"$0.new\" \"$0\""),
            file, hostile, QString(), QString(10'000, u'y')};
        job.spec.environment.insert(QStringLiteral("V"), hostile);
        QFile secret(m_host->slurm.file(QStringLiteral("it's a secret")));
        QVERIFY(secret.open(QFile::WriteOnly) && secret.write("s3 'cret'\n") > 0);
        secret.close();
        job.spec.secrets << SecretRef{QStringLiteral("S"), secret.fileName(), {}, {}};
        job.spec.folder = m_host->slurm.file({});
        const auto sent = submit(job);
        QVERIFY2(sent, qPrintable(sent ? QString() : sent.error().cause));
        QVERIFY(eventually([&] { return QFile::exists(file); }));
        QFile words(file);
        QVERIFY(words.open(QFile::ReadOnly));
        const QByteArray expected = hostile.toUtf8() + '\0' + '\0' + QByteArray(10'000, 'y') + '\0'
            + hostile.toUtf8() + '\0' + "s3 'cret'" + '\0';
        QCOMPARE(words.readAll(), expected);
    }

    /// The user's own bytes reach slurmctld: it gives them back.
    void scriptsArriveByteForByte()
    {
        const QByteArray text
            = "#!/bin/sh\n#SBATCH  -J 'odd  name'   # why\n#SBATCH --comment=\"my "
              "own\"\n\n\t# \xc3\xa9 \xff\nprintf '%s' \"$1\"   \n";
        Job job = SlurmHost::job({});
        job.spec.texts.insert(QStringLiteral("slurm"), text);
        const auto sent = submit(job);
        QVERIFY2(sent, qPrintable(sent ? QString() : sent.error().cause));
        const QString file = m_host->slurm.file(QStringLiteral("kept"));
        m_host->slurm.run({QStringLiteral("scontrol"), QStringLiteral("write"),
            QStringLiteral("batch_script"), sent->nativeId, file});
        QFile kept(file);
        QVERIFY(kept.open(QFile::ReadOnly));
        QCOMPARE(kept.readAll(), text);
        const QString comment = m_host->slurm.run({QStringLiteral("squeue"), QStringLiteral("-ht"),
            QStringLiteral("all"), QStringLiteral("-j"), sent->nativeId, QStringLiteral("-o%k")});
        QCOMPARE(comment.trimmed(), QStringLiteral("ph:%1 my own").arg(job.id));
    }

    /// What we read of directives, and what we change of them, is what sbatch makes of them.
    void sbatchReadsDirectivesAsWeDo()
    {
        static const QByteArrayList lines{"-N 2", "--nodes=2 -t 30", "-t1-2:3", "--time 90:30",
            "-J \"a \\\"b\\\" c\" # x", "--job-name='d # e'", "-Jattached", "-HJgrouped",
            "--job-na=short", "--comment=\"it's\"", "--mem=5G", "-n 4 -c 2", "--ntasks-per-node=3",
            "--mail-type=END", "-p short", "--partition=batch", "--exclusive"};
        static const QByteArrayList gpus{"--gres=gpu:h100:3", "--gres gpu:2 # two",
            "--gpus-per-node=h100:4", "--gpus-per-node 5 -v"};
        for (quint32 seed = 1; seed <= 40; ++seed) {
            QRandomGenerator random(seed);
            QByteArray text = "#!/bin/sh\n";
            for (int i = 0; i < 4; ++i)
                text += "#SBATCH " + lines[random.bounded(lines.size())] + '\n';
            if (random.bounded(2))
                text += "#SBATCH " + gpus[random.bounded(gpus.size())] + '\n';
            text += " #SBATCH -J indented\n\ntrue\n#SBATCH -J late\n";
            SbatchScript script(text);
            if (random.bounded(2)) {
                QVERIFY(script.set(QStringLiteral("job-name"), QStringLiteral("set \\ \"it\" #1")));
                QVERIFY(script.set(QStringLiteral("time"), QStringLiteral("0:05:00")));
            }
            Job job = SlurmHost::job({});
            job.spec = importSbatch(script.text());
            // They stay in the queue: our --hold stands where sbatch takes it.
            SbatchScript held(script.text());
            QVERIFY(held.setFlag(QStringLiteral("hold")));
            job.spec.texts.insert(QStringLiteral("slurm"), held.text());
            const auto sent = submit(job);
            QVERIFY2(sent,
                qPrintable(QString::fromUtf8(text) + (sent ? QString() : sent.error().cause)));
            const Job real = now(job.id);
            const QByteArray whole = held.text();
            const char *shown = whole.constData();
            QVERIFY2(real.spec.name
                    == (job.spec.name.isEmpty() ? QStringLiteral("sbatch") : job.spec.name),
                shown);
            QVERIFY2(real.spec.timeLimitSeconds / 60 == (job.spec.timeLimitSeconds + 59) / 60
                    || (job.spec.timeLimitSeconds == 0 && job.spec.queue == QLatin1String("short")),
                shown);
            QVERIFY2(real.spec.gpus == job.spec.gpus, shown);
            // While it waits squeue guesses the nodes from the tasks, where those are given.
            QVERIFY2(real.spec.nodes == job.spec.nodes || job.spec.nodes == 1
                    || script.has(QStringLiteral("ntasks")),
                shown);
            if (!job.spec.queue.isEmpty())
                QVERIFY2(real.spec.queue == job.spec.queue, shown);
        }
    }
};

QTEST_GUILESS_MAIN(TestSlurmJudged)
#include "test_slurmjudged.moc"
