// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/nearest.h"
#include "core/jobs/specyaml.h"
#include "core/jobs/specyamlvalues.h"
#include "core/yaml/yamlread.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace pilothouse {

static QString tr(const char *text)
{
    return QCoreApplication::translate("jobs", text);
}

namespace {

struct Key {
    const char *name;
    SpecComplaints (*take)(const YamlNode &node, JobSpec &spec);
};

template <QString JobSpec::*member> SpecComplaints text(const YamlNode &node, JobSpec &spec)
{
    return takeText(node, spec.*member);
}
template <int JobSpec::*member> SpecComplaints number(const YamlNode &node, JobSpec &spec)
{
    return takeNumber(node, spec.*member);
}

SpecComplaints takePriority(const YamlNode &node, JobSpec &spec)
{
    return takeNumber(node, spec.priority.emplace());
}

constexpr std::array keys{Key{"name", &text<&JobSpec::name>}, Key{"command", &takeCommand},
    Key{"entrypoint", &takeEntrypoint},
    Key{"script", [](const YamlNode &node, JobSpec &spec) { return takeBytes(node, spec.script); }},
    Key{"interpreter", &text<&JobSpec::interpreter>}, Key{"folder", &text<&JobSpec::folder>},
    Key{"image", &text<&JobSpec::image>}, Key{"starter", &text<&JobSpec::starter>},
    Key{"nodes", &number<&JobSpec::nodes>}, Key{"gpus", &number<&JobSpec::gpus>},
    Key{"gpu_type", &text<&JobSpec::gpuType>},
    Key{"gpu_uuids",
        [](const YamlNode &node, JobSpec &spec) { return takeWords(node, spec.gpuUuids); }},
    Key{"tasks", &number<&JobSpec::tasksPerNode>}, Key{"cpus", &number<&JobSpec::cpusPerTask>},
    Key{"memory", &takeMemory}, Key{"time", &takeTime}, Key{"environment", &takeEnvironment},
    Key{"secrets", &takeSecrets}, Key{"array", &text<&JobSpec::array>}, Key{"after", &takeAfter},
    Key{"retries", &number<&JobSpec::retries>}, Key{"resume", &text<&JobSpec::checkpoints>},
    Key{"account", &text<&JobSpec::account>}, Key{"queue", &text<&JobSpec::queue>},
    Key{"qos", &text<&JobSpec::qos>}, Key{"priority", &takePriority},
    Key{"texts", &takeEngineTexts}};

SpecComplaint unknownKey(const YamlNode &key)
{
    QStringList names;
    for (const auto &one : keys)
        names << QLatin1String(one.name);
    const QString name = key.string().left(64);
    const QString nearest = key.isScalar() ? nearestName(name, names) : QString();
    return aboutSpec(key,
        nearest.isEmpty() ? tr("“%1” is no key of a job.").arg(name)
                          : tr("“%1” is no key of a job; is it “%2”?").arg(name, nearest));
}

} // namespace

static SpecComplaints takeSpec(const YamlNode &root, JobSpec &spec)
{
    if (!root.isMap())
        return aboutSpec(root, tr("“key: value” lines are expected."));
    const YamlNode *run = nullptr; // what is run
    for (std::size_t i = 0; i < root.keys.size(); ++i) {
        const auto &key = root.keys[i];
        const auto *known = std::find_if(keys.begin(), keys.end(),
            [&](const Key &one) { return key.isScalar() && key.text == one.name; });
        if (known == keys.end())
            return unknownKey(key);
        if (key.text == "command" || key.text == "entrypoint" || key.text == "script") {
            if (run)
                return aboutSpec(key,
                    tr("“%1” is there already; a job is one of command, entrypoint and "
                       "script.")
                        .arg(run->string()));
            run = &key;
        }
        if (const auto bad = known->take(root.items[i], spec))
            return bad;
    }
    return {};
}

Result<JobSpec> specFromYaml(const QByteArray &text)
{
    const auto documents = readYaml(text);
    if (!documents)
        return fail(documents.error());
    if (documents->size() != 1)
        return fail(yamlError(text, documents->size() > 1 ? (*documents)[1].at : 0,
            tr("One job is expected, in one document.")));
    JobSpec spec;
    if (const auto bad = takeSpec(documents->front(), spec))
        return fail(yamlError(text, bad->at, bad->message));
    return spec;
}

} // namespace pilothouse
