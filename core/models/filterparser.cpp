// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/filtertokens.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace pilothouse {

namespace {

constexpr qsizetype longest = 4096;
constexpr int deepest = 64;
using Kind = FilterToken::Kind;
using Parsed = tl::expected<FilterNode, FilterError>;

QString say(const char *text)
{
    return QCoreApplication::translate("filter", text);
}

class Parser {
public:
    Parser(const QString &text, const FilterFields &fields)
        : m_tokens(filterTokens(text))
        , m_fields(fields)
    {
    }

    Parsed all()
    {
        if (now().kind == Kind::End)
            return FilterNode();
        auto node = either(0);
        if (!node)
            return node;
        if (now().kind == Kind::Close)
            return wrong(now(), say("This bracket was never opened."));
        return node;
    }

private:
    const FilterToken &now() const { return m_tokens[m_at]; }
    const FilterToken &next() const { return m_tokens[std::min(m_at + 1, m_tokens.size() - 1)]; }

    static tl::unexpected<FilterError> wrong(const FilterToken &token, const QString &message)
    {
        return tl::unexpected(FilterError{token.from, token.to - token.from, message});
    }

    Parsed chain(FilterNode::Kind kind, const std::function<Parsed()> &part,
        const std::function<bool()> &goesOn)
    {
        auto first = part();
        if (!first || !goesOn())
            return first;
        FilterNode node;
        node.kind = kind;
        node.children.push_back(std::move(*first));
        do {
            auto more = part();
            if (!more)
                return more;
            node.children.push_back(std::move(*more));
        } while (goesOn());
        return node;
    }

    Parsed either(int depth)
    {
        return chain(
            FilterNode::Kind::Or, [&] { return both(depth); },
            [&] {
                const bool more = now().is("or");
                m_at += more ? 1 : 0;
                return more;
            });
    }

    Parsed both(int depth)
    {
        return chain(
            FilterNode::Kind::And, [&] { return one(depth); },
            [&] {
                if (now().kind == Kind::End || now().kind == Kind::Close || now().is("or"))
                    return false;
                m_at += now().is("and") ? 1 : 0;
                return true;
            });
    }

    Parsed one(int depth)
    {
        const auto &token = now();
        if (depth > deepest)
            return wrong(token, say("The filter is nested too deep."));
        switch (token.kind) {
        case Kind::End:
            return wrong(before(), say("Something to look for is missing after this."));
        case Kind::Close:
            return wrong(token, say("Something to look for is missing before this bracket."));
        case Kind::Op:
            return wrong(token, say("A field is missing before this, as in “util < 5”."));
        case Kind::Open:
            return bracket(depth);
        default:
            break;
        }
        if (!token.closed)
            return wrong(token, say("This quote is never closed."));
        if (token.is("and") || token.is("or"))
            return wrong(token, say("Something to look for is missing before this."));
        if (token.is("not")) {
            ++m_at;
            auto inner = one(depth + 1);
            if (!inner)
                return inner;
            FilterNode node;
            node.kind = FilterNode::Kind::Not;
            node.children.push_back(std::move(*inner));
            return node;
        }
        if (next().kind == Kind::Op)
            return comparison();
        ++m_at;
        FilterNode node;
        const int column = token.kind == Kind::Word ? m_fields.find(token.text) : -1;
        if (column >= 0 && m_fields.columns[std::size_t(column)].unit == QLatin1String("flag")) {
            node.kind = FilterNode::Kind::Flag;
            node.column = column;
            return node;
        }
        node.kind = FilterNode::Kind::Word;
        node.text = token.text;
        return node;
    }

    const FilterToken &before() const { return m_tokens[m_at > 0 ? m_at - 1 : 0]; }

    Parsed bracket(int depth)
    {
        const auto open = now();
        ++m_at;
        auto inner = either(depth + 1);
        if (!inner)
            return inner;
        if (now().kind != Kind::Close)
            return wrong(open, say("This bracket is never closed."));
        ++m_at;
        return inner;
    }

    Parsed comparison()
    {
        const auto &field = now();
        FilterNode node;
        node.kind = FilterNode::Kind::Compare;
        node.column = field.kind == Kind::Word ? m_fields.find(field.text) : -1;
        if (node.column < 0)
            return wrong(field, unknownField(field.text));
        const auto &op = next();
        node.op = op.op;
        m_at += 2;
        const auto &value = now();
        if (value.kind != Kind::Word && value.kind != Kind::Quoted)
            return wrong(op, say("A value is missing after this."));
        if (!value.closed)
            return wrong(value, say("This quote is never closed."));
        const auto &column = m_fields.columns[std::size_t(node.column)];
        ++m_at;
        // A column may have a word of that name, as a state has.
        const bool nothing = (value.is("unknown") || value.is("none"))
            && !column.words.contains(value.text, Qt::CaseInsensitive);
        const bool contains = node.op == FilterOp::Contains || node.op == FilterOp::Lacks;
        if (nothing && node.op != FilterOp::Equal && node.op != FilterOp::NotEqual)
            return wrong(value, say("Unknown is only compared by = and !=."));
        if (column.kind == CellKind::Text) {
            const bool me = value.is("me") && m_fields.mine >= 0
                && column.words.contains(QStringLiteral("me"));
            const bool equal = node.op == FilterOp::Equal || node.op == FilterOp::Contains;
            if (me && (equal || node.op == FilterOp::NotEqual || node.op == FilterOp::Lacks))
                return mine(equal);
            node.text = nothing ? QString() : value.text;
            return node;
        }
        if (contains)
            return wrong(
                op, say("%1 is a number, and only texts contain something.").arg(column.id));
        if (nothing) {
            node.number = std::numeric_limits<double>::quiet_NaN();
            return node;
        }
        return quantity(node, value, column);
    }

