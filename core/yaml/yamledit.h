// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/yaml/yamlread.h"

#include <QList>

#include <variant>

namespace pilothouse {

/// Keys of maps and positions in sequences, from the root down.
using YamlPath = QList<std::variant<QByteArray, int>>;

/// Puts a value into a tree, as YamlEditor::put() does; false when something else than a map or a
/// sequence is in the way.
bool putInYaml(YamlNode &root, const YamlPath &path, const YamlNode &value);

/// Changes single values in a YAML text and leaves every other byte as it is. Every edit is read
/// back: when anything but the value asked for has changed, it is refused (Unsupported) and the
/// text stays.
class YamlEditor {
public:
    static Result<YamlEditor> open(const QByteArray &text);

    const QByteArray &text() const { return m_text; }
    const std::vector<YamlNode> &documents() const { return m_documents; }
    /// Null when nothing stands there.
    const YamlNode *find(int document, const YamlPath &path) const;

    /// Puts a value there; missing maps on the way are made, and a position equal to a sequence's
    /// length appends. A scalar keeps the comment behind it; comments inside of a collection that
    /// is replaced go with it.
    Result<> put(int document, const YamlPath &path, const YamlNode &value);
    /// Takes a key or an element out, with its lines. Nothing there is fine.
    Result<> remove(int document, const YamlPath &path);

private:
    Result<> accept(int document, const YamlNode &expected, const QByteArray &text);
    QByteArray m_text;
    std::vector<YamlNode> m_documents;
};

} // namespace pilothouse
