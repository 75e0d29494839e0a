// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/renderers.h"
#include "tests/support/randomspec.h"

#include <QRegularExpression>
#include <QTest>

using namespace pilothouse;

static const QString id = QStringLiteral("01jdq4s6z8x9k2m3n4p5q6r7st");

static JobSpec simple()
{
    JobSpec spec;
    spec.argv = QStringList{QStringLiteral("prog")};
    spec.image = QStringLiteral("img");
    return spec;
}

struct Change {
    const char *field;
    void (*make)(JobSpec &spec);
};

static const QList<Change> &changes()
{
    static const QString x = QStringLiteral("x");
    static const QList<Change> all{{"name", [](JobSpec &spec) { spec.name = x; }},
        {"argv", [](JobSpec &spec) { spec.argv << x; }},
        {"script",
            [](JobSpec &spec) {
                spec.argv.clear();
                spec.script = "echo\n";
            }},
        {"folder", [](JobSpec &spec) { spec.folder = x; }},
        {"environment", [](JobSpec &spec) { spec.environment.insert(x, x); }},
        {"secret file",
            [](JobSpec &spec) {
                spec.secrets << SecretRef{x, x, {}, {}};
            }},
        {"secret path",
            [](JobSpec &spec) {
                spec.secrets << SecretRef{x, QStringLiteral("/x"), {}, {}};
            }},
        {"secret name",
            [](JobSpec &spec) {
                spec.secrets << SecretRef{x, {}, x, x};
            }},
        {"image", [](JobSpec &spec) { spec.image = x; }},
        {"torchrun", [](JobSpec &spec) { spec.starter = QStringLiteral("torchrun"); }},
        {"jax", [](JobSpec &spec) { spec.starter = QStringLiteral("jax"); }},
        {"nodes", [](JobSpec &spec) { spec.nodes = 3; }},
        {"tasks", [](JobSpec &spec) { spec.tasksPerNode = 3; }},
        {"cpus", [](JobSpec &spec) { spec.cpusPerTask = 3; }},
        {"gpus", [](JobSpec &spec) { spec.gpus = 3; }},
        {"gpu_type", [](JobSpec &spec) { spec.gpuType = x; }},
        {"gpu_uuids", [](JobSpec &spec) { spec.gpuUuids << x; }},
        {"memory", [](JobSpec &spec) { spec.memoryBytes = 3; }},
        {"time", [](JobSpec &spec) { spec.timeLimitSeconds = 3; }},
        {"array", [](JobSpec &spec) { spec.array = QStringLiteral("0-3"); }},
        {"odd array", [](JobSpec &spec) { spec.array = QStringLiteral("1,5"); }},
        {"after",
            [](JobSpec &spec) {
                spec.after << JobDependency{JobDependency::When::Ended, x};
            }},
        {"retries", [](JobSpec &spec) { spec.retries = 3; }},
        {"resume", [](JobSpec &spec) { spec.checkpoints = x; }},
        {"account", [](JobSpec &spec) { spec.account = x; }},
        {"queue", [](JobSpec &spec) { spec.queue = x; }},
        {"odd queue", [](JobSpec &spec) { spec.queue = QStringLiteral("a b"); }},
        {"qos", [](JobSpec &spec) { spec.qos = x; }},
        {"priority", [](JobSpec &spec) { spec.priority = 0; }}};
    return all;
}

