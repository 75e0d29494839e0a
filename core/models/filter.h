// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/rowindex.h"

#include <tl/expected.hpp>

#include <optional>

namespace pilothouse {

// The filter language of tables, described for people in core/models/README.md:
//
//     util < 5 and owner = me and not (job ~ "notebook" or memory >= 40GiB) spot
//
//     filter     = [ either ]
//     either     = both { "or" both }
//     both       = one { [ "and" ] one }
//     one        = "not" one | "(" either ")" | field op value | flag | word
//     op         = "=" | "!=" | "<" | "<=" | ">" | ">=" | "~" (contains) | "!~"
//     value      = number [ unit ] | word | quoted | "unknown"
//
// Words of the language and fields are case-insensitive, and so are all comparisons of texts.

enum class FilterOp { Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual, Contains, Lacks };
QString filterOpText(FilterOp op);

/// What filters may name: a table's columns, and what "me" means in those with "me" among their
/// words.
struct FilterFields {
    std::vector<IndexColumn> columns;
    int mine = -1; ///< the column that flags what is yours; -1 = there is none

    /// A column by id or alias; -1 = none.
    int find(const QString &name) const;
};

/// A parsed filter. The root of an empty one is All.
struct FilterNode {
    enum class Kind { All, And, Or, Not, Compare, Flag, Word };
    Kind kind = Kind::All;
    std::vector<FilterNode> children; ///< of And, Or (two or more) and Not (one)
    int column = -1; ///< of Compare and Flag
    FilterOp op = FilterOp::Equal;
    double number = 0; ///< a Compare of a number, in the column's base unit; NaN = unknown
    QString text; ///< a Compare of a text (empty = unknown), or the Word

    bool operator==(const FilterNode &other) const;
};

/// What is wrong, for a line under it: characters [from, from + length) of the filter.
struct FilterError {
    qsizetype from = 0, length = 0;
    QString message; ///< one sentence, translated
};

/// At most 4,096 characters and 64 levels.
tl::expected<FilterNode, FilterError> parseFilter(const QString &text, const FilterFields &fields);

/// The filter written out again, with every bracket that is needed; parses to the same tree.
QString filterText(const FilterNode &node, const FilterFields &fields);

/// The filter as work over plain columns, for RowIndexModel::setFilter(). Null for All. An unknown
/// number only fits "= unknown".
RowFilter compileFilter(const FilterNode &node, const FilterFields &fields);

/// "40GiB", "300 W", "1h30m", "5%" in the base unit; without a unit as the table shows it (percent,
/// GiB, watts, seconds, MHz). `unit` as for formatValue().
std::optional<double> parseQuantity(const QString &text, const QString &unit);
/// Suffixes that parseQuantity() knows for a base unit, the usual one first.
QStringList quantitySuffixes(const QString &unit);

/// One way to go on.
struct FilterOption {
    QString text; ///< what is put in, with quotes where they are needed
    QString detail; ///< what it means
};

/// What may be typed at `cursor`, replacing characters [from, to).
struct FilterOptions {
    qsizetype from = 0, to = 0;
    std::vector<FilterOption> options;
};

/// `valuesOf` gives the texts a column has now.
FilterOptions completeFilter(const QString &text, qsizetype cursor, const FilterFields &fields,
    const std::function<QStringList(int column)> &valuesOf);

/// The distinct texts of a column, in natural order, at most `limit`; for `valuesOf`.
QStringList columnValues(const RowIndexModel &model, int column, int limit = 5000);

} // namespace pilothouse
