// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/kubernetes/kuberead.h"

#include "core/engines/kubernetes/kubefields.h"
#include "core/engines/kubernetes/kubenames.h"
#include "core/engines/kubernetes/render.h"
#include "core/jobs/specvalues.h"
#include "core/yaml/yamlwrite.h"

#include <QCoreApplication>

namespace pilothouse {

static QString tr(const char *text)
{
    return QCoreApplication::translate("kubernetes", text);
}

namespace {

/// Reads one Job or Pod; what the form has no field for goes to `notes`.
class ManifestReader {
public:
    ManifestReader(const std::vector<YamlNode> &documents, const KubePlace &place)
        : m_documents(documents)
        , m_root(documents[std::size_t(place.document)])
        , m_isJob(place.isJob)
        , m_pod(m_isJob ? m_root.find({"spec", "template", "spec"}) : m_root.find("spec"))
    {
        const auto *containers = m_pod ? m_pod->find("containers") : nullptr;
        if (containers && containers->isSequence() && !containers->items.empty())
            m_container = &containers->items.front();
        if (containers && containers->items.size() > 1)
            m_notes << tr("Only the first of its %1 containers is shown in the form.")
                           .arg(containers->items.size());
    }

    KubernetesImport read()
    {
        takeMetadata();
        if (m_isJob)
            takeJob();
        if (m_container) {
            takeContainer();
            takeEnv();
            takeCommand(); // last: a starter is known by the counts
        }
        return {m_spec, m_notes};
    }

private:
    static QString text(const YamlNode *node)
    {
        return node && node->isScalar() ? node->string() : QString();
    }

    /// A whole number; 0 and a note when it is something else.
    int number(const YamlNode *node, const QString &what)
    {
        bool good = false;
        const int value = node && node->isScalar() ? node->text.toInt(&good) : 0;
        if (node && !good)
            m_notes << tr("%1 is no whole number.").arg(what);
        return good ? value : 0;
    }

    void takeMetadata()
    {
        const auto *metadata = m_root.find("metadata");
        if (!metadata)
            return;
        const QString own = text(metadata->find("name"));
        m_id = text(metadata->find({"labels", jobIdLabel}));
        const auto *name = metadata->find({"annotations", jobNameLabel});
        m_spec.name = name ? text(name) : own;
        if (!name && !m_id.isEmpty() && own == nameInEngine({}, m_id))
            m_spec.name.clear(); // made up by us
        if (m_spec.name.isEmpty() && own.isEmpty())
            m_spec.name = text(metadata->find("generateName"));
        m_spec.queue = KubeQueue{text(metadata->find("namespace")),
            text(metadata->find({"labels", kueueLabel}))}
                           .text();
        if (const auto *tasks = metadata->find({"annotations", jobTasksLabel}))
            m_spec.tasksPerNode = std::max(1, number(tasks, QStringLiteral("tasks")));
    }

    void takeJob()
    {
        const auto *job = m_root.find("spec");
        if (!job)
            return;
        const int pods = number(job->find("completions"), QStringLiteral("completions"));
        const int atOnce = number(job->find("parallelism"), QStringLiteral("parallelism"));
        const bool indexed = text(job->find("completionMode")) == QLatin1String("Indexed");
        const bool together = m_pod && m_pod->find("subdomain");
        if (indexed && together && pods > mostNodesOfJob)
            m_notes << tr("It has more pods than a job has nodes here.");
        else if (indexed && together && pods > 0)
            m_spec.nodes = pods;
        else if (indexed && pods > 0)
            m_spec.array = QStringLiteral("0-%1").arg(pods - 1)
                + (atOnce > 0 && atOnce < pods ? QStringLiteral("%%1").arg(atOnce) : QString());
        else if (pods > 1 || atOnce > 1)
            m_notes << tr("completions and parallelism without indices have no field in the form.");
        if (m_spec.nodes == 1)
            m_spec.retries = job->find("backoffLimit")
                ? number(job->find("backoffLimit"), QStringLiteral("backoffLimit"))
                : 6; // Kubernetes' own default
        m_spec.timeLimitSeconds
            = number(job->find("activeDeadlineSeconds"), QStringLiteral("activeDeadlineSeconds"));
    }

