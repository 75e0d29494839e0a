// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/kubernetes/kubefields.h"

#include "core/engines/kubernetes/kubenames.h"
#include "core/jobs/specvalues.h"

#include <QRegularExpression>

namespace pilothouse {

YamlPath kubePodPath(bool isJob)
{
    if (isJob)
        return {QByteArray("spec"), QByteArray("template"), QByteArray("spec")};
    return {QByteArray("spec")};
}

YamlPath kubeContainerPath(bool isJob)
{
    return kubePodPath(isJob) + YamlPath{QByteArray("containers"), 0};
}

StarterPlace kubernetesPlace(const JobSpec &spec, const QString &jobId)
{
    StarterPlace place;
    place.jobId = jobId;
    place.script = QStringLiteral("/pilothouse/script");
    const QString name = nameInEngine(spec.name, jobId);
    for (int i = 0; spec.nodes > 1 && i < spec.nodes; ++i) // pods of an Indexed Job, in its Service
        place.hosts << QStringLiteral("%1-%2.%1").arg(name).arg(i);
    return place;
}

namespace {

using Value = std::optional<YamlNode>;

Value textOrNone(const QString &text)
{
    return text.isEmpty() ? Value() : Value(YamlNode::string(text));
}

Value numberOrNone(qint64 number)
{
    return number == 0 ? Value() : Value(YamlNode::number(number));
}

Value quantity(quint64 number)
{
    return number == 0 ? Value() : Value(YamlNode::string(memoryText(number)));
}

/// Values of labels: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
bool isLabelValue(const QString &text)
{
    static const QRegularExpression form(
        QStringLiteral("\\A[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?\\z"));
    return form.match(text).hasMatch();
}

/// Collects the fields, each below a path.
struct Fields {
    QList<KubeField> list;
    void add(const YamlPath &below, std::initializer_list<const char *> names, Value value,
        bool edited = true)
    {
        YamlPath path = below;
        for (const char *name : names)
            path << QByteArray(name);
        list << KubeField{path, std::move(value), edited};
    }
};

} // namespace

static void addMetadata(Fields &fields, const JobSpec &spec, const QString &jobId)
{
    const auto queue = KubeQueue::of(spec.queue);
    const bool queued = queue.possible();
    fields.add({}, {"metadata", "name"}, YamlNode::string(nameInEngine(spec.name, jobId)), false);
    fields.add({}, {"metadata", "namespace"}, queued ? textOrNone(queue.space) : Value());
    fields.add({}, {"metadata", "labels", jobIdLabel}, textOrNone(jobId), false);
    fields.add({}, {"metadata", "labels", "app.kubernetes.io/managed-by"},
        YamlNode::string(QStringLiteral("pilothouse")), false);
    fields.add({}, {"metadata", "labels", kueueLabel}, queued ? textOrNone(queue.queue) : Value());
    fields.add({}, {"metadata", "annotations", jobNameLabel}, textOrNone(spec.name));
    fields.add({}, {"metadata", "annotations", jobTasksLabel},
        spec.tasksPerNode == 1 ? Value() : textOrNone(QString::number(spec.tasksPerNode)));
}

static void addJob(Fields &fields, const JobSpec &spec, const QString &jobId)
{
    const auto array
        = spec.nodes > 1 ? ArrayRange() : arrayFromText(spec.array).value_or(ArrayRange());
    const int pods = spec.nodes > 1 ? spec.nodes : array.count;
    fields.add({}, {"spec", "completionMode"},
        pods == 0 ? Value() : textOrNone(QStringLiteral("Indexed")));
    fields.add({}, {"spec", "completions"}, numberOrNone(pods));
    fields.add({}, {"spec", "parallelism"}, numberOrNone(array.atOnce > 0 ? array.atOnce : pods));
    // A pod of several that is started alone finds the others gone.
    fields.add({}, {"spec", "backoffLimit"}, YamlNode::number(spec.nodes > 1 ? 0 : spec.retries));
    fields.add({}, {"spec", "activeDeadlineSeconds"}, numberOrNone(spec.timeLimitSeconds));
    fields.add(
        {}, {"spec", "template", "metadata", "labels", jobIdLabel}, textOrNone(jobId), false);
}

static YamlNode commandNode(const QStringList &command)
{
    YamlNode list = YamlNode::sequence();
    list.flow = true;
    for (const auto &word : command)
        list.add(YamlNode::string(kubernetesLiteral(word)));
    return list;
}

static YamlNode named(const QString &name, const QString &key, YamlNode value)
{
    YamlNode node = YamlNode::map();
    node.put(QStringLiteral("name"), YamlNode::string(name));
    node.put(key, std::move(value));
    return node;
}

QList<YamlNode> kubernetesEnv(const JobSpec &spec)
{
    QList<YamlNode> env;
    for (auto it = spec.environment.begin(); it != spec.environment.end(); ++it)
        env << named(
            it.key(), QStringLiteral("value"), YamlNode::string(kubernetesLiteral(it.value())));
    for (const auto &secret : spec.secrets) {
        if (secret.secret.isEmpty())
            continue;
        YamlNode from = YamlNode::map();
        from.put(QStringLiteral("secretKeyRef"),
            named(secret.secret, QStringLiteral("key"), YamlNode::string(secret.key)));
        env << named(secret.variable, QStringLiteral("valueFrom"), from);
    }
    return env;
}

static void addContainer(
    Fields &fields, const JobSpec &spec, const QStringList &command, bool isJob)
{
    const auto at = kubeContainerPath(isJob);
    fields.add(at, {"name"}, YamlNode::string(QStringLiteral("job")), false);
    fields.add(at, {"image"}, textOrNone(spec.image));
    fields.add(at, {"command"}, commandNode(command));
    fields.add(at, {"workingDir"}, textOrNone(spec.folder));
    const qint64 cpus = qint64(spec.cpusPerTask) * spec.tasksPerNode;
    fields.add(at, {"resources", "requests", "cpu"}, numberOrNone(cpus));
    fields.add(at, {"resources", "requests", "memory"}, quantity(spec.memoryBytes));
    fields.add(at, {"resources", "limits", "memory"}, quantity(spec.memoryBytes));
    fields.add(at, {"resources", "limits", "nvidia.com/gpu"}, numberOrNone(spec.gpus));
}

/// A mount of the container and its volume.
static void addVolume(YamlNode &mounts, YamlNode &volumes, const QString &name, const QString &path,
    const QString &kind, YamlNode source)
{
    mounts.add(named(name, QStringLiteral("mountPath"), YamlNode::string(path)));
    volumes.add(named(name, kind, std::move(source)));
}

static void addVolumes(Fields &fields, const JobSpec &spec, const QString &jobId, bool isJob)
{
    YamlNode mounts = YamlNode::sequence(), volumes = YamlNode::sequence();
    if (!spec.script.isEmpty()) {
        YamlNode map = YamlNode::map();
        map.put(QStringLiteral("name"), YamlNode::string(nameInEngine(spec.name, jobId)));
        map.put(QStringLiteral("defaultMode"), YamlNode::number(0555));
        addVolume(mounts, volumes, QStringLiteral("script"), QStringLiteral("/pilothouse"),
            QStringLiteral("configMap"), map);
    }
    if (spec.gpus > 0) { // data loaders and NCCL want more than a container's usual 64 MB
        YamlNode memory = YamlNode::map();
        memory.put(QStringLiteral("medium"), YamlNode::string(QStringLiteral("Memory")));
        addVolume(mounts, volumes, QStringLiteral("shm"), QStringLiteral("/dev/shm"),
            QStringLiteral("emptyDir"), memory);
    }
    if (mounts.items.empty())
        return;
    fields.add(kubeContainerPath(isJob), {"volumeMounts"}, mounts, false);
    fields.add(kubePodPath(isJob), {"volumes"}, volumes, false);
}

Result<QList<KubeField>> kubernetesFields(const JobSpec &spec, const QString &jobId, bool isJob)
{
    const auto made = wrap(spec, QStringLiteral("kubernetes"), kubernetesPlace(spec, jobId));
    if (!made)
        return fail(made.error());
    Fields fields;
    addMetadata(fields, spec, jobId);
    if (isJob)
        addJob(fields, spec, jobId);
    const auto pod = kubePodPath(isJob);
    fields.add(pod, {"restartPolicy"}, YamlNode::string(QStringLiteral("Never")), false);
    fields.add(pod, {"subdomain"},
        spec.nodes > 1 ? textOrNone(nameInEngine(spec.name, jobId)) : Value(), false);
    fields.add(pod, {"nodeSelector", "nvidia.com/gpu.product"},
        isLabelValue(spec.gpuType) ? textOrNone(spec.gpuType) : Value());
    addContainer(fields, spec, made->command(), isJob);
    addVolumes(fields, spec, jobId, isJob);
    return fields.list;
}

} // namespace pilothouse
