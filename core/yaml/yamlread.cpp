// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/yaml/yamlread.h"

#include <QCoreApplication>
#include <QSet>
#include <QStringDecoder>

#include <sstream>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

namespace pilothouse {

static constexpr qsizetype mostBytes = 1 << 20;
static constexpr std::size_t mostLevels = 64;
static constexpr std::size_t mostNodes = 100'000;

static QString tr(const char *text)
{
    return QCoreApplication::translate("yaml", text);
}

YamlPlace yamlPlace(const QByteArray &text, qsizetype at)
{
    const QByteArray before = text.left(at);
    const auto lineStart = before.lastIndexOf('\n') + 1;
    return {int(before.count('\n')) + 1, int(QString::fromUtf8(before.mid(lineStart)).size()) + 1};
}

Error yamlError(const QByteArray &text, qsizetype at, const QString &message)
{
    const auto place = yamlPlace(text, at);
    return {ErrorKind::BadInput, QStringLiteral("yaml"),
        tr("line %1, column %2: %3").arg(place.line).arg(place.column).arg(message), {}, {}};
}

namespace {

/// What a limit or a rule of ours says; ends yaml-cpp's parser.
struct Refusal {
    qsizetype at;
    QString message;
};

/// Builds the tree from yaml-cpp's events: they have places, and aliases are still aliases.
class TreeBuilder : public YAML::EventHandler {
public:
    std::vector<YamlNode> documents;

    void OnDocumentStart(const YAML::Mark &) override { m_anchors.clear(); }
    void OnDocumentEnd() override { }

    void OnNull(const YAML::Mark &mark, YAML::anchor_t anchor) override
    {
        begin(mark, anchor, YamlNode::Kind::Null);
        end();
    }

    void OnAlias(const YAML::Mark &mark, YAML::anchor_t anchor) override
    {
        if (anchor >= m_anchors.size() || m_anchors[anchor].size == 0)
            throw Refusal{mark.pos, tr("An alias stands inside of what it names.")};
        const auto &named = m_anchors[anchor];
        count(m_nodes, named.size, mark.pos);
        Open open{named.node, 0, m_nodes, named.depth};
        open.node.at = mark.pos;
        open.node.aliased = true;
        checkDepth(m_open.size() + named.depth, mark.pos);
        m_open.push_back(std::move(open));
        end();
    }

    void OnScalar(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
        const std::string &value) override
    {
        auto &node = begin(mark, anchor, YamlNode::Kind::Scalar);
        node.text = QByteArray::fromStdString(value);
        node.tag = QByteArray::fromStdString(tag);
        end();
    }

    void OnSequenceStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
        YAML::EmitterStyle::value style) override
    {
        auto &node = begin(mark, anchor, YamlNode::Kind::Sequence);
        node.tag = QByteArray::fromStdString(tag);
        node.flow = style == YAML::EmitterStyle::Flow;
    }
    void OnSequenceEnd() override { end(); }

    void OnMapStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
        YAML::EmitterStyle::value style) override
    {
        auto &node = begin(mark, anchor, YamlNode::Kind::Map);
        node.tag = QByteArray::fromStdString(tag);
        node.flow = style == YAML::EmitterStyle::Flow;
    }
    void OnMapEnd() override { end(); }

private:
    struct Open {
        YamlNode node;
        YAML::anchor_t anchor;
        std::size_t before; // nodes counted until it began
        std::size_t depth = 1; // levels, its own among them
        QSet<QByteArray> names = {}; // its keys so far
    };
    struct Anchored {
        YamlNode node;
        std::size_t size = 0, depth = 0; // no size = not complete yet
    };

    static void count(std::size_t &sum, std::size_t nodes, qsizetype at)
    {
        sum += nodes;
        if (sum > mostNodes)
            throw Refusal{at, tr("There are more than %1 values.").arg(mostNodes)};
    }

    static void checkDepth(std::size_t levels, qsizetype at)
    {
        if (levels > mostLevels)
            throw Refusal{at, tr("It goes deeper than %1 levels.").arg(mostLevels)};
    }

    YamlNode &begin(const YAML::Mark &mark, YAML::anchor_t anchor, YamlNode::Kind kind)
    {
        const std::size_t before = m_nodes;
        count(m_nodes, 1, mark.pos);
        checkDepth(m_open.size() + 1, mark.pos);
        YamlNode node;
        node.kind = kind;
        node.at = mark.pos;
        m_open.push_back({std::move(node), anchor, before});
        return m_open.back().node;
    }

    void end()
    {
        Open done = std::move(m_open.back());
        m_open.pop_back();
        if (done.anchor != 0) {
            if (m_anchors.size() <= done.anchor)
                m_anchors.resize(done.anchor + 1);
            const std::size_t size = m_nodes - done.before;
            count(m_kept, size, done.node.at);
            m_anchors[done.anchor] = {done.node, size, done.depth};
        }
        if (m_open.empty()) {
            documents.push_back(std::move(done.node));
            return;
        }
        auto &parent = m_open.back();
        parent.depth = std::max(parent.depth, done.depth + 1);
        const bool isKey
            = parent.node.isMap() && parent.node.keys.size() == parent.node.items.size();
        if (isKey && done.node.isScalar()) {
            if (parent.names.contains(done.node.text))
                throw Refusal{
                    done.node.at, tr("“%1” is there twice.").arg(done.node.string().left(64))};
            parent.names.insert(done.node.text);
        }
        (isKey ? parent.node.keys : parent.node.items).push_back(std::move(done.node));
    }

    std::vector<Open> m_open;
    std::vector<Anchored> m_anchors;
    std::size_t m_nodes = 0, m_kept = 0; // in the tree; kept a second time for aliases
};

} // namespace

/// The first byte that does not belong in a text, -1 when all do.
static qsizetype strangeByte(const QByteArray &text)
{
    for (qsizetype i = 0; i < text.size(); ++i) {
        const auto c = uchar(text[i]);
        if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f)
            return i;
    }
    return -1;
}

static Result<> checkBytes(const QByteArray &text)
{
    if (text.size() > mostBytes)
        return fail({ErrorKind::BadInput, QStringLiteral("yaml"), tr("It is larger than 1 MiB."),
            QString::number(text.size()), {}});
    if (const auto at = strangeByte(text); at >= 0)
        return fail(yamlError(text, at,
            tr("A control character (0x%1) stands there.")
                .arg(int(uchar(text[at])), 2, 16, QLatin1Char('0'))));
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    static_cast<void>(QString(decoder.decode(text)));
    if (decoder.hasError())
        return fail({ErrorKind::BadInput, QStringLiteral("yaml"), tr("It is no UTF-8."), {}, {}});
    return {};
}

Result<std::vector<YamlNode>> readYaml(const QByteArray &text)
{
    if (const auto good = checkBytes(text); !good)
        return fail(good.error());
    std::istringstream stream(text.toStdString());
    TreeBuilder builder;
    try {
        YAML::Parser parser(stream);
        while (parser.HandleNextDocument(builder)) { }
    } catch (const Refusal &refusal) {
        return fail(yamlError(text, refusal.at, refusal.message));
    } catch (const YAML::Exception &error) {
        return fail(
            yamlError(text, std::max(error.mark.pos, 0), QString::fromStdString(error.msg)));
    }
    return std::move(builder.documents);
}

} // namespace pilothouse
