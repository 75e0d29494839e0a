// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/filtertokens.h"

#include <utility>

namespace pilothouse {

namespace {

struct Written {
    const char16_t *text;
    FilterOp op;
};

// Longer ones first.
constexpr Written operators[] = {
    {u"!=", FilterOp::NotEqual},
    {u"<>", FilterOp::NotEqual},
    {u"<=", FilterOp::LessEqual},
    {u">=", FilterOp::GreaterEqual},
    {u"!~", FilterOp::Lacks},
    {u"==", FilterOp::Equal},
    {u"\u2260", FilterOp::NotEqual},
    {u"\u2264", FilterOp::LessEqual},
    {u"\u2265", FilterOp::GreaterEqual},
    {u"=", FilterOp::Equal},
    {u"<", FilterOp::Less},
    {u">", FilterOp::Greater},
    {u"~", FilterOp::Contains},
};

const Written *operatorAt(QStringView rest)
{
    for (const auto &one : operators) {
        if (rest.startsWith(QStringView(one.text)))
            return &one;
    }
    return nullptr;
}

bool isQuote(QChar c)
{
    return c == u'"' || c == u'\'';
}

/// Ends a word. A quote in the middle of one ("mia's") does not.
bool endsWord(QStringView rest)
{
    return rest[0].isSpace() || rest[0] == u'(' || rest[0] == u')' || operatorAt(rest) != nullptr;
}

FilterToken quotedAt(const QString &text, qsizetype at)
{
    FilterToken token{FilterToken::Kind::Quoted, at, at, {}, {}, false};
    const QChar quote = text[at++];
    while (at < text.size()) {
        if (text[at] == quote) {
            token.closed = true;
            ++at;
            break;
        }
        if (text[at] == u'\\' && at + 1 < text.size())
            ++at;
        token.text += text[at++];
    }
    token.to = at;
    return token;
}

} // namespace

bool FilterToken::is(const char *keyword) const
{
    return kind == Kind::Word && text.compare(QLatin1String(keyword), Qt::CaseInsensitive) == 0;
}

QString filterOpText(FilterOp op)
{
    for (const auto &one : operators) {
        if (one.op == op && one.text[0] < 0x80 && QStringView(one.text) != QStringView(u"=="))
            return QStringView(one.text).toString();
    }
    return {};
}

std::vector<FilterToken> filterTokens(const QString &text)
{
    using Kind = FilterToken::Kind;
    std::vector<FilterToken> tokens;
    qsizetype at = 0;
    while (at < text.size()) {
        const QChar c = text[at];
        const auto rest = QStringView(text).mid(at);
        if (c.isSpace()) {
            ++at;
        } else if (c == u'(' || c == u')') {
            tokens.push_back({c == u'(' ? Kind::Open : Kind::Close, at, at + 1, QString(c)});
            ++at;
        } else if (const auto *op = operatorAt(rest)) {
            const auto length = QStringView(op->text).size();
            tokens.push_back({Kind::Op, at, at + length, filterOpText(op->op), op->op});
            at += length;
        } else if (isQuote(c)) {
            tokens.push_back(quotedAt(text, at));
            at = tokens.back().to;
        } else {
            const auto from = at;
            while (at < text.size() && !endsWord(QStringView(text).mid(at)))
                ++at;
            tokens.push_back({Kind::Word, from, at, text.mid(from, at - from)});
        }
    }
    tokens.push_back({Kind::End, text.size(), text.size(), {}});
    return tokens;
}

QString quotedForFilter(const QString &text)
{
    const auto tokens = filterTokens(text);
    const bool plain = tokens.size() == 2 && tokens[0].kind == FilterToken::Kind::Word
        && tokens[0].text == text && !tokens[0].is("and") && !tokens[0].is("or")
        && !tokens[0].is("not") && !tokens[0].is("unknown") && !tokens[0].is("none")
        && !tokens[0].is("me");
    if (plain)
        return text;
    QString quoted = text;
    quoted.replace(u'\\', QStringLiteral("\\\\")).replace(u'"', QStringLiteral("\\\""));
    return u'"' + quoted + u'"';
}

} // namespace pilothouse
