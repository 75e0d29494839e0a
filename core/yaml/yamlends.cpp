// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/yaml/yamlends.h"

namespace pilothouse {

/// The same, behind blanks.
static qsizetype skipBlanks(const QByteArray &text, qsizetype at)
{
    while (at < text.size() && (text[at] == ' ' || text[at] == '\t'))
        ++at;
    return at;
}

/// Behind an anchor, an alias or a tag.
static qsizetype wordEnd(const QByteArray &text, qsizetype at)
{
    while (at < text.size() && !QByteArrayView(" \t\r\n,]}").contains(text[at]))
        ++at;
    return at;
}

/// Behind "&anchor" and "!tag"; at a value on a later line too.
static qsizetype skipProperties(const QByteArray &text, qsizetype at)
{
    while (at < text.size() && (text[at] == '&' || text[at] == '!')) {
        at = wordEnd(text, at);
        while (at < text.size() && QByteArrayView(" \t\r\n").contains(text[at]))
            ++at;
    }
    return at;
}

static std::optional<qsizetype> quotedEnd(const QByteArray &text, qsizetype at)
{
    const char quote = text[at];
    for (qsizetype i = at + 1; i < text.size(); ++i) {
        if (quote == '"' && text[i] == '\\')
            ++i;
        else if (text[i] == quote && quote == '\'' && i + 1 < text.size() && text[i + 1] == quote)
            ++i;
        else if (text[i] == quote)
            return i + 1;
    }
    return std::nullopt;
}

static qsizetype lineEnd(const QByteArray &text, qsizetype at)
{
    const auto end = text.indexOf('\n', at);
    return end < 0 ? text.size() : end;
}

/// "|" and ">": the lines that are indented like the first one that is not blank, or more.
static qsizetype blockEnd(const QByteArray &text, qsizetype at)
{
    qsizetype end = lineEnd(text, at);
    qsizetype indent = -1;
    for (qsizetype line = end + 1; line < text.size(); line = lineEnd(text, line) + 1) {
        const auto first = skipBlanks(text, line);
        if (first >= text.size() || text[first] == '\n' || text[first] == '\r')
            continue; // blank: counts only when more follows
        if (indent < 0)
            indent = first - line;
        if (first - line < indent || indent == 0)
            break;
        end = lineEnd(text, first);
    }
    return end;
}

static std::optional<qsizetype> scalarEnd(const QByteArray &text, const YamlNode &node)
{
    const auto at = skipProperties(text, node.at);
    if (at >= text.size())
        return std::nullopt;
    if (text[at] == '"' || text[at] == '\'')
        return quotedEnd(text, at);
    if (text[at] == '|' || text[at] == '>')
        return blockEnd(text, at);
    if (!QByteArrayView(text).sliced(at).startsWith(node.text))
        return std::nullopt; // plain text of several lines
    return at + node.text.size();
}

static std::optional<qsizetype> flowEnd(
    const QByteArray &text, const YamlNode &node, qsizetype lastEnd)
{
    const char close = node.isMap() ? '}' : ']';
    for (qsizetype i = lastEnd; i < text.size(); ++i) {
        if (text[i] == close)
            return i + 1;
        if (text[i] == '#')
            i = lineEnd(text, i);
        else if (!QByteArrayView(" \t\r\n,:").contains(text[i]))
            return std::nullopt;
    }
    return std::nullopt;
}

std::optional<qsizetype> yamlEnd(const QByteArray &text, const YamlNode &node)
{
    if (node.at < 0 || node.at > text.size())
        return std::nullopt;
    if (node.aliased)
        return wordEnd(text, node.at);
    if (node.isNull()) {
        for (const char *word : {"null", "Null", "NULL", "~"}) {
            if (QByteArrayView(text).sliced(node.at).startsWith(word))
                return node.at + qsizetype(qstrlen(word));
        }
        return node.at;
    }
    if (node.isScalar())
        return scalarEnd(text, node);
    if (node.items.empty() && !node.flow)
        return std::nullopt;
    if (node.items.empty())
        return flowEnd(text, node, skipProperties(text, node.at) + 1);
    const auto last = yamlEnd(text, node.items.back());
    if (!last || !node.flow)
        return last;
    return flowEnd(text, node, *last);
}

} // namespace pilothouse
