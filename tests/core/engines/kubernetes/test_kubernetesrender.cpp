// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Judges: kubectl's own types, by a verb of it that needs no server; PyYAML. (The API server's dry
// run belongs to the engine.)
#include "core/engines/kubernetes/kubenames.h"
#include "core/engines/kubernetes/render.h"
#include "core/yaml/yamlread.h"
#include "core/yaml/yamlwrite.h"
#include "tests/support/judge.h"
#include "tests/support/randomspec.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>

using namespace pilothouse;

static const QString id = QStringLiteral("01jdq4s6z8x9k2m3n4p5q6r7st");

static JobSpec training()
{
    JobSpec spec;
    spec.name = QStringLiteral("LLaMA fine-tune");
    spec.argv = QStringList{QStringLiteral("python"), QStringLiteral("train.py"),
        QStringLiteral("--lr"), QStringLiteral("0.1")};
    spec.image = QStringLiteral("nvcr.io/nvidia/pytorch:25.01-py3");
    spec.starter = QStringLiteral("torchrun");
    spec.nodes = 2;
    spec.gpus = 8;
    spec.memoryBytes = quint64(64) << 30;
    spec.timeLimitSeconds = 86'400;
    spec.environment.insert(QStringLiteral("EPOCHS"), QStringLiteral("3"));
    spec.secrets << SecretRef{
        QStringLiteral("HF_TOKEN"), {}, QStringLiteral("hf"), QStringLiteral("token")};
    spec.queue = QStringLiteral("team/gpu");
    return spec;
}

/// What a Job can say all of.
static JobSpec expressible(QRandomGenerator &random)
{
    auto spec = randomSpec(random, {true, true, true, false});
    if (spec.script.startsWith("#!"))
        spec.interpreter.clear();
    if (spec.nodes == 1 && random.bounded(3) == 0)
        spec.array = random.bounded(2) == 0 ? QStringLiteral("0-9%3") : QStringLiteral("0-4");
    if (random.bounded(3) == 0)
        spec.queue = QStringLiteral("team/gpu");
    if (random.bounded(3) == 0)
        spec.gpuType = QStringLiteral("NVIDIA-H100-80GB-HBM3");
    if (random.bounded(3) == 0)
        spec.secrets << SecretRef{
            QStringLiteral("TOKEN"), {}, QStringLiteral("s"), nonEmpty(random)};
    return spec;
}

/// All that was written is there in what a reader made of it; it may have added its defaults.
static bool contains(const QJsonValue &read, const YamlNode &written)
{
    if (written.isScalar() && (written.isText() || read.isString())) // quantities become text
        return read == written.string();
    if (written.isScalar())
        return read.isBool() ? read.toBool() == (written.text == "true")
                             : read == written.text.toDouble();
    for (std::size_t i = 0; i < written.items.size(); ++i) {
        const auto inner = written.isMap() ? read[written.keys[i].string()] : read[qsizetype(i)];
        if (!contains(inner, written.items[i]))
            return false;
    }
    return written.isMap() ? read.isObject() : read.isArray();
}

static const YamlNode &jobOf(const std::vector<YamlNode> &documents)
{
    return documents.back();
}

