// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/kubernetes/render.h"

#include "core/engines/kubernetes/kubefields.h"
#include "core/engines/kubernetes/kubenames.h"
#include "core/jobs/specvalues.h"
#include "core/yaml/yamlwrite.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace pilothouse {

static QString tr(const char *text)
{
    return QCoreApplication::translate("kubernetes", text);
}

static auto wrong(const QString &message)
{
    return fail({ErrorKind::BadInput, QStringLiteral("kubernetes"), message, {}, {}});
}

static YamlNode head(const char *version, const char *kind)
{
    YamlNode root = YamlNode::map();
    root.put(QStringLiteral("apiVersion"), YamlNode::string(QLatin1String(version)));
    root.put(QStringLiteral("kind"), YamlNode::string(QLatin1String(kind)));
    return root;
}

/// A Service or ConfigMap that belongs to the job: same name, namespace and label.
static YamlNode companion(const char *kind, const JobSpec &spec, const QString &jobId)
{
    YamlNode root = head("v1", kind), metadata = YamlNode::map(), labels = YamlNode::map();
    metadata.put(QStringLiteral("name"), YamlNode::string(nameInEngine(spec.name, jobId)));
    const auto queue = KubeQueue::of(spec.queue);
    if (queue.possible() && !queue.space.isEmpty())
        metadata.put(QStringLiteral("namespace"), YamlNode::string(queue.space));
    labels.put(QLatin1String(jobIdLabel), YamlNode::string(jobId));
    metadata.put(QStringLiteral("labels"), labels);
    root.put(QStringLiteral("metadata"), metadata);
    return root;
}

static YamlNode service(const JobSpec &spec, const QString &jobId)
{
    YamlNode root = companion("Service", spec, jobId), inner = YamlNode::map();
    inner.put(QStringLiteral("clusterIP"), YamlNode::string(QStringLiteral("None")));
    YamlNode selector = YamlNode::map();
    selector.put(QLatin1String(jobIdLabel), YamlNode::string(jobId));
    inner.put(QStringLiteral("selector"), selector);
    // Ranks meet before any of them is ready.
    inner.put(QStringLiteral("publishNotReadyAddresses"), YamlNode::truth(true));
    root.put(QStringLiteral("spec"), inner);
    return root;
}

static YamlNode scriptMap(const JobSpec &spec, const QString &jobId)
{
    YamlNode root = companion("ConfigMap", spec, jobId), data = YamlNode::map();
    YamlNode script = yamlBytes(spec.script);
    const bool binary = script.tag != "!";
    if (binary) // the API's own field for bytes, as base64
        script = YamlNode::string(QString::fromLatin1(spec.script.toBase64()));
    data.put(QStringLiteral("script"), script);
    root.put(binary ? QStringLiteral("binaryData") : QStringLiteral("data"), data);
    return root;
}

QStringList kubernetesNotes(const JobSpec &spec)
{
    QStringList notes;
    const auto note = [&](bool there, const QString &sentence) {
        if (there)
            notes << sentence;
    };
    const auto array = arrayFromText(spec.array).value_or(ArrayRange());
    note(!spec.account.isEmpty(), tr("account: Kubernetes has none."));
    note(!spec.qos.isEmpty(), tr("qos: Kubernetes has none for a job."));
    note(spec.priority.has_value(),
        tr("priority: a pod's priority is a class by name there, no number."));
    note(!spec.after.isEmpty(), tr("after: a Job waits for no other."));
    note(!spec.checkpoints.isEmpty(),
        tr("resume: Kubernetes starts a pod again without a checkpoint."));
    note(!spec.gpuUuids.isEmpty(), tr("gpu_uuids: which GPUs a pod gets is its node's choice."));
    note(!spec.array.isEmpty() && (array.count == 0 || spec.nodes > 1),
        tr("array: only indices from 0 without gaps, of jobs on one node."));
    note(spec.nodes > 1 && spec.retries > 0,
        tr("retries: a Job starts single pods again, not all nodes together."));
    note(
        !KubeQueue::of(spec.queue).possible(), tr("queue: it is no NAMESPACE or NAMESPACE/QUEUE."));
    static const QRegularExpression label(
        QStringLiteral("\\A(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?\\z"));
    note(!label.match(spec.gpuType).hasMatch(), tr("gpu_type: it is no value of a label."));
    for (const auto &secret : spec.secrets)
        note(secret.secret.isEmpty(),
            tr("secrets: %1 comes from a file of yours; a pod takes it from a Secret.")
                .arg(secret.variable));
    return notes;
}

