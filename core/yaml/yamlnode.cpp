// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/yaml/yamlnode.h"

#include <QRegularExpression>

namespace pilothouse {

YamlNode YamlNode::string(const QString &text)
{
    YamlNode node;
    node.kind = Kind::Scalar;
    node.text = text.toUtf8();
    node.tag = "!";
    return node;
}

static YamlNode plain(const QByteArray &text)
{
    YamlNode node;
    node.kind = YamlNode::Kind::Scalar;
    node.text = text;
    node.tag = "?";
    return node;
}

YamlNode YamlNode::number(qint64 value)
{
    return plain(QByteArray::number(value));
}

YamlNode YamlNode::truth(bool value)
{
    return plain(value ? "true" : "false");
}

YamlNode YamlNode::sequence()
{
    YamlNode node;
    node.kind = Kind::Sequence;
    return node;
}

YamlNode YamlNode::map()
{
    YamlNode node;
    node.kind = Kind::Map;
    return node;
}

bool YamlNode::isText() const
{
    if (kind != Kind::Scalar)
        return false;
    if (tag != "?")
        return tag != "tag:yaml.org,2002:int" && tag != "tag:yaml.org,2002:float"
            && tag != "tag:yaml.org,2002:bool" && tag != "tag:yaml.org,2002:null";
    // Words and numbers of YAML 1.1, since kubectl and PyYAML still read it so: 1:30 is sixty
    // minutes and a half, 2024-01-01 a date, "y" a truth value.
    static const QRegularExpression other(
        QStringLiteral("\\A(?:~|null|y|n|yes|no|on|off|true|false|=|<<"
                       "|[-+]?[_.]*[0-9][-+0-9_.,:a-fxo]*(?:[Tt ].*)?|[-+]?\\.(?:inf|nan))?\\z"),
        QRegularExpression::CaseInsensitiveOption);
    return !other.match(QString::fromUtf8(text)).hasMatch();
}

const YamlNode *YamlNode::find(const char *key) const
{
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (keys[i].isScalar() && keys[i].text == key)
            return &items[i];
    }
    return nullptr;
}

const YamlNode *YamlNode::find(std::initializer_list<const char *> path) const
{
    const YamlNode *node = this;
    for (const char *key : path) {
        node = node->find(key);
        if (!node)
            return nullptr;
    }
    return node;
}

void YamlNode::put(const QString &key, YamlNode value)
{
    const QByteArray name = key.toUtf8();
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (keys[i].text == name) {
            items[i] = std::move(value);
            return;
        }
    }
    keys.push_back(string(key));
    items.push_back(std::move(value));
}

void YamlNode::add(YamlNode value)
{
    items.push_back(std::move(value));
}

bool sameYaml(const YamlNode &a, const YamlNode &b)
{
    if (a.kind != b.kind || a.keys.size() != b.keys.size() || a.items.size() != b.items.size())
        return false;
    if (a.isScalar() && (a.text != b.text || a.isText() != b.isText()))
        return false;
    for (std::size_t i = 0; i < a.keys.size(); ++i) {
        if (!sameYaml(a.keys[i], b.keys[i]))
            return false;
    }
    for (std::size_t i = 0; i < a.items.size(); ++i) {
        if (!sameYaml(a.items[i], b.items[i]))
            return false;
    }
    return true;
}

} // namespace pilothouse
