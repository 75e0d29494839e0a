// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <vector>

namespace pilothouse {

/// One value of a YAML text, read or to be written.
struct YamlNode {
    enum class Kind { Null, Scalar, Sequence, Map } kind = Kind::Null;
    QByteArray text; ///< of a scalar, UTF-8; with tag "!!binary" still as base64
    /// "?" = a plain scalar, which may be a number or a truth value; "!" = quoted, always text; or
    /// what stands in the text, in full: "tag:yaml.org,2002:binary".
    QByteArray tag;
    bool flow = false; ///< a collection in brackets, on one line when written
    bool aliased = false; ///< stands elsewhere in the text, under an anchor
    qsizetype at = 0; ///< byte offset of its first byte
    std::vector<YamlNode> keys; ///< of a map, in its order, one for each item
    std::vector<YamlNode> items; ///< of a sequence or map

    static YamlNode string(const QString &text);
    static YamlNode number(qint64 value);
    static YamlNode truth(bool value);
    static YamlNode sequence();
    static YamlNode map();

    bool isNull() const { return kind == Kind::Null; }
    bool isScalar() const { return kind == Kind::Scalar; }
    bool isSequence() const { return kind == Kind::Sequence; }
    bool isMap() const { return kind == Kind::Map; }
    /// A scalar that no reader takes for a number, a truth value or nothing.
    bool isText() const;
    QString string() const { return QString::fromUtf8(text); }

    /// Of a map; null when it has no such key, or is none.
    const YamlNode *find(const char *key) const;
    /// The node below some keys, one after the other.
    const YamlNode *find(std::initializer_list<const char *> path) const;
    void put(const QString &key, YamlNode value); ///< appends, or takes the place of one
    void add(YamlNode value); ///< of a sequence
};

/// The same values in the same order, wherever and however they stand.
bool sameYaml(const YamlNode &a, const YamlNode &b);

} // namespace pilothouse