    FilterNode mine(bool yes) const
    {
        FilterNode flag;
        flag.kind = FilterNode::Kind::Flag;
        flag.column = m_fields.mine;
        if (yes)
            return flag;
        FilterNode node;
        node.kind = FilterNode::Kind::Not;
        node.children.push_back(std::move(flag));
        return node;
    }

    Parsed quantity(FilterNode node, const FilterToken &value, const IndexColumn &column)
    {
        if (column.unit == QLatin1String("flag")) {
            const bool yes
                = value.is("yes") || value.is("true") || value.text == QLatin1String("1");
            const bool no = value.is("no") || value.is("false") || value.text == QLatin1String("0");
            if (!yes && !no)
                return wrong(value, say("%1 is yes or no.").arg(column.id));
            node.number = yes ? 1 : 0;
            return node;
        }
        // "40 GiB": the unit may stand apart.
        if (now().kind == Kind::Word && next().kind != Kind::Op
            && quantitySuffixes(column.unit).contains(now().text)) {
            if (const auto number = parseQuantity(value.text + now().text, column.unit)) {
                ++m_at;
                node.number = *number;
                return node;
            }
        }
        const auto number = parseQuantity(value.text, column.unit);
        if (!number) {
            const auto suffixes = quantitySuffixes(column.unit);
            return wrong(value,
                suffixes.isEmpty() ? say("%1 is compared with a number.").arg(column.id)
                                   : say("%1 is compared with a number, such as 40 or 40%2.")
                                         .arg(column.id, suffixes.first()));
        }
        node.number = *number;
        return node;
    }

    QString unknownField(const QString &name) const
    {
        QString best;
        int score = std::numeric_limits<int>::min();
        for (const auto &column : m_fields.columns) {
            if (!column.id.isEmpty() && !name.isEmpty()
                && column.id[0].toLower() == name[0].toLower()) {
                const int here = -std::abs(int(column.id.size() - name.size()));
                if (here > score) {
                    score = here;
                    best = column.id;
                }
            }
        }
        const auto sentence = say("There is no field “%1”.").arg(name.left(40));
        return best.isEmpty() ? sentence : sentence + u' ' + say("Is it “%1”?").arg(best);
    }

    std::vector<FilterToken> m_tokens;
    const FilterFields &m_fields;
    std::size_t m_at = 0;
};

} // namespace

int FilterFields::find(const QString &name) const
{
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (columns[i].id.compare(name, Qt::CaseInsensitive) == 0
            || columns[i].aliases.contains(name, Qt::CaseInsensitive))
            return int(i);
    }
    return -1;
}

bool FilterNode::operator==(const FilterNode &other) const
{
    const bool sameNumber
        = number == other.number || (std::isnan(number) && std::isnan(other.number));
    return kind == other.kind && children == other.children && column == other.column
        && op == other.op && sameNumber && text == other.text;
}

tl::expected<FilterNode, FilterError> parseFilter(const QString &text, const FilterFields &fields)
{
    if (text.size() > longest)
        return tl::unexpected(FilterError{
            longest, text.size() - longest, say("A filter has at most 4,096 characters.")});
    return Parser(text, fields).all();
}

/// As the table shows it, so that it reads like what a person types.
static QString shownQuantity(double number, const QString &unit)
{
    const double plain = parseQuantity(QStringLiteral("1"), unit).value_or(1);
    QString text = QString::number(number / plain, 'f', 9);
    while (text.endsWith(u'0'))
        text.chop(1);
    if (text.endsWith(u'.'))
        text.chop(1);
    return text;
}

static QString compareText(const FilterNode &node, const IndexColumn &column)
{
    QString value;
    if (column.kind == CellKind::Text)
        value = node.text.isEmpty() ? QStringLiteral("unknown") : quotedForFilter(node.text);
    else if (std::isnan(node.number))
        value = QStringLiteral("unknown");
    else
        value = shownQuantity(node.number, column.unit);
    return column.id + u' ' + filterOpText(node.op) + u' ' + value;
}

QString filterText(const FilterNode &node, const FilterFields &fields)
{
    const auto inner = [&](const FilterNode &child) {
        const auto text = filterText(child, fields);
        return child.kind == FilterNode::Kind::And || child.kind == FilterNode::Kind::Or
            ? u'(' + text + u')'
            : text;
    };
    switch (node.kind) {
    case FilterNode::Kind::All:
        return {};
    case FilterNode::Kind::Not:
        return QStringLiteral("not ") + inner(node.children.front());
    case FilterNode::Kind::Compare:
        return compareText(node, fields.columns[std::size_t(node.column)]);
    case FilterNode::Kind::Flag:
        return fields.columns[std::size_t(node.column)].id;
    case FilterNode::Kind::Word:
        // In quotes where it would be read as something else.
        return fields.find(node.text) >= 0 ? u'"' + node.text + u'"' : quotedForFilter(node.text);
    case FilterNode::Kind::And:
    case FilterNode::Kind::Or:
        break;
    }
    QStringList parts;
    for (const auto &child : node.children)
        parts << inner(child);
    return parts.join(
        node.kind == FilterNode::Kind::And ? QStringLiteral(" and ") : QStringLiteral(" or "));
}

} // namespace pilothouse
