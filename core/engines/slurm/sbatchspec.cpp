// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/slurm/sbatchspec.h"

#include "core/engines/slurm/slurmvalues.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace pilothouse {

using When = JobDependency::When;

static constexpr std::array dependencies{std::pair{When::Succeeded, "afterok"},
    std::pair{When::Failed, "afternotok"}, std::pair{When::Ended, "afterany"},
    std::pair{When::Started, "after"}};

static QList<JobDependency> importDependency(const QString &text)
{
    QList<JobDependency> after;
    for (const QString &part : text.split(u',', Qt::SkipEmptyParts)) {
        const QStringList words = part.split(u':');
        for (const auto &[when, name] : dependencies) {
            if (words[0] != QLatin1String(name))
                continue;
            for (const QString &job : words.mid(1))
                after << JobDependency{when, job.section(u'+', 0, 0)};
        }
    }
    return after;
}

std::optional<QString> slurmDependency(
    const QList<JobDependency> &after, const QHash<QString, QString> &natives)
{
    QStringList parts;
    for (const auto &one : after) {
        QString number = natives.value(one.job, one.job);
        const bool is = std::all_of(number.begin(), number.end(),
            [](QChar c) { return (c >= u'0' && c <= u'9') || c == u'_'; });
        if (number.isEmpty() || !is)
            return std::nullopt;
        for (const auto &[when, name] : dependencies) {
            if (when == one.when)
                parts << QString::fromLatin1(name) + u':' + number;
        }
    }
    return parts.join(u',');
}

static int number(const SbatchScript &script, const char *name, int otherwise)
{
    bool ok = false;
    const QString text = script.value(QString::fromLatin1(name)).value_or(QString());
    const int value = text.section(u'-', 0, 0).toInt(&ok); // "2-4": at least two
    return ok && value >= 0 ? value : otherwise;
}

static QString word(const SbatchScript &script, const char *name)
{
    return script.value(QString::fromLatin1(name)).value_or(QString());
}

/// The type and number of "h100:8", "8".
static SlurmGpus plainGpus(const QString &text)
{
    const auto gpus = slurmGpus(QStringLiteral("gpu:") + text);
    return gpus.isEmpty() ? SlurmGpus() : gpus.front();
}

static SlurmGpus importGpus(const SbatchScript &script, int nodes)
{
    if (script.has(QStringLiteral("gpus-per-node")))
        return plainGpus(word(script, "gpus-per-node"));
    if (script.has(QStringLiteral("gpus"))) {
        SlurmGpus gpus = plainGpus(word(script, "gpus"));
        gpus.count = (gpus.count + nodes - 1) / nodes;
        return gpus;
    }
    const auto gpus = slurmGpus(word(script, "gres"));
    return gpus.isEmpty() ? SlurmGpus() : gpus.front();
}

static JobSpec importDirectives(const SbatchScript &script)
{
    JobSpec spec;
    spec.name = word(script, "job-name");
    spec.folder = word(script, "chdir");
    spec.nodes = std::max(1, number(script, "nodes", 1));
    const int tasks = number(script, "ntasks", 0);
    spec.tasksPerNode = std::max(1, number(script, "ntasks-per-node", tasks / spec.nodes));
    spec.cpusPerTask = number(script, "cpus-per-task", 0);
    const SlurmGpus gpus = importGpus(script, spec.nodes);
    spec.gpus = gpus.count;
    spec.gpuType = gpus.type;
    spec.memoryBytes = slurmBytes(word(script, "mem")).value_or(0);
    spec.timeLimitSeconds = slurmSeconds(word(script, "time")).value_or(0);
    spec.array = word(script, "array");
    spec.after = importDependency(word(script, "dependency"));
    spec.account = word(script, "account");
    spec.queue = word(script, "partition");
    spec.qos = word(script, "qos");
    if (script.has(QStringLiteral("priority")))
        spec.priority = number(script, "priority", 0);
    return spec;
}

JobSpec importSbatch(const QByteArray &text)
{
    JobSpec spec = importDirectives(SbatchScript(text));
    spec.script = text;
    spec.texts.insert(QStringLiteral("slurm"), text);
    return spec;
}

/// The fields that directives hold.
template <typename Take> static void forEachField(Take take)
{
    take(&JobSpec::name);
    take(&JobSpec::folder);
    take(&JobSpec::nodes);
    take(&JobSpec::tasksPerNode);
    take(&JobSpec::cpusPerTask);
    take(&JobSpec::gpus);
    take(&JobSpec::gpuType);
    take(&JobSpec::memoryBytes);
    take(&JobSpec::timeLimitSeconds);
    take(&JobSpec::array);
    take(&JobSpec::after);
    take(&JobSpec::account);
    take(&JobSpec::queue);
    take(&JobSpec::qos);
    take(&JobSpec::priority);
}

