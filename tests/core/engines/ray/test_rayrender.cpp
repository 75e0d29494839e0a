// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Judges: Python's json, and sh for the entrypoint, which Ray gives to /bin/sh.
#include "core/engines/ray/render.h"
#include "core/jobs/nameinengine.h"
#include "tests/support/judge.h"
#include "tests/support/randomspec.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>

using namespace pilothouse;

static const QString id = QStringLiteral("01jdq4s6z8x9k2m3n4p5q6r7st");

class TestRayRender : public QObject {
    Q_OBJECT

    static JobSpec expressible(QRandomGenerator &random)
    {
        auto spec = randomSpec(random, {true, false, false, false});
        spec.retries = 0;
        spec.timeLimitSeconds = 0;
        if (spec.script.startsWith("#!"))
            spec.interpreter.clear();
        if (random.bounded(3) == 0)
            spec.gpuType = QStringLiteral("H100");
        if (random.bounded(3) == 0)
            spec.folder.clear();
        return spec;
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void readsBackAsItWas()
    {
        QRandomGenerator random(51);
        for (int i = 0; i < 400; ++i) {
            const auto spec = expressible(random);
            const auto job = renderRay(spec, id);
            QVERIFY2(job, job ? "" : qPrintable(job.error().message));
            QCOMPARE(job->notes, QStringList());
            const auto read = readRay(job->text, {});
            QVERIFY(read);
            // A line for sh may be one that sh only splits: the same, said in words.
            const bool line
                = spec.argv.value(0) == QLatin1String("/bin/sh") && spec.folder.isEmpty();
            if (!line)
                QVERIFY2(*read == spec, job->text.constData());
        }
    }

    void pythonReadsIt()
    {
        QRandomGenerator random(52);
        QJsonArray all;
        for (int i = 0; i < 60; ++i)
            all.append(QJsonDocument::fromJson(renderRay(expressible(random), id)->text).object());
        const auto verdict = askJudge(QStringLiteral("python3"),
            {QStringLiteral("-c"),
                QStringLiteral(
                    "import json, sys\n"
                    "for job in json.load(sys.stdin.buffer):\n"
                    "    assert isinstance(job['entrypoint'], str)\n"
                    "    assert all(isinstance(v, str) for v in job['metadata'].values())\n"
                    "    e = job.get('runtime_env', {}).get('env_vars', {})\n"
                    "    assert all(isinstance(v, str) for v in e.values())\n"
                    "    assert job['submission_id']\n")},
            QJsonDocument(all).toJson());
        if (!verdict)
            QSKIP("no Python here");
        QVERIFY2(verdict->code == 0, verdict->err.constData());
    }

    void theShellGivesTheWordsBack()
    {
        QRandomGenerator random(53);
        for (int i = 0; i < 60; ++i) {
            auto spec = expressible(random);
            spec.script.clear();
            spec.starter.clear();
            spec.tasksPerNode = 1;
            spec.folder = QStringLiteral("/");
            spec.argv = QStringList{QStringLiteral("printf"), QStringLiteral("%s\\0"),
                nonEmpty(random), nonEmpty(random)};
            const auto body = QJsonDocument::fromJson(renderRay(spec, id)->text).object();
            const auto verdict = askJudge(QStringLiteral("sh"),
                {QStringLiteral("-c"), body.value(QLatin1String("entrypoint")).toString()});
            QVERIFY(verdict);
            QCOMPARE(verdict->out, spec.argv[2].toUtf8() + '\0' + spec.argv[3].toUtf8() + '\0');
        }
    }

    void anEditedBodyKeepsItsFields()
    {
        JobSpec spec;
        spec.texts.insert(QStringLiteral("ray"),
            R"({"entrypoint":"python x.py | tee log","runtime_env":{"pip":["torch"]},"metadata":{"team":"nlp"}})");
        const auto job = renderRay(spec, id);
        QVERIFY(job);
        const auto body = QJsonDocument::fromJson(job->text).object();
        QCOMPARE(body.value(QLatin1String("submission_id")).toString(), id);
        QCOMPARE(body.value(QLatin1String("runtime_env"))
                     .toObject()
                     .value(QLatin1String("pip"))
                     .toArray()
                     .size(),
            1);
        QCOMPARE(body.value(QLatin1String("metadata"))
                     .toObject()
                     .value(QLatin1String("team"))
                     .toString(),
            QStringLiteral("nlp"));
        const auto read = readRay(job->text, {});
        QCOMPARE(read->argv.value(2), QStringLiteral("python x.py | tee log"));
        spec.texts[QStringLiteral("ray")] = "[]";
        QVERIFY(!renderRay(spec, id));
    }

    void theFormEditsTheBody()
    {
        const QByteArray text
            = R"({"entrypoint":"python x.py","runtime_env":{"pip":["torch"],"env_vars":{"A":"b","C":"d"}},
                 "metadata":{"team":"nlp"},"entrypoint_num_gpus":1})";
        const auto before = readRay(text, {});
        QVERIFY(before);
        auto after = *before;
        after.environment.remove(QStringLiteral("A"));
        after.environment[QStringLiteral("C")] = QStringLiteral("e");
        after.gpus = 0;
        after.argv << QStringLiteral("a b");
        const auto edited = editRay(text, *before, after);
        QVERIFY(edited);
        const auto expected = QJsonDocument::fromJson(
            R"({"entrypoint":"python x.py 'a b'","runtime_env":{"pip":["torch"],"env_vars":{"C":"e"}},
                "metadata":{"team":"nlp"}})");
        QCOMPARE(QJsonDocument::fromJson(*edited), expected);
        QVERIFY(*readRay(*edited, {}) == after);
    }

    void whatItCannotSayIsSaid()
    {
        JobSpec spec;
        spec.argv << QStringLiteral("a");
        spec.nodes = 2;
        spec.timeLimitSeconds = 1;
        spec.retries = 1;
        spec.array = QStringLiteral("0-1");
        spec.after << JobDependency{};
        spec.checkpoints = spec.account = spec.queue = spec.qos = QStringLiteral("x");
        spec.gpuUuids << QStringLiteral("x");
        spec.priority = 0;
        spec.secrets << SecretRef{
            QStringLiteral("T"), {}, QStringLiteral("s"), QStringLiteral("k")};
        QCOMPARE(renderRay(spec, id)->notes.size(), 12);
    }
};

QTEST_GUILESS_MAIN(TestRayRender)
#include "test_rayrender.moc"