class TestKubernetesRender : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void readsBackAsItWas()
    {
        QRandomGenerator random(41);
        for (int i = 0; i < 400; ++i) {
            const auto spec = expressible(random);
            const auto job = renderKubernetes(spec, id);
            QVERIFY2(job, job ? "" : qPrintable(job.error().message));
            QCOMPARE(job->notes, QStringList());
            const auto read = readKubernetes(job->text);
            QVERIFY2(read, read ? "" : qPrintable(read.error().message));
            QCOMPARE(read->notes, QStringList());
            QVERIFY2(read->spec == spec, job->text.constData());
        }
    }

    void kubectlTakesItsTypes()
    {
        QRandomGenerator random(42);
        YamlNode list = YamlNode::map(), items = YamlNode::sequence();
        for (int i = 0; i < 40; ++i) {
            const auto job = renderKubernetes(expressible(random), id);
            QVERIFY(job);
            items.add(jobOf(*readYaml(job->text)));
        }
        list.put(QStringLiteral("apiVersion"), YamlNode::string(QStringLiteral("v1")));
        list.put(QStringLiteral("kind"), YamlNode::string(QStringLiteral("List")));
        list.put(QStringLiteral("items"), items);
        const auto verdict = askJudge(QStringLiteral("kubectl"),
            QStringLiteral("set env --local -f - -o json PILOTHOUSE_JUDGE=1")
                .split(QLatin1Char(' ')),
            writeYaml(list));
        if (!verdict)
            QSKIP("no kubectl here");
        QVERIFY2(verdict->code == 0, verdict->err.right(800).constData());
        const auto array
            = QByteArray('[' + QByteArray(verdict->out).replace("\n}\n{", "\n},\n{") + ']');
        const auto read = QJsonDocument::fromJson(array).array();
        QCOMPARE(std::size_t(read.size()), items.items.size());
        for (std::size_t i = 0; i < items.items.size(); ++i)
            QVERIFY2(contains(read[qsizetype(i)], items.items[i]),
                writeYaml(items.items[i]).constData());
    }

    void pyYamlReadsIt()
    {
        QRandomGenerator random(43);
        QByteArray text;
        std::vector<YamlNode> written;
        for (int i = 0; i < 60; ++i) {
            const auto job = renderKubernetes(expressible(random), id);
            QVERIFY(job);
            auto documents = *readYaml(job->text);
            written.insert(written.end(), documents.begin(), documents.end());
            text += "---\n" + job->text;
        }
        const auto verdict = askPyYaml(text);
        if (!verdict || verdict->err.contains("No module named"))
            QSKIP("no PyYAML here");
        QVERIFY2(verdict->code == 0, verdict->err.right(800).constData());
        const auto read = QJsonDocument::fromJson(verdict->out).array();
        QCOMPARE(std::size_t(read.size()), written.size());
        for (std::size_t i = 0; i < written.size(); ++i)
            QVERIFY(contains(read[qsizetype(i)], written[i]));
    }

    void aTrainingOnTwoNodes()
    {
        const auto job = renderKubernetes(training(), id);
        QVERIFY(job);
        QCOMPARE(job->notes, QStringList());
        const QByteArray name = "llama-fine-tune-" + id.toLatin1();
        const auto documents = readYaml(job->text);
        QCOMPARE(documents->size(), std::size_t(2));
        const auto &service = documents->front();
        QCOMPARE(service.find({"metadata", "name"})->text, name);
        QCOMPARE(service.find({"spec", "clusterIP"})->text, QByteArray("None"));
        QCOMPARE(service.find({"spec", "selector", jobIdLabel})->string(), id);
        const auto &root = jobOf(*documents);
        QCOMPARE(root.find({"metadata", "namespace"})->text, QByteArray("team"));
        QCOMPARE(root.find({"metadata", "labels", kueueLabel})->text, QByteArray("gpu"));
        QCOMPARE(root.find({"spec", "completionMode"})->text, QByteArray("Indexed"));
        QCOMPARE(root.find({"spec", "activeDeadlineSeconds"})->text, QByteArray("86400"));
        const auto *pod = root.find({"spec", "template", "spec"});
        QCOMPARE(pod->find("subdomain")->text, name);
        const auto &container = pod->find("containers")->items.front();
        QCOMPARE(container.find({"resources", "limits", "nvidia.com/gpu"})->text, QByteArray("8"));
        const auto &lines = container.find("command")->items[2].text;
        QVERIFY2(lines.contains("MASTER_ADDR=" + name + "-0." + name + ' '), lines.constData());
        QVERIFY(lines.contains("NODE_RANK=\"$JOB_COMPLETION_INDEX\""));
        QCOMPARE(renderKubernetes(training(), id)->text, job->text);
    }

    void whatItCannotSayIsSaid()
    {
        auto spec = training();
        spec.account = QStringLiteral("a");
        spec.qos = QStringLiteral("q");
        spec.priority = 1;
        spec.after << JobDependency{JobDependency::When::Ended, QStringLiteral("x")};
        spec.checkpoints = QStringLiteral("/ckpt");
        spec.gpuUuids << QStringLiteral("GPU-1");
        spec.array = QStringLiteral("0-3");
        spec.retries = 2;
        spec.queue = QStringLiteral("Not A Name");
        spec.gpuType = QStringLiteral("not a label");
        spec.secrets << SecretRef{QStringLiteral("T"), QStringLiteral("~/t"), {}, {}};
        const auto job = renderKubernetes(spec, id);
        QVERIFY(job);
        QCOMPARE(job->notes.size(), 11);
        spec.image.clear();
        QCOMPARE(renderKubernetes(spec, id).error().kind, ErrorKind::BadInput);
    }

    void namesAreLabels()
    {
        static const QRegularExpression label(QStringLiteral("\\A[a-z](?:[a-z0-9-]*[a-z0-9])?\\z"));
        QRandomGenerator random(44);
        for (int i = 0; i < 2000; ++i) {
            const QString name = nameInEngine(hostileText(random), id);
            QVERIFY2(label.match(name).hasMatch() && name.size() <= 53, qPrintable(name));
        }
    }

    void expansion()
    {
        QRandomGenerator random(45);
        for (int i = 0; i < 3000; ++i) {
            const QString text = hostileText(random);
            const auto back = kubernetesExpanded(kubernetesLiteral(text));
            QVERIFY2(back == text, qPrintable(text));
        }
        QCOMPARE(kubernetesLiteral(QStringLiteral("$(VAR)")), QStringLiteral("$$(VAR)"));
        QVERIFY(!kubernetesExpanded(QStringLiteral("a $(VAR)")));
    }

    static QByteArray manifest()
    {
        return R"--(# team manifest, do not reorder
apiVersion: batch/v1
kind: Job
metadata:
  generateName: bert-
  labels: {team: nlp}   # billing
spec:
  ttlSecondsAfterFinished: 600
  podFailurePolicy:
    rules:
      - action: Ignore
        onPodConditions: [{type: DisruptionTarget}]
  template:
    spec:
      restartPolicy: Never
      tolerations:
      - key: nvidia.com/gpu   # spot pool
        operator: Exists
      containers:
      - name: trainer
        image: registry/bert:1
        command: ["python", "-m", "bert"]
        args: ["--out", "$(OUT)"]
        env:
        - name: OUT
          value: /data
        - name: NODE
          valueFrom: {fieldRef: {fieldPath: spec.nodeName}}
        resources:
          limits:
            nvidia.com/gpu: 4   # all of them
            memory: 32Gi
)--";
    }

    void aManifestComesIn()
    {
        const auto read = importKubernetes(manifest());
        QVERIFY2(read, read ? "" : qPrintable(read.error().message));
        QCOMPARE(read->spec.image, QStringLiteral("registry/bert:1"));
        QCOMPARE(read->spec.gpus, 4);
        QCOMPARE(read->spec.memoryBytes, quint64(32) << 30);
        QCOMPARE(read->spec.argv.size(), 5);
        QCOMPARE(read->spec.environment.value(QStringLiteral("OUT")), QStringLiteral("/data"));
        QCOMPARE(read->spec.texts.value(QStringLiteral("kubernetes")), manifest());
        QCOMPARE(read->notes.size(), 2); // $(OUT), and NODE
        QVERIFY(looksLikeKubernetes(manifest()));
        QVERIFY(!importKubernetes("apiVersion: v1\nkind: Secret\n"));
        const auto pod
            = importKubernetes("apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  "
                               "containers: [{name: c, image: i, command: [a]}]\n");
        QVERIFY(pod);
        QCOMPARE(pod->spec.image, QStringLiteral("i"));
    }

    void itIsSentWithOurId()
    {
        auto spec = importKubernetes(manifest())->spec;
        const auto job = renderKubernetes(spec, id);
        QVERIFY2(job, job ? "" : qPrintable(job.error().message));
        auto lines = job->text.split('\n');
        const auto own = manifest().split('\n');
        for (const auto &line : own) {
            if (!line.contains("labels"))
                QVERIFY2(lines.contains(line), line.constData());
        }
        const auto documents = readYaml(job->text);
        QCOMPARE(documents->front().find({"metadata", "labels", jobIdLabel})->string(), id);
        QCOMPARE(documents->front().find({"metadata", "labels", "team"})->text, QByteArray("nlp"));
        QCOMPARE(documents->front()
                     .find({"spec", "template", "metadata", "labels", jobIdLabel})
                     ->string(),
            id);
    }

    void theFormEditsTheText()
    {
        const auto before = importKubernetes(manifest())->spec;
        auto after = before;
        after.image = QStringLiteral("registry/bert:2");
        after.gpus = 8;
        after.timeLimitSeconds = 3600;
        after.environment[QStringLiteral("OUT")] = QStringLiteral("/scratch");
        after.environment.insert(QStringLiteral("SEED"), QStringLiteral("7"));
        const auto edited = editKubernetes(manifest(), before, after);
        QVERIFY2(edited, edited ? "" : qPrintable(edited.error().message));
        QCOMPARE(edited->notes, QStringList());
        QByteArray expected = manifest();
        expected.replace("registry/bert:1", "registry/bert:2");
        expected.replace("gpu: 4 ", "gpu: 8 ");
        expected.replace("value: /data", "value: /scratch");
        expected.replace(
            "spec.nodeName}}\n", "spec.nodeName}}\n        - name: SEED\n          value: \"7\"\n");
        expected += "  activeDeadlineSeconds: 3600\n";
        QCOMPARE(edited->text, expected);
        const auto again = editKubernetes(edited->text, after, before);
        QVERIFY(again);
        QCOMPARE(again->text, manifest());
    }

    void companionsFollow()
    {
        auto spec = training();
        spec.argv.clear();
        spec.script = "print(1)\n";
        spec.interpreter = QStringLiteral("python3");
        auto after = spec;
        after.script = "print(2)\n";
        after.queue = QStringLiteral("other");
        const auto edited = editKubernetes(renderKubernetes(spec, id)->text, spec, after);
        QVERIFY(edited);
        QCOMPARE(edited->notes, QStringList());
        QCOMPARE(edited->text, renderKubernetes(after, id)->text);
    }

    void nothingElseChanges()
    {
        QRandomGenerator random(46);
        for (int i = 0; i < 50; ++i) {
            const auto spec = expressible(random);
            const auto job = renderKubernetes(spec, id);
            QVERIFY(job);
            auto after = spec;
            after.image = QStringLiteral("other");
            const auto edited = editKubernetes(job->text, spec, after);
            QVERIFY(edited);
            const auto read = readKubernetes(edited->text);
            QVERIFY(read);
            QVERIFY2(read->spec == after, edited->text.constData());
        }
    }
};

QTEST_GUILESS_MAIN(TestKubernetesRender)
#include "test_kubernetesrender.moc"
