// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/filter.h"

namespace pilothouse {

/// A word of a filter's text, at [from, to).
struct FilterToken {
    enum class Kind { Word, Quoted, Op, Open, Close, End };
    Kind kind = Kind::End;
    qsizetype from = 0, to = 0;
    QString text; ///< without quotes and escapes
    FilterOp op = FilterOp::Equal;
    bool closed = true; ///< false: a quote that never ends

    bool is(const char *keyword) const; ///< an unquoted "and", "or", "not"
};

/// All tokens, an End last. Never fails.
std::vector<FilterToken> filterTokens(const QString &text);

/// As it is written as a value or word: in quotes where the language would read it differently.
QString quotedForFilter(const QString &text);

} // namespace pilothouse
