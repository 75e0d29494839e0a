// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/jobjson.h"
#include "core/jobs/specvalues.h"
#include "core/jobs/specyaml.h"
#include "tests/support/judge.h"
#include "tests/support/randomspec.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QTest>

using namespace pilothouse;

class TestSpecYaml : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void whatIsWrittenIsRead()
    {
        QRandomGenerator random(21);
        for (int i = 0; i < 500; ++i) {
            const auto spec = randomSpec(random);
            const auto text = specToYaml(spec);
            const auto read = specFromYaml(text);
            QVERIFY2(read, read ? "" : qPrintable(read.error().message));
            QVERIFY2(*read == spec, text.constData());
            QCOMPARE(specToYaml(*read), text);
            QVERIFY(specFromJson(specToJson(spec)) == spec);
        }
    }

    void pyYamlReadsTheSameTexts()
    {
        QRandomGenerator random(22);
        QByteArray text;
        QList<JobSpec> specs;
        for (int i = 0; i < 200; ++i) {
            specs << randomSpec(random);
            text += "---\n" + specToYaml(specs.back());
        }
        const auto verdict = askPyYaml(text);
        if (!verdict || verdict->err.contains("No module named"))
            QSKIP("no PyYAML here");
        QVERIFY2(verdict->code == 0, verdict->err.right(600).constData());
        const auto read = QJsonDocument::fromJson(verdict->out).array();
        QCOMPARE(read.size(), specs.size());
        for (int i = 0; i < specs.size(); ++i) {
            QCOMPARE(read[i][QLatin1String("name")].toString(), specs[i].name);
            QCOMPARE(read[i][QLatin1String("folder")].toString(), specs[i].folder);
            QCOMPARE(read[i][QLatin1String("nodes")].toInt(1), specs[i].nodes);
            const auto words = read[i][QLatin1String("command")].toArray();
            for (int word = 0; word < words.size(); ++word)
                QCOMPARE(words[word].toString(), specs[i].argv[word]);
        }
    }

    void aPersonsFile()
    {
        const auto spec = specFromYaml(R"(# LLaMA, again
name: llama-ft
command: python train.py --lr 0.1 --note "two words"
image: nvcr.io/nvidia/pytorch:25.01-py3
starter: torchrun
nodes: 4
gpus: 8
gpu_type: h100
memory: 1.5Ti
time: 1-12:00:00
environment:
  EPOCHS: 3
  DEBUG: yes
  EMPTY:
secrets:
  HF_TOKEN: {file: ~/.cache/huggingface/token}
  WANDB_API_KEY: {secret: wandb, key: api-key}
after: [01jdq, {job: "4711", when: ended}]
retries: 2
resume: /ckpt/llama
queue: gpu
priority: -5
)");
        QVERIFY2(spec, spec ? "" : qPrintable(spec.error().message));
        QCOMPARE(spec->argv,
            (QStringList{QStringLiteral("python"), QStringLiteral("train.py"),
                QStringLiteral("--lr"), QStringLiteral("0.1"), QStringLiteral("--note"),
                QStringLiteral("two words")}));
        QCOMPARE(spec->memoryBytes, quint64(1536) << 30);
        QCOMPARE(spec->timeLimitSeconds, 36 * 3600);
        QCOMPARE(spec->environment.value(QStringLiteral("EPOCHS")), QStringLiteral("3"));
        QCOMPARE(spec->environment.value(QStringLiteral("DEBUG")), QStringLiteral("yes"));
        QCOMPARE(spec->environment.value(QStringLiteral("EMPTY"), QStringLiteral("?")), QString());
        QCOMPARE(spec->secrets.size(), 2);
        QCOMPARE(spec->secrets[1].key, QStringLiteral("api-key"));
        QCOMPARE(spec->after.size(), 2);
        QCOMPARE(spec->after[1].when, JobDependency::When::Ended);
        QCOMPARE(spec->priority, std::optional(-5));
        QVERIFY(checkSpec(*spec));
    }

    void aScriptReadsWell()
    {
        JobSpec spec;
        spec.name = QStringLiteral("count");
        spec.script = "#!/bin/sh\nfor i in 1 2; do\n  echo $i\ndone\n";
        spec.timeLimitSeconds = 86'400;
        spec.memoryBytes = quint64(64) << 30;
        QCOMPARE(specToYaml(spec),
            QByteArray(
                "name: count\nscript: |\n  #!/bin/sh\n  for i in 1 2; do\n    echo $i\n  done\n"
                "memory: 64Gi\ntime: 24h\n"));
    }

    void errors_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *text, const char *says) {
            QTest::newRow(says) << QByteArray(text) << QString::fromUtf8(says);
        };
        row("name: x\ncommand: [a]\ngpu_typ: h100\n",
            "line 3, column 1: “gpu_typ” is no key of a job; is it “gpu_type”?");
        row("nodez: 1\n", "line 1, column 1: “nodez” is no key of a job; is it “nodes”?");
        row("zzzzzzzzzzzz: x\n", "line 1, column 1: “zzzzzzzzzzzz” is no key of a job.");
        row("nodes: many\n", "line 1, column 8: A whole number is expected here.");
        row("nodes: 1.5\n", "line 1, column 8: A whole number");
        row("memory: lots\n", "line 1, column 9: An amount of memory");
        row("time: 3600\n", "line 1, column 7: A time is expected here");
        row("time: 1:30\n", "line 1, column 7: A time");
        row("command: echo $HOME\n", "line 1, column 10: Only a shell can run this line");
        row("command: [a, [b]]\n", "line 1, column 14: A text is expected");
        row("command: a\nscript: b\n", "line 2, column 1: “command” is there already");
        row("environment: [A=b]\n", "line 1, column 14: “NAME: value” lines");
        row("environment:\n  A: {b: c}\n", "line 2, column 6: A text");
        row("secrets:\n  TOKEN: hf_abc\n", "line 2, column 10: A secret is {file");
        row("secrets:\n  TOKEN: {value: hf_abc}\n", "line 2, column 11: A secret is {file");
        row("after: [{job: x, when: never}]\n", "line 1, column 9: “when” is succeeded");
        row("script: !!binary \"%%%\"\n", "line 1, column 9: A text");
        row("- a\n", "line 1, column 1: “key: value” lines");
        row("name: a\n---\nname: b\n", "line 3, column 1: One job is expected");
        row("", "line 1, column 1: One job is expected");
        row("name: [unclosed\n", "line 2, column 1");
    }

    void errors()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, says);
        const auto spec = specFromYaml(text);
        QVERIFY(!spec);
        QCOMPARE(spec.error().kind, ErrorKind::BadInput);
        QVERIFY2(spec.error().message.startsWith(says), qPrintable(spec.error().message));
        QVERIFY(!spec.error().message.contains(QLatin1String("hf_abc")));
    }

    void storedBeforeThereWereEngines()
    {
        const auto json = QJsonDocument::fromJson(
            R"({"name":"n","argv":["a"],"script":"","interpreter":"","folder":"/x","environment":{"A":"b"},
                "gpus":2,"gpu_uuids":[],"time_limit_seconds":60})")
                              .object();
        const auto spec = specFromJson(json);
        QCOMPARE(spec.nodes, 1);
        QCOMPARE(spec.tasksPerNode, 1);
        QVERIFY(!spec.priority);
        QCOMPARE(spec.gpus, 2);
        QVERIFY(specFromJson(specToJson(spec)) == spec);
    }

    void values()
    {
        QCOMPARE(memoryFromText(QStringLiteral("64G")), std::optional<quint64>(64'000'000'000));
        QCOMPARE(memoryFromText(QStringLiteral("64GiB")), std::optional(quint64(64) << 30));
        QCOMPARE(memoryFromText(QStringLiteral("1024")), std::optional<quint64>(1024));
        QVERIFY(!memoryFromText(QStringLiteral("99999999999E")));
        QVERIFY(!memoryFromText(QStringLiteral("-1")));
        QCOMPARE(durationFromText(QStringLiteral("1d12h")), std::optional(129'600));
        QCOMPARE(durationFromText(QStringLiteral("2-12")), std::optional(216'000));
        QCOMPARE(durationFromText(QStringLiteral("12:30:00")), std::optional(45'000));
        QVERIFY(!durationFromText(QString()));
        QVERIFY(!durationFromText(QStringLiteral("999999d")));
        QCOMPARE(arrayFromText(QStringLiteral("0-99%4"))->count, 100);
        QCOMPARE(arrayFromText(QStringLiteral("0-99%4"))->atOnce, 4);
        QCOMPARE(arrayFromText(QStringLiteral("1-5"))->count, 0);
        QVERIFY(!arrayFromText(QStringLiteral("5-")));
    }

    void checks_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("nothing to run") << QByteArray("name: x\n");
        QTest::newRow("NUL") << QByteArray("command: [\"a\\0b\"]\n");
        QTest::newRow("no nodes") << QByteArray("command: a\nnodes: 0\n");
        QTest::newRow("variable") << QByteArray("command: a\nenvironment: {'A=B': c}\n");
        QTest::newRow("secret's name") << QByteArray("command: a\nsecrets: {'A;B': {file: x}}\n");
        QTest::newRow("secret without") << QByteArray("command: a\nsecrets: {AB: {secret: x}}\n");
        QTest::newRow("secret twice")
            << QByteArray("command: a\nenvironment: {A: b}\nsecrets: {A: {file: x}}\n");
        QTest::newRow("array") << QByteArray("command: a\narray: all\n");
        QTest::newRow("empty word") << QByteArray("command: ['']\n");
    }

    void checks()
    {
        QFETCH(QByteArray, text);
        const auto spec = specFromYaml(text);
        QVERIFY2(spec, spec ? "" : qPrintable(spec.error().message));
        QVERIFY(!checkSpec(*spec));
    }
};

QTEST_GUILESS_MAIN(TestSpecYaml)
#include "test_specyaml.moc"
