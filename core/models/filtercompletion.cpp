// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/filtertokens.h"

#include <QCoreApplication>

#include <algorithm>

namespace pilothouse {

namespace {

constexpr std::size_t mostOptions = 12;
using Kind = FilterToken::Kind;

QString explain(const char *text)
{
    return QCoreApplication::translate("filter", text);
}

/// Where a filter stands after some tokens: what may come next.
struct Place {
    enum What { Operand, AfterField, Value, Joiner } what = Operand;
    int column = -1; ///< of AfterField and Value
    int open = 0; ///< brackets
};

Place placeAfter(const std::vector<FilterToken> &tokens, const FilterFields &fields)
{
    Place place;
    for (const auto &token : tokens) {
        switch (token.kind) {
        case Kind::End:
            break;
        case Kind::Open:
            ++place.open;
            place.what = Place::Operand;
            break;
        case Kind::Close:
            --place.open;
            place.what = Place::Joiner;
            break;
        case Kind::Op:
            if (place.what == Place::AfterField)
                place.what = Place::Value;
            break;
        case Kind::Quoted:
            place.what = Place::Joiner;
            break;
        case Kind::Word:
            if (place.what == Place::Value) {
                place.what = Place::Joiner;
            } else if (token.is("and") || token.is("or") || token.is("not")) {
                place.what = Place::Operand;
            } else {
                place.column = fields.find(token.text);
                place.what = place.column >= 0 ? Place::AfterField : Place::Joiner;
            }
        }
    }
    return place;
}

class Options {
public:
    explicit Options(QString prefix)
        : m_prefix(std::move(prefix))
    {
    }

    /// It is offered already, or typed.
    bool has(const QString &text) const
    {
        return text == m_prefix
            || std::any_of(all.begin(), all.end(),
                [&text](const FilterOption &option) { return option.text == text; });
    }
    void offer(const QString &text, const QString &detail, const QString &matched)
    {
        if (all.size() < mostOptions && matched.startsWith(m_prefix, Qt::CaseInsensitive)
            && !(matched == m_prefix && text == m_prefix))
            all.push_back({text, detail});
    }
    void offer(const char *word, const QString &detail)
    {
        const auto text = QString::fromLatin1(word);
        offer(text, detail, text);
    }