class TestRenderers : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    /// Whatever a field says is in the text, or a note says that it is not.
    void nothingIsDroppedSilently()
    {
        // A bare host's agent gets these beside the command.
        static const QStringList beside{QStringLiteral("name"), QStringLiteral("gpus"),
            QStringLiteral("gpu_uuids"), QStringLiteral("time")};
        for (const auto &engine : engineTexts()) {
            const auto before = engine.render(simple(), id);
            QVERIFY2(before, engine.kind);
            for (const auto &change : changes()) {
                const bool own = qstrcmp(engine.kind, "process") == 0
                    && beside.contains(QLatin1String(change.field));
                auto spec = simple();
                change.make(spec);
                const auto after = engine.render(spec, id);
                if (!after && qstrcmp(engine.kind, "slurm") == 0) {
                    QVERIFY(!after.error().message.isEmpty()); // a job to wait for is unknown there
                    QCOMPARE(QLatin1String(change.field), QLatin1String("after"));
                    continue;
                }
                QVERIFY2(after,
                    qPrintable(QStringLiteral("%1: %2").arg(
                        QLatin1String(engine.kind), QLatin1String(change.field))));
                const QString head = QLatin1String(change.field) + QLatin1Char(':');
                const bool said = after->text != before->text
                    || after->notes.size() > before->notes.size()
                    || std::any_of(after->notes.begin(), after->notes.end(),
                        [&](const QString &note) { return note.startsWith(head); });
                QVERIFY2(said || own,
                    qPrintable(QStringLiteral("%1: %2").arg(
                        QLatin1String(engine.kind), QLatin1String(change.field))));
            }
        }
    }

    void hostileSpecsNeverBreakIt()
    {
        QRandomGenerator random(81);
        for (int i = 0; i < 150; ++i) {
            const auto spec = randomSpec(random);
            for (const auto &engine : engineTexts()) {
                const auto job = engine.render(spec, id);
                if (!job) {
                    QCOMPARE(job.error().kind, ErrorKind::BadInput);
                    continue;
                }
                QVERIFY(engine.readBack(job->text, spec, id));
                QCOMPARE(engine.render(spec, id)->text, job->text);
            }
        }
    }

    /// The form's change arrives in the text, by whatever engine.
    void editsArrive()
    {
        QRandomGenerator random(82);
        for (const auto &engine : engineTexts()) {
            for (int i = 0; i < 40; ++i) {
                auto spec = simple();
                spec.environment.insert(QStringLiteral("A"), hostileText(random));
                spec.argv << hostileText(random);
                const auto job = engine.render(spec, id);
                QVERIFY(job);
                auto after = spec;
                after.folder = QStringLiteral("/new");
                after.environment[QStringLiteral("B")] = hostileText(random);
                after.argv << hostileText(random);
                const auto edited = engine.edit(job->text, spec, after);
                QVERIFY2(edited, engine.kind);
                const auto read = engine.readBack(edited->text, spec, id);
                QVERIFY2(read, engine.kind);
                if (qstrcmp(engine.kind, "slurm") == 0) { // only directives are read back
                    QCOMPARE(read->folder, after.folder);
                    QCOMPARE(edited->text, engine.render(after, id)->text);
                    // One of the user's own stays as it is, and that is said.
                    const auto own = engine.edit(job->text + "# mine\n", spec, after);
                    QVERIFY(own && own->text.endsWith("# mine\n") && !own->notes.isEmpty());
                    QCOMPARE(engine.readBack(own->text, spec, id)->folder, after.folder);
                    continue;
                }
                QCOMPARE(read->environment, after.environment);
                QCOMPARE(read->argv, after.argv);
                QCOMPARE(read->folder, after.folder);
            }
        }
    }

    void filesAreRecognised()
    {
        for (const auto &engine : engineTexts()) {
            if (!engine.looksLike)
                continue;
            auto spec = simple();
            spec.name = QStringLiteral("train");
            const auto text = engine.render(spec, id)->text;
            const auto read = importSpec(text);
            QVERIFY2(read, engine.kind);
            QCOMPARE(read->kind, QLatin1String(engine.kind));
            QCOMPARE(read->spec.texts.value(read->kind), text);
            if (qstrcmp(engine.kind, "slurm") == 0) // a script as a whole
                QCOMPARE(read->spec.script, text);
            else
                QCOMPARE(read->spec.argv, simple().argv);
        }
        QVERIFY(!importSpec("#!/bin/sh\necho\n"));
        QVERIFY(!importSpec({}));
        QVERIFY(!engineText(QStringLiteral("pbs")));
    }
};

QTEST_GUILESS_MAIN(TestRenderers)
#include "test_renderers.moc"
