// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/yaml/yamlwrite.h"

#include <QRegularExpression>
#include <QStringDecoder>

namespace pilothouse {

static constexpr int step = 2; // of indentation
static const QByteArray binaryTag = QByteArrayLiteral("tag:yaml.org,2002:binary");

/// Printable to every reader, and no line break to any.
static bool printable(char32_t c)
{
    return (c >= 0x20 && c < 0x7f) || c == 0x09
        || (c >= 0xa0 && c <= 0xd7ff && c != 0x2028 && c != 0x2029)
        || (c >= 0xe000 && c < 0xfffe && c != 0xfeff) || (c >= 0x10000 && c <= 0x10ffff);
}

static QByteArray doubleQuoted(const QString &text)
{
    QByteArray out = "\"";
    const auto points = text.toUcs4();
    for (const uint c : points) {
        if (c == '"' || c == '\\')
            out += '\\' + QByteArray(1, char(c));
        else if (c == '\n')
            out += "\\n";
        else if (c == '\t')
            out += "\\t";
        else if (printable(c))
            out += QString::fromUcs4(reinterpret_cast<const char32_t *>(&c), 1).toUtf8();
        else if (c > 0xffff)
            out += "\\U" + QByteArray::number(c, 16).rightJustified(8, '0');
        else
            out += "\\u" + QByteArray::number(c, 16).rightJustified(4, '0');
    }
    return out + '"';
}

QByteArray yamlScalar(const YamlNode &node)
{
    if (node.isNull())
        return "null";
    if (node.tag == binaryTag)
        return "!!binary " + node.text;
    if (node.tag == "?" && !node.isText())
        return node.text; // a number or truth value of ours
    // Letters and digits with what is harmless between them; no ": ", " #" or bracket can be in it.
    static const QRegularExpression plain(
        QStringLiteral("\\A(?:--?(?=[A-Za-z]))?[A-Za-z0-9_/.+]"
                       "(?: ?[A-Za-z0-9_/.@+=%-]|:(?=[A-Za-z0-9/]))*\\z"));
    const QString text = node.string();
    YamlNode asPlain = node;
    asPlain.tag = "?";
    return text.size() <= 1000 && plain.match(text).hasMatch() && asPlain.isText()
            && !text.startsWith(QLatin1String("..."))
        ? node.text
        : doubleQuoted(text);
}

QByteArray yamlScalar(const QString &text)
{
    return yamlScalar(YamlNode::string(text));
}

/// Whether "|" keeps every byte of it.
static bool canBeBlock(const YamlNode &node)
{
    if (!node.isScalar() || node.tag == binaryTag || !node.text.contains('\n'))
        return false;
    const auto points = node.string().toUcs4();
    bool written = false; // something other than blanks and newlines
    for (const uint c : points) {
        if (c != '\n' && !printable(c))
            return false;
        written = written || (c != '\n' && c != ' ' && c != '\t');
    }
    // Readers disagree on lines of blanks alone at the start and at the end.
    const QByteArray &text = node.text;
    static const QRegularExpression blankEnds(QStringLiteral("\\A[ \\t]*\\n|\\n[ \\t]+\\n*\\z"));
    return written && !blankEnds.match(node.string()).hasMatch() && !text.startsWith('\t');
}

static QByteArray block(const QByteArray &text, int indent)
{
    QByteArray head = "|";
    if (text.startsWith(' '))
        head += QByteArray::number(step);
    if (!text.endsWith('\n'))
        head += '-';
    else if (text.endsWith("\n\n"))
        head += '+';
    QByteArray out = head;
    const auto lines = (text.endsWith('\n') ? text.chopped(1) : text).split('\n');
    for (const auto &line : lines)
        out += '\n' + (line.isEmpty() ? QByteArray() : QByteArray(indent + step, ' ')) + line;
    return out;
}

static bool fitsOneLine(const YamlNode &node)
{
    qsizetype width = 0;
    for (const auto &item : node.items) {
        if (item.isMap() || item.isSequence())
            return false;
        width += item.text.size() + 4;
    }
    return node.flow && width < 80;
}

QByteArray yamlInFlow(const YamlNode &value)
{
    if (!value.isMap() && !value.isSequence())
        return yamlScalar(value);
    QByteArrayList words;
    for (std::size_t i = 0; i < value.items.size(); ++i)
        words << (value.isMap() ? yamlScalar(value.keys[i]) + ": " : QByteArray())
                + yamlInFlow(value.items[i]);
    return value.isMap() ? '{' + words.join(", ") + '}' : '[' + words.join(", ") + ']';
}

static QByteArray collection(const YamlNode &node, int indent);

/// A value that begins on the line where it is.
static QByteArray inlineValue(const YamlNode &value, int indent)
{
    if (value.isMap() && value.keys.empty())
        return "{}";
    if (value.isSequence() && (value.items.empty() || fitsOneLine(value)))
        return yamlInFlow(value);
    if (canBeBlock(value))
        return block(value.text, indent);
    return yamlScalar(value);
}

static bool standsBelow(const YamlNode &value)
{
    return (value.isMap() && !value.keys.empty())
        || (value.isSequence() && !value.items.empty() && !fitsOneLine(value));
}

QByteArray yamlBehindKey(const YamlNode &value, int indent)
{
    if (!standsBelow(value))
        return ' ' + inlineValue(value, indent);
    return '\n' + QByteArray(indent + step, ' ') + collection(value, indent + step);
}

QByteArray yamlBehindDash(const YamlNode &value, int column)
{
    return standsBelow(value) ? collection(value, column) : inlineValue(value, column - step);
}

/// Its first line stands where the caller is; the others are indented.
static QByteArray collection(const YamlNode &node, int indent)
{
    const QByteArray newLine = '\n' + QByteArray(indent, ' ');
    QByteArray out;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        if (i > 0)
            out += newLine;
        const auto &item = node.items[i];
        if (node.isSequence()) {
            out += "- " + yamlBehindDash(item, indent + step);
            continue;
        }
        const QByteArray key = yamlScalar(node.keys[i]);
        if (key.size() <= 500) // readers look 1,024 characters ahead for the colon
            out += key + ':' + yamlBehindKey(item, indent);
        else
            out += "? " + key + newLine + ':' + yamlBehindKey(item, indent);
    }
    return out;
}

QByteArray writeYaml(const YamlNode &root)
{
    return (standsBelow(root) ? collection(root, 0) : inlineValue(root, 0)) + '\n';
}

YamlNode yamlBytes(const QByteArray &bytes)
{
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString text = decoder.decode(bytes);
    if (!decoder.hasError() && !bytes.contains('\0') && text.toUtf8() == bytes)
        return YamlNode::string(text);
    YamlNode node = YamlNode::string(QString::fromLatin1(bytes.toBase64()));
    node.tag = binaryTag;
    return node;
}

std::optional<QByteArray> bytesOfYaml(const YamlNode &node)
{
    if (node.tag != binaryTag)
        return node.text;
    QByteArray packed = node.text;
    packed.replace('\n', "").replace(' ', "").replace('\r', "");
    auto decoded = QByteArray::fromBase64Encoding(packed, QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded)
        return std::nullopt;
    return std::move(*decoded);
}

} // namespace pilothouse