    void takeContainer()
    {
        m_spec.image = text(m_container->find("image"));
        m_spec.folder = text(m_container->find("workingDir"));
        m_spec.gpuType = text(m_pod->find({"nodeSelector", "nvidia.com/gpu.product"}));
        const auto *resources = m_container->find("resources");
        if (!resources)
            return;
        const auto either = [&](const char *key) {
            const auto *limit = resources->find({"limits", key});
            return limit ? limit : resources->find({"requests", key});
        };
        m_spec.gpus = number(either("nvidia.com/gpu"), QStringLiteral("nvidia.com/gpu"));
        if (const auto *memory = either("memory")) {
            const auto bytes = memoryFromText(text(memory));
            if (!bytes)
                m_notes << tr("memory “%1” is not understood.").arg(text(memory));
            m_spec.memoryBytes = bytes.value_or(0);
        }
        const auto *cpu = resources->find({"requests", "cpu"});
        cpu = cpu ? cpu : either("cpu");
        const int cpus = number(cpu, QStringLiteral("cpu"));
        if (cpus % m_spec.tasksPerNode == 0)
            m_spec.cpusPerTask = cpus / m_spec.tasksPerNode;
        else
            m_notes << tr("The CPUs are no whole number for each task.");
    }

    void takeEnv()
    {
        const auto *env = m_container->find("env");
        if (m_container->find("envFrom"))
            m_notes << tr("envFrom has no field in the form.");
        for (std::size_t i = 0; env && env->isSequence() && i < env->items.size(); ++i) {
            const auto &one = env->items[i];
            const QString name = text(one.find("name"));
            const auto *secret = one.find({"valueFrom", "secretKeyRef"});
            const auto value = kubernetesExpanded(text(one.find("value")));
            if (secret)
                m_spec.secrets << SecretRef{
                    name, {}, text(secret->find("name")), text(secret->find("key"))};
            else if (one.find("valueFrom") || !value || name.isEmpty())
                m_notes << tr("The variable %1 gets its value from something else.").arg(name);
            else
                m_spec.environment.insert(name, *value);
        }
    }

    /// Words of command or args; a reference to a variable stays as it is written.
    QStringList words(const char *key)
    {
        QStringList list;
        const auto *node = m_container->find(key);
        for (std::size_t i = 0; node && node->isSequence() && i < node->items.size(); ++i) {
            const QString word = text(&node->items[i]);
            const auto literal = kubernetesExpanded(word);
            if (!literal)
                m_notes << tr("“%1” holds a variable that Kubernetes puts in.").arg(word.left(64));
            list << literal.value_or(word);
        }
        return list;
    }

    void takeCommand()
    {
        const auto command = words("command");
        if (command.isEmpty() && m_container->find("args"))
            m_notes << tr("The program is the image's own; the form shows its arguments.");
        for (const auto &document : m_documents) {
            if (text(document.find("kind")) != QLatin1String("ConfigMap"))
                continue;
            if (const auto *script = document.find({"data", "script"}))
                m_spec.script = bytesOfYaml(*script).value_or(QByteArray());
            else if (const auto *bytes = document.find({"binaryData", "script"}))
                m_spec.script = QByteArray::fromBase64(bytes->text);
        }
        const auto place = kubernetesPlace(m_spec, m_id);
        m_spec = unwrap(command + words("args"), m_spec, QStringLiteral("kubernetes"), place);
        if (!m_spec.argv.isEmpty())
            m_spec.script.clear();
    }

    const std::vector<YamlNode> &m_documents;
    const YamlNode &m_root;
    bool m_isJob;
    const YamlNode *m_pod = nullptr, *m_container = nullptr;
    QString m_id;
    JobSpec m_spec;
    QStringList m_notes;
};

} // namespace

Result<KubePlace> findKubeJob(const std::vector<YamlNode> &documents)
{
    QStringList kinds;
    for (std::size_t i = 0; i < documents.size(); ++i) {
        const auto *kind = documents[i].find("kind");
        if (!kind || !kind->isScalar())
            continue;
        if (kind->text == "Job" || kind->text == "Pod")
            return KubePlace{int(i), kind->text == "Job"};
        kinds << kind->string().left(64);
    }
    return fail({ErrorKind::BadInput, QStringLiteral("kubernetes"),
        kinds.isEmpty()
            ? tr("This is no manifest: it has no “kind”.")
            : tr("There is no Job or Pod in it, only %1.").arg(kinds.join(QStringLiteral(", "))),
        {}, {}});
}

Result<KubernetesImport> readKubernetes(const QByteArray &text)
{
    const auto documents = readYaml(text);
    if (!documents)
        return fail(documents.error());
    const auto place = findKubeJob(*documents);
    if (!place)
        return fail(place.error());
    return ManifestReader(*documents, *place).read();
}

} // namespace pilothouse