    std::vector<FilterOption> all;

private:
    QString m_prefix;
};

void offerFields(Options &options, const FilterFields &fields)
{
    for (const auto &column : fields.columns) {
        if (!column.id.isEmpty())
            options.offer(column.id, column.hint, column.id);
    }
    for (const auto &column : fields.columns) {
        for (const auto &alias : column.aliases) {
            if (!options.has(column.id)) // by its name, or by another alias
                options.offer(column.id, column.hint, alias);
        }
    }
}

void offerJoiners(Options &options, const Place &place)
{
    if (place.open > 0)
        options.offer(")", explain("closes the bracket"));
    options.offer("and", explain("both must hold"));
    options.offer("or", explain("one must hold"));
}

void offerOperators(Options &options, const IndexColumn &column)
{
    if (column.kind == CellKind::Text) {
        options.offer("=", explain("is"));
        options.offer("!=", explain("is not"));
        options.offer("~", explain("contains"));
        options.offer("!~", explain("does not contain"));
        return;
    }
    if (column.unit != QLatin1String("flag")) {
        options.offer("<", explain("less than"));
        options.offer("<=", explain("at most"));
        options.offer(">", explain("more than"));
        options.offer(">=", explain("at least"));
    }
    options.offer("=", explain("is"));
    options.offer("!=", explain("is not"));
}

void offerValues(
    Options &options, const IndexColumn &column, const QString &prefix, const QStringList &present)
{
    if (column.unit == QLatin1String("flag")) {
        options.offer("yes", {});
        options.offer("no", {});
        return;
    }
    if (column.kind == CellKind::Number) {
        bool plain = false;
        prefix.toDouble(&plain);
        const auto suffixes = quantitySuffixes(column.unit);
        for (qsizetype i = 0; plain && i < std::min<qsizetype>(4, suffixes.size()); ++i)
            options.offer(prefix + suffixes[i], {}, prefix + suffixes[i]);
    } else {
        for (const auto &word : column.words) {
            const bool me = word == QLatin1String("me");
            options.offer(word, me ? explain("you") : QString(), word);
        }
        for (const auto &text : present) {
            if (!column.words.contains(text))
                options.offer(quotedForFilter(text), {}, text);
        }
    }
    if (!column.words.contains(QStringLiteral("unknown")))
        options.offer("unknown", explain("nothing is known"));
}

} // namespace

FilterOptions completeFilter(const QString &text, qsizetype cursor, const FilterFields &fields,
    const std::function<QStringList(int column)> &valuesOf)
{
    cursor = std::clamp<qsizetype>(cursor, 0, text.size());
    auto tokens = filterTokens(text.left(cursor));
    tokens.pop_back(); // the End
    FilterOptions result;
    result.from = result.to = cursor;
    QString prefix;
    if (!tokens.empty() && tokens.back().to == cursor) {
        const auto last = tokens.back();
        const bool typing = last.kind == Kind::Word || (last.kind == Kind::Quoted && !last.closed);
        if (typing) {
            tokens.pop_back();
            prefix = last.text;
            result.from = last.from;
        } else if (last.kind == Kind::Quoted) {
            return result; // behind the closing quote there is nothing to add
        }
    }
    // The rest of the word the cursor is in goes too.
    while (result.to < text.size() && !prefix.isEmpty() && !text[result.to].isSpace()
        && filterTokens(text.mid(result.to, 1)).front().kind == Kind::Word)
        ++result.to;

    const auto place = placeAfter(tokens, fields);
    Options options(prefix);
    switch (place.what) {
    case Place::Value: {
        const auto &column = fields.columns[std::size_t(place.column)];
        const bool texts = column.kind == CellKind::Text && valuesOf;
        offerValues(options, column, prefix, texts ? valuesOf(place.column) : QStringList());
        break;
    }
    case Place::AfterField:
        if (prefix.isEmpty())
            offerOperators(options, fields.columns[std::size_t(place.column)]);
        offerJoiners(options, place);
        break;
    case Place::Joiner:
        offerJoiners(options, place);
        if (!prefix.isEmpty())
            offerFields(options, fields);
        break;
    case Place::Operand:
        offerFields(options, fields);
        if (!prefix.isEmpty() || tokens.empty() || !tokens.back().is("not"))
            options.offer("not", explain("turns the next around"));
        break;
    }
    result.options = std::move(options.all);
    // A whole field name: what may follow it.
    const int whole = fields.find(prefix);
    if (result.options.empty() && whole >= 0
        && (place.what == Place::Operand || place.what == Place::Joiner)) {
        Options operators({});
        offerOperators(operators, fields.columns[std::size_t(whole)]);
        result.options = std::move(operators.all);
        for (auto &option : result.options)
            option.text.prepend(u' ');
        result.from = result.to = cursor;
    }
    return result;
}

QStringList columnValues(const RowIndexModel &model, int column, int limit)
{
    const auto &store = model.store();
    if (store.kind(column) != CellKind::Text)
        return {};
    const auto &values = store.values(column);
    std::vector<quint8> seen(values.table->size(), 0);
    std::vector<quint32> ids;
    for (quint32 slot = 0; slot < store.slots(); ++slot) {
        const auto id = values.texts[slot];
        if (id != 0 && store.isAlive(slot) && seen[id] == 0 && int(ids.size()) < limit) {
            seen[id] = 1;
            ids.push_back(id);
        }
    }
    std::sort(ids.begin(), ids.end(), [&](quint32 a, quint32 b) {
        return compareNatural(values.table->folded(a), values.table->folded(b)) < 0;
    });
    QStringList texts;
    for (const auto id : ids)
        texts << values.table->text(id);
    return texts;
}

} // namespace pilothouse
