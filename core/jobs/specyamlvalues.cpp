// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/specyamlvalues.h"

#include "core/base/shellwords.h"
#include "core/jobs/specvalues.h"
#include "core/yaml/yamlwrite.h"

#include <QCoreApplication>

#include <algorithm>

namespace pilothouse {

static QString tr(const char *text)
{
    return QCoreApplication::translate("jobs", text);
}

SpecComplaint aboutSpec(const YamlNode &node, const QString &message)
{
    return {node.at, message};
}

SpecComplaints takeText(const YamlNode &node, QString &to)
{
    if (!node.isScalar() && !node.isNull())
        return aboutSpec(node, tr("A text is expected here."));
    to = node.string();
    return {};
}

SpecComplaints takeNumber(const YamlNode &node, int &to)
{
    bool good = false;
    const int number = node.text.toInt(&good);
    if (!node.isScalar() || !good)
        return aboutSpec(node, tr("A whole number is expected here."));
    to = number;
    return {};
}

SpecComplaints takeWords(const YamlNode &node, QStringList &to)
{
    if (!node.isSequence())
        return aboutSpec(node, tr("A list of texts is expected here."));
    for (const auto &item : node.items) {
        QString word;
        if (const auto bad = takeText(item, word))
            return bad;
        to << word;
    }
    return {};
}

/// A list is taken as it is; a line has to be one that a shell would only split.
SpecComplaints takeCommand(const YamlNode &node, JobSpec &spec)
{
    if (!node.isScalar())
        return takeWords(node, spec.argv);
    const auto words = splitLikeShell(node.string());
    if (!words)
        return aboutSpec(node,
            tr("Only a shell can run this line: call it “entrypoint”, or make it a list of "
               "words."));
    spec.argv = *words;
    return {};
}

SpecComplaints takeEntrypoint(const YamlNode &node, JobSpec &spec)
{
    QString line;
    const auto bad = takeText(node, line);
    spec.argv = QStringList{QStringLiteral("/bin/sh"), QStringLiteral("-c"), line};
    return bad;
}

SpecComplaints takeBytes(const YamlNode &node, QByteArray &to)
{
    const auto bytes = node.isScalar() ? bytesOfYaml(node) : std::nullopt;
    if (!bytes)
        return aboutSpec(node, tr("A text is expected here."));
    to = *bytes;
    return {};
}

SpecComplaints takeMemory(const YamlNode &node, JobSpec &spec)
{
    const auto bytes = memoryFromText(node.string());
    if (!node.isScalar() || !bytes)
        return aboutSpec(node, tr("An amount of memory is expected here, such as “64Gi”."));
    spec.memoryBytes = *bytes;
    return {};
}

SpecComplaints takeTime(const YamlNode &node, JobSpec &spec)
{
    const auto seconds = durationFromText(node.string());
    if (!node.isScalar() || !seconds)
        return aboutSpec(
            node, tr("A time is expected here, such as “24h”, “90m” or “1-00:00:00”."));
    spec.timeLimitSeconds = *seconds;
    return {};
}

SpecComplaints takeEnvironment(const YamlNode &node, JobSpec &spec)
{
    if (!node.isMap())
        return aboutSpec(node, tr("“NAME: value” lines are expected here."));
    for (std::size_t i = 0; i < node.keys.size(); ++i) {
        QString name, value;
        if (const auto bad = takeText(node.keys[i], name))
            return bad;
        if (const auto bad = takeText(node.items[i], value))
            return bad;
        spec.environment.insert(name, value);
    }
    return {};
}

/// Keys of a small map, each a text.
static SpecComplaints takeTexts(const YamlNode &node,
    std::initializer_list<std::pair<const char *, QString *>> known, const QString &expected)
{
    if (!node.isMap())
        return aboutSpec(node, expected);
    for (std::size_t i = 0; i < node.keys.size(); ++i) {
        const auto *to = std::find_if(known.begin(), known.end(),
            [&](const auto &one) { return node.keys[i].text == one.first; });
        if (to == known.end())
            return aboutSpec(node.keys[i], expected);
        if (const auto bad = takeText(node.items[i], *to->second))
            return bad;
    }
    return {};
}

SpecComplaints takeSecrets(const YamlNode &node, JobSpec &spec)
{
    if (!node.isMap())
        return aboutSpec(node, tr("“VARIABLE: {file: ...}” lines are expected here."));
    for (std::size_t i = 0; i < node.keys.size(); ++i) {
        SecretRef secret;
        if (const auto bad = takeText(node.keys[i], secret.variable))
            return bad;
        if (const auto bad = takeTexts(node.items[i],
                {{"file", &secret.file}, {"secret", &secret.secret}, {"key", &secret.key}},
                tr("A secret is {file: ...} or {secret: ..., key: ...}; its value never stands "
                   "here.")))
            return bad;
        spec.secrets << secret;
    }
    return {};
}

SpecComplaints takeAfter(const YamlNode &node, JobSpec &spec)
{
    const YamlNode *const begin = node.isSequence() ? node.items.data() : &node;
    const std::size_t count = node.isSequence() ? node.items.size() : 1;
    for (std::size_t i = 0; i < count; ++i) {
        JobDependency dependency;
        QString when = QStringLiteral("succeeded");
        const auto bad = begin[i].isScalar()
            ? takeText(begin[i], dependency.job)
            : takeTexts(begin[i], {{"job", &dependency.job}, {"when", &when}},
                tr("A job's id, or {job: ID, when: ...}, is expected here."));
        if (bad)
            return bad;
        const auto known = dependencyFromName(when);
        if (!known)
            return aboutSpec(begin[i], tr("“when” is succeeded, failed, ended or started."));
        dependency.when = *known;
        spec.after << dependency;
    }
    return {};
}

SpecComplaints takeEngineTexts(const YamlNode &node, JobSpec &spec)
{
    if (!node.isMap())
        return aboutSpec(node, tr("“ENGINE: text” lines are expected here."));
    for (std::size_t i = 0; i < node.keys.size(); ++i) {
        QByteArray bytes;
        if (const auto bad = takeBytes(node.items[i], bytes))
            return bad;
        spec.texts.insert(node.keys[i].string(), bytes);
    }
    return {};
}

} // namespace pilothouse
