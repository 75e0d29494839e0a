// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/specyaml.h"

#include "core/jobs/specvalues.h"
#include "core/yaml/yamlwrite.h"

namespace pilothouse {

static YamlNode wordList(const QStringList &words)
{
    YamlNode list = YamlNode::sequence();
    list.flow = true;
    for (const auto &word : words)
        list.add(YamlNode::string(word));
    return list;
}

static YamlNode secretsNode(const JobSpec &spec)
{
    YamlNode all = YamlNode::map();
    for (const auto &secret : spec.secrets) {
        YamlNode one = YamlNode::map();
        if (!secret.file.isEmpty())
            one.put(QStringLiteral("file"), YamlNode::string(secret.file));
        if (!secret.secret.isEmpty())
            one.put(QStringLiteral("secret"), YamlNode::string(secret.secret));
        if (!secret.key.isEmpty())
            one.put(QStringLiteral("key"), YamlNode::string(secret.key));
        all.put(secret.variable, std::move(one));
    }
    return all;
}

static YamlNode afterNode(const JobSpec &spec)
{
    YamlNode list = YamlNode::sequence();
    for (const auto &dependency : spec.after) {
        if (dependency.when == JobDependency::When::Succeeded) {
            list.add(YamlNode::string(dependency.job));
            continue;
        }
        YamlNode one = YamlNode::map();
        one.put(QStringLiteral("job"), YamlNode::string(dependency.job));
        one.put(QStringLiteral("when"), YamlNode::string(dependencyName(dependency.when)));
        list.add(std::move(one));
    }
    return list;
}

namespace {

/// Writes what is not at its default.
struct SpecWriter {
    YamlNode root = YamlNode::map();

    void text(const char *key, const QString &value)
    {
        if (!value.isEmpty())
            root.put(QLatin1String(key), YamlNode::string(value));
    }
    void number(const char *key, int value, int usual = 0)
    {
        if (value != usual)
            root.put(QLatin1String(key), YamlNode::number(value));
    }
    void node(const char *key, YamlNode value)
    {
        if (!value.items.empty())
            root.put(QLatin1String(key), std::move(value));
    }
};

} // namespace

static void writeCommand(SpecWriter &out, const JobSpec &spec)
{
    const bool line = spec.argv.size() == 3 && spec.argv[0] == QLatin1String("/bin/sh")
        && spec.argv[1] == QLatin1String("-c");
    if (line)
        out.root.put(QStringLiteral("entrypoint"), YamlNode::string(spec.argv[2]));
    else if (!spec.argv.isEmpty())
        out.node("command", wordList(spec.argv));
    if (!spec.script.isEmpty())
        out.root.put(QStringLiteral("script"), yamlBytes(spec.script));
    out.text("interpreter", spec.interpreter);
}

QByteArray specToYaml(const JobSpec &spec)
{
    SpecWriter out;
    out.text("name", spec.name);
    writeCommand(out, spec);
    out.text("folder", spec.folder);
    out.text("image", spec.image);
    out.text("starter", spec.starter);
    out.number("nodes", spec.nodes, 1);
    out.number("gpus", spec.gpus);
    out.text("gpu_type", spec.gpuType);
    out.node("gpu_uuids", wordList(spec.gpuUuids));
    out.number("tasks", spec.tasksPerNode, 1);
    out.number("cpus", spec.cpusPerTask);
    out.text("memory", spec.memoryBytes == 0 ? QString() : memoryText(spec.memoryBytes));
    out.text("time", spec.timeLimitSeconds == 0 ? QString() : durationText(spec.timeLimitSeconds));
    YamlNode environment = YamlNode::map();
    for (auto it = spec.environment.begin(); it != spec.environment.end(); ++it)
        environment.put(it.key(), YamlNode::string(it.value()));
    out.node("environment", std::move(environment));
    out.node("secrets", secretsNode(spec));
    out.text("array", spec.array);
    out.node("after", afterNode(spec));
    out.number("retries", spec.retries);
    out.text("resume", spec.checkpoints);
    out.text("account", spec.account);
    out.text("queue", spec.queue);
    out.text("qos", spec.qos);
    if (spec.priority)
        out.root.put(QStringLiteral("priority"), YamlNode::number(*spec.priority));
    YamlNode texts = YamlNode::map();
    for (auto it = spec.texts.begin(); it != spec.texts.end(); ++it)
        texts.put(it.key(), yamlBytes(it.value()));
    out.node("texts", std::move(texts));
    return writeYaml(out.root);
}

} // namespace pilothouse