static Result<> checkForKubernetes(const JobSpec &spec)
{
    if (const auto good = checkSpec(spec); !good)
        return good;
    if (spec.image.isEmpty())
        return wrong(tr("Kubernetes runs images only: name one."));
    if (spec.script.size() > 900'000)
        return wrong(tr("The script is too large for a ConfigMap (1 MiB)."));
    static const QRegularExpression variable(QStringLiteral("\\A[A-Za-z_.-][A-Za-z0-9_.-]*\\z"));
    for (auto it = spec.environment.begin(); it != spec.environment.end(); ++it) {
        if (!variable.match(it.key()).hasMatch())
            return wrong(
                tr("“%1” is no name of a variable for Kubernetes.").arg(it.key().left(64)));
    }
    return {};
}

/// The user's text with our id in it: found by that after a doubtful answer.
static Result<RenderedJob> stamped(const JobSpec &spec, const QString &jobId)
{
    auto editor = YamlEditor::open(spec.texts.value(QStringLiteral("kubernetes")));
    if (!editor)
        return fail(editor.error());
    int document = 0;
    const auto isJob = [&](const YamlNode &root) {
        const auto *kind = root.find("kind");
        return kind && (kind->text == "Job" || kind->text == "Pod");
    };
    while (std::size_t(document) < editor->documents().size()
        && !isJob(editor->documents()[std::size_t(document)]))
        ++document;
    if (std::size_t(document) == editor->documents().size())
        return wrong(tr("There is no Job or Pod in the text."));
    const YamlPath metadata{QByteArray("metadata")};
    const YamlPath label = metadata + YamlPath{QByteArray("labels"), QByteArray(jobIdLabel)};
    const YamlNode id = YamlNode::string(jobId);
    if (const auto done = editor->put(document, label, id); !done)
        return fail(done.error());
    const YamlPath inner{QByteArray("spec"), QByteArray("template")};
    if (editor->find(document, inner)) {
        if (const auto done = editor->put(document, inner + label, id); !done)
            return fail(done.error());
    }
    if (!editor->find(document, metadata + YamlPath{QByteArray("name")})) {
        const auto name = YamlNode::string(nameInEngine(spec.name, jobId));
        if (const auto done = editor->put(document, metadata + YamlPath{QByteArray("name")}, name);
            !done)
            return fail(done.error());
    }
    return RenderedJob{
        editor->text(), QStringLiteral("yaml"), QStringLiteral("kubectl create -f job.yaml"), {}};
}

static bool readsBack(const QByteArray &text, const std::vector<YamlNode> &documents)
{
    const auto read = readYaml(text);
    bool same = read && read->size() == documents.size();
    for (std::size_t i = 0; same && i < documents.size(); ++i)
        same = sameYaml((*read)[i], documents[i]);
    return same;
}

Result<RenderedJob> renderKubernetes(const JobSpec &spec, const QString &jobId)
{
    if (spec.texts.contains(QStringLiteral("kubernetes")))
        return stamped(spec, jobId);
    if (const auto good = checkForKubernetes(spec); !good)
        return fail(good.error());
    const auto fields = kubernetesFields(spec, jobId, true);
    if (!fields)
        return fail(fields.error());
    YamlNode job = head("batch/v1", "Job");
    for (const auto &field : *fields) {
        if (field.value)
            putInYaml(job, field.path, *field.value);
    }
    const auto env = kubernetesEnv(spec);
    YamlNode list = YamlNode::sequence();
    list.items.assign(env.begin(), env.end());
    if (!env.isEmpty())
        putInYaml(job, kubeContainerPath(true) + YamlPath{QByteArray("env")}, list);
    std::vector<YamlNode> documents;
    if (spec.nodes > 1)
        documents.push_back(service(spec, jobId));
    if (!spec.script.isEmpty())
        documents.push_back(scriptMap(spec, jobId));
    documents.push_back(std::move(job));
    QByteArrayList texts;
    for (const auto &document : documents)
        texts << writeYaml(document);
    RenderedJob rendered{texts.join("---\n"), QStringLiteral("yaml"),
        QStringLiteral("kubectl create -f job.yaml"), kubernetesNotes(spec)};
    const auto made = wrap(spec, QStringLiteral("kubernetes"), kubernetesPlace(spec, jobId));
    rendered.notes += made->notes;
    if (!readsBack(rendered.text, documents))
        return fail({ErrorKind::Internal, QStringLiteral("kubernetes"),
            tr("The manifest does not read back as it was meant."), {}, {}});
    return rendered;
}

} // namespace pilothouse
