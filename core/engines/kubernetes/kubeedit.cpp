// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/kubernetes/kubefields.h"
#include "core/engines/kubernetes/kubenames.h"
#include "core/engines/kubernetes/kuberead.h"
#include "core/engines/kubernetes/render.h"
#include "core/yaml/yamlwrite.h"

#include <QCoreApplication>
#include <QMap>

namespace pilothouse {

namespace {

/// One text on its way from one form to the next.
class ManifestEditor {
public:
    ManifestEditor(YamlEditor editor, KubePlace place)
        : m_editor(std::move(editor))
        , m_place(place)
    {
    }

    void put(const YamlPath &path, const std::optional<YamlNode> &value)
    {
        const auto done = value ? m_editor.put(m_place.document, path, *value)
                                : m_editor.remove(m_place.document, path);
        if (!done)
            m_notes << done.error().message;
    }

    /// Puts, replaces or takes out the variable that `one` (or `name`) is.
    void putVariable(const QByteArray &name, const YamlNode *one)
    {
        const YamlPath env = kubeContainerPath(m_place.isJob) + YamlPath{QByteArray("env")};
        const auto *list = m_editor.find(m_place.document, env);
        int at = 0;
        for (; list && std::size_t(at) < list->items.size(); ++at) {
            const auto *other = list->items[std::size_t(at)].find("name");
            if (other && other->text == name)
                break;
        }
        const bool there = list && std::size_t(at) < list->items.size();
        if (!one) {
            if (there)
                put(env + YamlPath{at}, std::nullopt);
            return;
        }
        const auto *value = one->find("value");
        const bool simple = there && value && list->items[std::size_t(at)].find("value");
        if (simple)
            put(env + YamlPath{at, QByteArray("value")}, *value);
        else
            put(env + YamlPath{at}, *one);
    }

    /// The script in its ConfigMap.
    void putScript(const QByteArray &script)
    {
        const YamlPath path{QByteArray("data"), QByteArray("script")};
        const YamlNode value = yamlBytes(script);
        for (int i = 0; std::size_t(i) < m_editor.documents().size(); ++i) {
            if (!m_editor.find(i, path) || value.tag != "!")
                continue;
            if (const auto done = m_editor.put(i, path, value); !done)
                m_notes << done.error().message;
            return;
        }
        m_notes << QCoreApplication::translate(
            "kubernetes", "script: there is no ConfigMap in the text that could hold it.");
    }

    /// The Service and ConfigMap that belong to the job go where it goes.
    void putCompanions(const std::optional<YamlNode> &space)
    {
        const YamlPath metadata{QByteArray("metadata")};
        const YamlPath label = metadata + YamlPath{QByteArray("labels"), QByteArray(jobIdLabel)};
        for (int i = 0; std::size_t(i) < m_editor.documents().size(); ++i) {
            if (i == m_place.document || !m_editor.find(i, label))
                continue;
            const YamlPath path = metadata + YamlPath{QByteArray("namespace")};
            const auto done = space ? m_editor.put(i, path, *space) : m_editor.remove(i, path);
            if (!done)
                m_notes << done.error().message;
        }
    }

    KubernetesEdit result() const { return {m_editor.text(), m_notes}; }

private:
    YamlEditor m_editor;
    KubePlace m_place;
    QStringList m_notes;
};

bool same(const std::optional<YamlNode> &a, const std::optional<YamlNode> &b)
{
    return a.has_value() == b.has_value() && (!a || sameYaml(*a, *b));
}

QMap<QByteArray, YamlNode> byName(const QList<YamlNode> &env)
{
    QMap<QByteArray, YamlNode> map;
    for (const auto &one : env)
        map.insert(one.find("name")->text, one);
    return map;
}

} // namespace

static void editEnv(ManifestEditor &editor, const JobSpec &before, const JobSpec &after)
{
    const auto old = byName(kubernetesEnv(before)), now = byName(kubernetesEnv(after));
    for (auto it = old.begin(); it != old.end(); ++it) {
        if (!now.contains(it.key()))
            editor.putVariable(it.key(), nullptr);
    }
    for (auto it = now.begin(); it != now.end(); ++it) {
        if (!old.contains(it.key()) || !sameYaml(old[it.key()], it.value()))
            editor.putVariable(it.key(), &it.value());
    }
}

Result<KubernetesEdit> editKubernetes(
    const QByteArray &text, const JobSpec &before, const JobSpec &after)
{
    auto opened = YamlEditor::open(text);
    if (!opened)
        return fail(opened.error());
    const auto place = findKubeJob(opened->documents());
    if (!place)
        return fail(place.error());
    const auto &root = opened->documents()[std::size_t(place->document)];
    const auto *label = root.find({"metadata", "labels", jobIdLabel});
    const QString id = label ? label->string() : QString();
    const auto old = kubernetesFields(before, id, place->isJob);
    const auto now = kubernetesFields(after, id, place->isJob);
    if (!old || !now)
        return fail(old ? now.error() : old.error());
    ManifestEditor editor(std::move(*opened), *place);
    for (const auto &field : *now) {
        const auto was = std::find_if(
            old->begin(), old->end(), [&](const KubeField &one) { return one.path == field.path; });
        if (!field.edited || (was != old->end() && same(was->value, field.value)))
            continue;
        editor.put(field.path, field.value);
        const YamlPath args = kubeContainerPath(place->isJob) + YamlPath{QByteArray("args")};
        if (field.path.last() == YamlPath::value_type(QByteArray("namespace")))
            editor.putCompanions(field.value);
        if (field.path.last() == YamlPath::value_type(QByteArray("command")))
            editor.put(args, std::nullopt); // they are in the command now
    }
    editEnv(editor, before, after);
    if (before.script != after.script)
        editor.putScript(after.script);
    return editor.result();
}

} // namespace pilothouse
