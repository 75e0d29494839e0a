// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/yaml/yamlnode.h"

#include <optional>

namespace pilothouse {

/// One scalar on one line: as it stands, or in double quotes with JSON's escapes where a reader of
/// YAML 1.1 or 1.2 could take it for something else. Control characters, NUL too, are escaped.
QByteArray yamlScalar(const YamlNode &node);
QByteArray yamlScalar(const QString &text);

/// A document without "---", ending in a newline. Texts of several lines stand as they are ("|")
/// where YAML keeps every byte of them so, lists in brackets where they are short.
QByteArray writeYaml(const YamlNode &root);

/// What stands behind "key:" when the key begins at column `indent` (from 0): " value", or a
/// newline and the lines of a collection. Without the last newline.
QByteArray yamlBehindKey(const YamlNode &value, int indent);

/// The same for an element of a sequence whose text begins at column `column`, behind its "- ".
QByteArray yamlBehindDash(const YamlNode &value, int column);
/// On one line, between brackets if it is a collection.
QByteArray yamlInFlow(const YamlNode &value);

/// Bytes as a node: text, or base64 under "!!binary" when they are no UTF-8 text.
YamlNode yamlBytes(const QByteArray &bytes);
/// Of such a node, or any scalar. Nothing when it is no base64.
std::optional<QByteArray> bytesOfYaml(const YamlNode &node);

} // namespace pilothouse
