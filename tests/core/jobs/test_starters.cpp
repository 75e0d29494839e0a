// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Judges: the shells of this machine. torchrun, accelerate, python3, srun and scontrol are small
// scripts here that say how they were called.
#include "core/jobs/starters.h"
#include "tests/support/judge.h"
#include "tests/support/randomspec.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

class TestStarters : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    void putProgram(const char *name, const QByteArray &text)
    {
        QFile file(m_folder.filePath(QLatin1String(name)));
        QVERIFY(file.open(QFile::WriteOnly));
        file.write("#!/bin/sh\n" + text);
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    }

    /// What programs said: name, then arguments, each ended by NUL.
    QList<QByteArrayList> runIn(const QString &shell, const QByteArray &lines)
    {
        QFile::remove(m_folder.filePath(QStringLiteral("said")));
        const QStringList arguments{QStringLiteral("-c"), QString::fromUtf8(lines)};
        const auto verdict = askJudge(shell, arguments);
        if (!verdict)
            return {};
        if (!verdict->err.isEmpty())
            qInfo("%s", verdict->err.constData());
        QFile said(m_folder.filePath(QStringLiteral("said")));
        if (!said.open(QFile::ReadOnly))
            return {};
        QList<QByteArrayList> calls;
        auto all = said.readAll().split('\0');
        all.removeLast();
        for (const auto &word : all) {
            if (word == "CALL")
                calls.append(QByteArrayList());
            else
                calls.last() << word;
        }
        return calls;
    }

    static QByteArrayList bytes(const QStringList &words)
    {
        QByteArrayList list;
        for (const auto &word : words)
            list << word.toUtf8();
        return list;
    }