JobSpec readSbatch(const QByteArray &text, const JobSpec &base)
{
    const JobSpec says = importDirectives(SbatchScript(text));
    JobSpec spec = base;
    forEachField([&](auto field) { spec.*field = says.*field; });
    spec.texts.insert(QStringLiteral("slurm"), text);
    return spec;
}

QStringList editSbatch(SbatchScript &script, const JobSpec &before, const JobSpec &after,
    const QHash<QString, QString> &natives)
{
    JobSpec wanted = importDirectives(script);
    forEachField([&](auto field) {
        if (before.*field != after.*field)
            wanted.*field = after.*field;
    });
    QStringList notes = editSbatch(script, wanted, natives);
    if (before.argv != after.argv || before.script != after.script
        || before.environment != after.environment || before.secrets != after.secrets
        || before.image != after.image || before.starter != after.starter)
        notes << QCoreApplication::translate(
            "slurm", "What runs stands below the directives: change it there.");
    return notes;
}

namespace {

/// Sets and removes options, and notes what did not work.
class Editor {
public:
    Editor(SbatchScript &script, QStringList &notes)
        : m_script(script)
        , m_notes(notes)
    {
    }
    /// An empty value removes the option.
    void put(const char *option, const QString &value)
    {
        const QString name = QString::fromLatin1(option);
        if (value.isEmpty() ? !m_script.remove(name) : !m_script.set(name, value))
            m_notes << QCoreApplication::translate("slurm", "--%1 cannot be changed to \"%2\".")
                           .arg(name, value.left(100));
    }
    void putNumber(const char *option, int value, int nothing)
    {
        put(option, value == nothing ? QString() : QString::number(value));
    }
    void putGpus(const JobSpec &spec)
    {
        const QString type = spec.gpuType.isEmpty() ? QString() : spec.gpuType + u':';
        const QString none;
        if (m_script.has(QStringLiteral("gpus-per-node"))) {
            put("gpus-per-node", spec.gpus > 0 ? type + QString::number(spec.gpus) : none);
        } else if (m_script.has(QStringLiteral("gpus"))) {
            put("gpus", spec.gpus > 0 ? type + QString::number(spec.gpus * spec.nodes) : none);
        } else {
            QStringList parts = slurmList(word(m_script, "gres"));
            parts.removeIf([](const QString &part) { return !slurmGpus(part).isEmpty(); });
            if (spec.gpus > 0)
                parts.prepend(QStringLiteral("gpu:") + type + QString::number(spec.gpus));
            put("gres", parts.join(u','));
        }
    }

private:
    SbatchScript &m_script;
    QStringList &m_notes;
};

} // namespace

QStringList editSbatch(
    SbatchScript &script, const JobSpec &spec, const QHash<QString, QString> &natives)
{
    QStringList notes;
    Editor editor(script, notes);
    const JobSpec is = importDirectives(script);
    if (is.name != spec.name)
        editor.put("job-name", spec.name);
    if (is.folder != spec.folder)
        editor.put("chdir", spec.folder);
    if (is.nodes != spec.nodes)
        editor.putNumber("nodes", spec.nodes, 0);
    if (is.tasksPerNode != spec.tasksPerNode) {
        if (script.has(QStringLiteral("ntasks")))
            editor.putNumber("ntasks", spec.tasksPerNode * spec.nodes, 0);
        else
            editor.putNumber("ntasks-per-node", spec.tasksPerNode, 1);
    }
    if (is.cpusPerTask != spec.cpusPerTask)
        editor.putNumber("cpus-per-task", spec.cpusPerTask, 0);
    if (is.gpus != spec.gpus || is.gpuType != spec.gpuType
        || (is.nodes != spec.nodes && script.has(QStringLiteral("gpus"))))
        editor.putGpus(spec);
    if (is.memoryBytes != spec.memoryBytes) {
        const quint64 mebibytes = (spec.memoryBytes + (1 << 20) - 1) >> 20;
        editor.put("mem", mebibytes > 0 ? QString::number(mebibytes) + u'M' : QString());
    }
    if (is.timeLimitSeconds != spec.timeLimitSeconds)
        editor.put(
            "time", spec.timeLimitSeconds > 0 ? slurmTime(spec.timeLimitSeconds) : QString());
    if (is.array != spec.array)
        editor.put("array", spec.array);
    const auto dependency = slurmDependency(spec.after, natives);
    if (!dependency)
        notes << QCoreApplication::translate(
            "slurm", "It is to wait for a job that this cluster does not know.");
    else if (slurmDependency(is.after, {}) != dependency)
        editor.put("dependency", *dependency);
    if (is.account != spec.account)
        editor.put("account", spec.account);
    if (is.queue != spec.queue)
        editor.put("partition", spec.queue);
    if (is.qos != spec.qos)
        editor.put("qos", spec.qos);
    if (is.priority != spec.priority)
        editor.put("priority", spec.priority ? QString::number(*spec.priority) : QString());
    return notes;
}

} // namespace pilothouse
