// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/yaml/yamledit.h"

#include "core/yaml/yamlsplice.h"
#include "core/yaml/yamlwrite.h"

#include <QCoreApplication>

namespace pilothouse {

static QString tr(const char *text)
{
    return QCoreApplication::translate("yaml", text);
}

static QString pathText(const YamlPath &path)
{
    QStringList words;
    for (const auto &step : path) {
        const auto *key = std::get_if<QByteArray>(&step);
        words << (key ? QString::fromUtf8(*key) : QString::number(std::get<int>(step)));
    }
    return words.join(QLatin1Char('.'));
}

static auto notInPlace(const YamlPath &path)
{
    return fail({ErrorKind::Unsupported, QStringLiteral("yaml"),
        tr("%1 cannot be changed in this text without touching the rest: change it by hand.")
            .arg(pathText(path)),
        {}, {}});
}

static YamlNode *child(YamlNode &node, const YamlPath::value_type &step)
{
    if (const auto *key = std::get_if<QByteArray>(&step))
        return const_cast<YamlNode *>(node.find(key->constData()));
    const int at = std::get<int>(step);
    return node.isSequence() && at >= 0 && std::size_t(at) < node.items.size()
        ? &node.items[std::size_t(at)]
        : nullptr;
}

static const YamlNode *child(const YamlNode &node, const YamlPath::value_type &step)
{
    return child(const_cast<YamlNode &>(node), step);
}

bool putInYaml(YamlNode &root, const YamlPath &path, const YamlNode &value)
{
    YamlNode *node = &root;
    for (const auto &step : path) {
        const auto *key = std::get_if<QByteArray>(&step);
        if (node->isNull())
            node->kind = key ? YamlNode::Kind::Map : YamlNode::Kind::Sequence;
        YamlNode *next = child(*node, step);
        if (!next && key && node->isMap()) {
            node->put(QString::fromUtf8(*key), YamlNode());
            next = &node->items.back();
        } else if (!next && !key && node->isSequence()
            && std::size_t(std::get<int>(step)) == node->items.size()) {
            node->add(YamlNode());
            next = &node->items.back();
        }
        if (!next)
            return false;
        node = next;
    }
    *node = value;
    return true;
}

/// `value` inside of what is missing on the way to it.
static YamlNode wrapped(const YamlPath &missing, const YamlNode &value)
{
    YamlNode node = value;
    for (auto step = missing.rbegin(); step != missing.rend(); ++step) {
        const auto *key = std::get_if<QByteArray>(&*step);
        YamlNode outer = key ? YamlNode::map() : YamlNode::sequence();
        if (key)
            outer.put(QString::fromUtf8(*key), std::move(node));
        else
            outer.add(std::move(node));
        node = std::move(outer);
    }
    return node;
}

Result<YamlEditor> YamlEditor::open(const QByteArray &text)
{
    auto documents = readYaml(text);
    if (!documents)
        return fail(documents.error());
    YamlEditor editor;
    editor.m_text = text;
    editor.m_documents = std::move(*documents);
    return editor;
}

const YamlNode *YamlEditor::find(int document, const YamlPath &path) const
{
    if (document < 0 || std::size_t(document) >= m_documents.size())
        return nullptr;
    const YamlNode *node = &m_documents[std::size_t(document)];
    for (const auto &step : path) {
        node = child(*node, step);
        if (!node)
            return nullptr;
    }
    return node;
}

Result<> YamlEditor::accept(int document, const YamlNode &expected, const QByteArray &text)
{
    auto read = readYaml(text);
    if (!read)
        return fail(read.error());
    bool same = read->size() == m_documents.size();
    for (std::size_t i = 0; same && i < read->size(); ++i)
        same = sameMeaning((*read)[i], i == std::size_t(document) ? expected : m_documents[i]);
    if (!same)
        return fail({ErrorKind::Unsupported, QStringLiteral("yaml"), {}, {}, {}});
    m_text = text;
    m_documents = std::move(*read);
    return {};
}

Result<> YamlEditor::put(int document, const YamlPath &path, const YamlNode &value)
{
    const YamlNode *root = find(document, {});
    if (!root)
        return notInPlace(path);
    YamlNode expected = *root;
    if (path.isEmpty() || !putInYaml(expected, path, value))
        return notInPlace(path);
    if (sameMeaning(expected, *root))
        return {};
    // The deepest thing there is on the way, and how far it is.
    YamlSpot spot;
    spot.node = root;
    qsizetype depth = 0;
    for (; depth < path.size(); ++depth) {
        const YamlNode *next = spot.node->aliased ? nullptr : child(*spot.node, path[depth]);
        if (!next)
            break;
        spot = {spot.node, next};
    }
    // What is empty has no place to add to: it is written anew.
    const bool empty = spot.node->items.empty() && !spot.node->isScalar();
    std::vector<QByteArray> texts;
    if (depth == path.size() || (empty && spot.parent))
        texts = replaceInYaml(m_text, spot, wrapped(path.mid(depth), value));
    else if (const auto *key = std::get_if<QByteArray>(&path[depth]))
        texts = addToYamlMap(m_text, *spot.node, *key, wrapped(path.mid(depth + 1), value));
    else
        texts = addToYamlSequence(m_text, *spot.node, wrapped(path.mid(depth + 1), value));
    for (const auto &text : texts) {
        if (accept(document, expected, text))
            return {};
    }
    return notInPlace(path);
}

Result<> YamlEditor::remove(int document, const YamlPath &path)
{
    const YamlNode *node = find(document, path);
    if (!node || path.isEmpty())
        return {};
    const YamlPath above = path.first(path.size() - 1);
    const YamlNode *parent = find(document, above);
    if (parent->items.size() == 1) {
        return put(document, above, parent->isMap() ? YamlNode::map() : YamlNode::sequence());
    }
    const auto index = std::size_t(node - parent->items.data());
    YamlNode expected = *find(document, {});
    YamlNode *within = &expected;
    for (const auto &step : above)
        within = child(*within, step);
    within->items.erase(within->items.begin() + std::ptrdiff_t(index));
    if (within->isMap())
        within->keys.erase(within->keys.begin() + std::ptrdiff_t(index));
    const auto texts = removeFromYaml(m_text, *parent, index);
    for (const auto &text : texts) {
        if (accept(document, expected, text))
            return {};
    }
    return notInPlace(path);
}

} // namespace pilothouse
