// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/yaml/yamlsplice.h"

#include "core/yaml/yamlends.h"
#include "core/yaml/yamlwrite.h"

#include <QHash>

namespace pilothouse {

static qsizetype lineStart(const QByteArray &text, qsizetype at)
{
    return at == 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
}

static qsizetype lineEnd(const QByteArray &text, qsizetype at)
{
    const auto end = text.indexOf('\n', at);
    return end < 0 ? text.size() : end;
}

static int column(const QByteArray &text, qsizetype at)
{
    return int(at - lineStart(text, at));
}

static QByteArray spliced(
    const QByteArray &text, qsizetype from, qsizetype to, const QByteArray &with)
{
    return text.left(from) + with + text.mid(to);
}

bool sameMeaning(const YamlNode &a, const YamlNode &b)
{
    if (a.kind != b.kind || a.items.size() != b.items.size())
        return false;
    if (a.isSequence()) {
        for (std::size_t i = 0; i < a.items.size(); ++i) {
            if (!sameMeaning(a.items[i], b.items[i]))
                return false;
        }
        return true;
    }
    if (!a.isMap())
        return sameYaml(a, b);
    QHash<QByteArray, const YamlNode *> others;
    for (std::size_t i = 0; i < b.keys.size(); ++i)
        others.insert(b.keys[i].text, &b.items[i]);
    for (std::size_t i = 0; i < a.keys.size(); ++i) {
        const auto *other = others.value(a.keys[i].text);
        if (!other || !sameMeaning(a.items[i], *other))
            return false;
    }
    return true;
}

/// Behind the colon of the key that belongs to `item`; -1 when it cannot be seen.
static qsizetype behindColon(const QByteArray &text, const YamlNode &key)
{
    const auto end = yamlEnd(text, key);
    const auto colon = end ? text.indexOf(':', *end) : -1;
    return colon >= 0 && text.mid(*end, colon - *end).trimmed().isEmpty() ? colon + 1 : -1;
}

std::vector<QByteArray> replaceInYaml(
    const QByteArray &text, const YamlSpot &spot, const YamlNode &value)
{
    const auto end = yamlEnd(text, *spot.node);
    if (!end || !spot.parent)
        return {};
    std::vector<QByteArray> texts;
    const bool scalars = spot.node->isScalar() && value.isScalar();
    if (scalars || spot.parent->flow)
        texts.push_back(spliced(text, spot.node->at, *end, yamlInFlow(value)));
    if (spot.parent->flow)
        return texts;
    if (spot.parent->isSequence()) {
        const auto written = yamlBehindDash(value, column(text, spot.node->at));
        texts.insert(texts.begin(), spliced(text, spot.node->at, *end, written));
        return texts;
    }
    const auto &key = spot.parent->keys[std::size_t(spot.node - spot.parent->items.data())];
    const auto from = behindColon(text, key);
    if (from < 0)
        return texts;
    // Nothing behind the colon: yaml-cpp says that it stands where the next thing is.
    const bool nothing = spot.node->isNull() && *end == spot.node->at;
    const auto written = yamlBehindKey(value, column(text, key.at));
    const auto general = spliced(text, from, nothing ? from : *end, written);
    // Text of several lines reads best as a block.
    texts.insert(written.contains('\n') ? texts.begin() : texts.end(), general);
    return texts;
}

/// Behind an opening bracket.
static QByteArray addedInFlow(
    const QByteArray &text, const YamlNode &collection, const QByteArray &written, bool first)
{
    if (first)
        return spliced(text, collection.at + 1, collection.at + 1, written + ", ");
    const auto last = yamlEnd(text, collection.items.back());
    return last ? spliced(text, *last, *last, ", " + written) : text;
}

std::vector<QByteArray> addToYamlMap(
    const QByteArray &text, const YamlNode &map, const QByteArray &key, const YamlNode &value)
{
    if (!map.isMap() || map.aliased || map.items.empty())
        return {};
    const QByteArray name = yamlScalar(QString::fromUtf8(key));
    if (map.flow)
        return {addedInFlow(text, map, name + ": " + yamlInFlow(value), false),
            addedInFlow(text, map, name + ": " + yamlInFlow(value), true)};
    const auto first = map.keys.front().at;
    const int indent = column(text, first);
    const QByteArray written = name + ':' + yamlBehindKey(value, indent);
    std::vector<QByteArray> texts;
    if (const auto last = yamlEnd(text, map.items.back())) {
        const auto end = lineEnd(text, *last);
        texts.push_back(spliced(text, end, end, '\n' + QByteArray(indent, ' ') + written));
    }
    texts.push_back(spliced(text, first, first, written + '\n' + QByteArray(indent, ' ')));
    return texts;
}

std::vector<QByteArray> addToYamlSequence(
    const QByteArray &text, const YamlNode &sequence, const YamlNode &value)
{
    if (!sequence.isSequence() || sequence.aliased || sequence.items.empty())
        return {};
    if (sequence.flow)
        return {addedInFlow(text, sequence, yamlInFlow(value), false)};
    const auto last = yamlEnd(text, sequence.items.back());
    if (!last)
        return {};
    const auto end = lineEnd(text, *last);
    const int indent = column(text, sequence.at);
    return {spliced(
        text, end, end, '\n' + QByteArray(indent, ' ') + "- " + yamlBehindDash(value, indent + 2))};
}

std::vector<QByteArray> removeFromYaml(
    const QByteArray &text, const YamlNode &parent, std::size_t index)
{
    const auto end = yamlEnd(text, parent.items[index]);
    if (!end || parent.aliased)
        return {};
    const auto begin
        = [&](std::size_t i) { return parent.isMap() ? parent.keys[i].at : parent.items[i].at; };
    std::vector<QByteArray> texts;
    const auto next = index + 1 < parent.items.size() ? begin(index + 1) : qsizetype(-1);
    if (!parent.flow) {
        const auto from = lineStart(text, begin(index));
        const QByteArray before = text.mid(from, begin(index) - from).trimmed();
        if (before.isEmpty() || (parent.isSequence() && before == "-"))
            texts.push_back(spliced(text, from, lineEnd(text, *end) + 1, {}));
    }
    if (next >= 0)
        texts.push_back(spliced(text, begin(index), next, {}));
    else if (const auto last = yamlEnd(text, parent.items[index - 1]))
        texts.push_back(spliced(text, *last, *end, {}));
    return texts;
}

} // namespace pilothouse