private Q_SLOTS:
    void initTestCase()
    {
        const QByteArray say
            = "printf '%s\\0' CALL \"${0##*/}\" \"$@\" >>\"$SAID\"\n"
              "printf '%s\\0' \"MASTER=$MASTER_ADDR:$MASTER_PORT\" \"TF=$TF_CONFIG\" "
              "\"JAX=$JAX_COORDINATOR_ADDRESS,$JAX_NUM_PROCESSES,$JAX_PROCESS_ID\" "
              "\"TOKEN=$TOKEN\" >>\"$SAID\"\n";
        for (const char *name : {"torchrun", "accelerate", "python3", "prog"})
            putProgram(name, say);
        putProgram("scontrol", "[ \"$3\" = 'n[1-2]' ] && printf 'n1\\nn2\\n'\n");
        putProgram("srun",
            "while case $1 in -*) ;; *) false;; esac; do shift; done\n"
            "SLURM_NODEID=0 SLURM_PROCID=0 SLURM_NTASKS=2 \"$@\"\n"
            "SLURM_NODEID=1 SLURM_PROCID=1 SLURM_NTASKS=2 \"$@\"\n");
        qputenv("SAID", m_folder.filePath(QStringLiteral("said")).toUtf8());
        qputenv("TMPDIR", m_folder.path().toUtf8());
        qputenv("PATH", m_folder.path().toUtf8() + ':' + qgetenv("PATH"));
        qputenv("SLURM_JOB_NODELIST", "n[1-2]");
        qputenv("SLURM_JOB_ID", "123456");
        qputenv("SLURM_NNODES", "2");
    }

    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void calls_data()
    {
        QTest::addColumn<QString>("starter");
        QTest::addColumn<QString>("argv");
        QTest::addColumn<int>("nodes");
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("called"); // by the last node
        const auto row = [](const char *name, const char *starter, const char *argv, int nodes,
                             const char *kind, const char *called) {
            QTest::newRow(name) << QString::fromLatin1(starter) << QString::fromLatin1(argv)
                                << nodes << QString::fromLatin1(kind)
                                << QString::fromLatin1(called);
        };
        row("torchrun here", "torchrun", "python3 train.py --lr 1", 1, "process",
            "torchrun --standalone --nproc-per-node=8 train.py --lr 1");
        row("torchrun of a module", "torchrun", "python3 -m pkg.train", 1, "docker",
            "torchrun --standalone --nproc-per-node=8 -m pkg.train");
        row("python with options", "torchrun", "python3 -u train.py", 1, "ray",
            "torchrun --standalone --nproc-per-node=8 --no-python python3 -u train.py");
        row("a program", "torchrun", "prog x", 1, "process",
            "torchrun --standalone --nproc-per-node=8 --no-python prog x");
        row("a file", "torchrun", "train.py x", 1, "process",
            "torchrun --standalone --nproc-per-node=8 train.py x");
        row("called by the user", "torchrun", "torchrun --max-restarts=3 train.py", 1, "process",
            "torchrun --standalone --nproc-per-node=8 --max-restarts=3 train.py");
        row("on Slurm", "torchrun", "python3 train.py", 2, "slurm",
            "torchrun --nnodes=2 --node-rank=1 --nproc-per-node=8 --master-addr=n1 "
            "--master-port=23456 train.py");
        row("on two hosts", "torchrun", "python3 train.py", 2, "process",
            "torchrun --nnodes=2 --node-rank=1 --nproc-per-node=8 --master-addr=10.0.0.1 "
            "--master-port=22695 train.py");
        row("accelerate", "huggingface", "python3 train.py", 2, "slurm",
            "accelerate launch --num_machines=2 --machine_rank=1 --num_processes=16 "
            "--main_process_ip=n1 --main_process_port=23456 --multi_gpu train.py");
        row("accelerate of the user's", "huggingface", "accelerate launch --fp16 train.py", 1,
            "process",
            "accelerate launch --num_machines=1 --num_processes=8 --multi_gpu --fp16 train.py");
        row("JAX", "jax", "prog a", 2, "slurm", "prog a");
        row("TensorFlow", "tensorflow", "prog a", 2, "slurm", "prog a");
        row("none", "", "prog a", 2, "slurm", "prog a");
    }

    void calls()
    {
        QFETCH(QString, starter);
        QFETCH(QString, argv);
        QFETCH(int, nodes);
        QFETCH(QString, kind);
        QFETCH(QString, called);
        JobSpec spec;
        spec.starter = starter;
        spec.argv = argv.split(QLatin1Char(' '));
        spec.nodes = nodes;
        spec.gpus = 8;
        StarterPlace place{QStringLiteral("x"), {}, 1, {}};
        if (kind == QLatin1String("process") && nodes > 1)
            place.hosts = QStringList{QStringLiteral("10.0.0.1"), QStringLiteral("10.0.0.2")};
        const auto made = wrap(spec, kind, place);
        QVERIFY2(made, made ? "" : qPrintable(made.error().message));
        for (const char *shell : {"sh", "dash", "bash"}) {
            const auto said = runIn(QLatin1String(shell), made->lines());
            QVERIFY2(!said.isEmpty(), made->lines().constData());
            const auto words = said.last().mid(0, said.last().size() - 4).join(' ');
            QCOMPARE(QString::fromUtf8(words), called);
        }
    }

    void variables()
    {
        JobSpec spec;
        spec.argv = QStringList{QStringLiteral("prog")};
        spec.nodes = 2;
        spec.starter = QStringLiteral("tensorflow");
        auto said = runIn(QStringLiteral("sh"), wrap(spec, QStringLiteral("slurm"))->lines());
        QCOMPARE(said.size(), 2);
        QCOMPARE(said[1][2],
            QByteArray(
                "TF={\"cluster\":{\"worker\":[\"n1:23456\",\"n2:23456\"]},\"task\":{\"type\":"
                "\"worker\",\"index\":1}}"));
        spec.starter = QStringLiteral("jax");
        said = runIn(QStringLiteral("sh"), wrap(spec, QStringLiteral("slurm"))->lines());
        QCOMPARE(said[1][3], QByteArray("JAX=n1:23456,2,1"));
        const StarterPlace pods{
            QStringLiteral("x"), {QStringLiteral("a-0.a"), QStringLiteral("a-1.a")}, 0, {}};
        qputenv("JOB_COMPLETION_INDEX", "1");
        said = runIn(
            QStringLiteral("dash"), wrap(spec, QStringLiteral("kubernetes"), pods)->lines());
        QCOMPARE(said[0][3], QByteArray("JAX=a-0.a:22695,2,1"));
    }

    void secretsComeFromFiles()
    {
        QFile file(m_folder.filePath(QStringLiteral("it's $(touch owned) secret")));
        QVERIFY(file.open(QFile::WriteOnly));
        file.write("s3cr3t\n");
        file.close();
        JobSpec spec;
        spec.argv = QStringList{QStringLiteral("prog")};
        spec.secrets << SecretRef{QStringLiteral("TOKEN"), file.fileName(), {}, {}};
        for (const char *kind : {"process", "slurm", "ray"}) {
            const auto made = wrap(spec, QLatin1String(kind));
            QVERIFY(made);
            QVERIFY(!made->lines().contains("s3cr3t"));
            const auto said = runIn(QStringLiteral("dash"), made->lines());
            QCOMPARE(said.size(), 1);
            QCOMPARE(said[0].last(), QByteArray("TOKEN=s3cr3t"));
        }
        QVERIFY(!QFile::exists(m_folder.filePath(QStringLiteral("owned"))));
    }

    /// Whatever the words are, the program gets just them, and nothing else runs.
    void hostileWordsArrive()
    {
        QRandomGenerator random(31);
        const QStringList shells{
            QStringLiteral("sh"), QStringLiteral("dash"), QStringLiteral("bash")};
        for (int i = 0; i < 120; ++i) {
            auto spec = randomSpec(random, {false, false, false, false});
            spec.starter = i % 2 == 0 ? QString() : QStringLiteral("torchrun");
            spec.argv[0] = QStringLiteral("prog");
            spec.tasksPerNode = 1;
            const auto made = wrap(spec, QStringLiteral("process"));
            QVERIFY(made);
            const auto said = runIn(shells[i % 3], made->lines());
            QCOMPARE(said.size(), 1);
            auto words = said[0].mid(0, said[0].size() - 4);
            if (i % 2 == 1)
                words = words.mid(4);
            QCOMPARE(words, bytes(spec.argv));
            QCOMPARE(unwrap(made->command(), spec, QStringLiteral("process")), spec);
        }
        QVERIFY(!QFile::exists(QStringLiteral("/tmp/owned")));
    }

    void scriptsTravel()
    {
        JobSpec spec;
        spec.script = "#!/bin/sh\nprog 'a b' \"$HOME'\"\n";
        const auto made = wrap(spec, QStringLiteral("ray"));
        QVERIFY(made);
        const auto said = runIn(QStringLiteral("dash"), made->lines());
        QCOMPARE(said.size(), 1);
        QCOMPARE(said[0][1], QByteArray("a b"));
        QCOMPARE(unwrap(made->command(), spec, QStringLiteral("ray")), spec);
        spec.script = "\0";
        spec.script.append('\0');
        QVERIFY(!wrap(spec, QStringLiteral("ray")));
        spec.script = QByteArray(200'000, 'x');
        QVERIFY(!wrap(spec, QStringLiteral("ray")));
    }

    void refusals()
    {
        JobSpec spec;
        spec.argv = QStringList{QStringLiteral("prog")};
        spec.starter = QStringLiteral("nosuch");
        QVERIFY(!wrap(spec, QStringLiteral("slurm")));
        spec.starter = QStringLiteral("torchrun");
        spec.nodes = 2;
        const StarterPlace bad{
            QStringLiteral("x"), {QStringLiteral("a;b"), QStringLiteral("c")}, 0, {}};
        QVERIFY(!wrap(spec, QStringLiteral("process"), bad));
        const auto one = wrap(spec, QStringLiteral("docker"));
        QVERIFY(one);
        QCOMPARE(one->notes.size(), 1);
        QCOMPARE(meetingPort(QStringLiteral("x")), meetingPort(QStringLiteral("x")));
    }
};

QTEST_GUILESS_MAIN(TestStarters)
#include "test_starters.moc"
