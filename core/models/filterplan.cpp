// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// A filter as work over whole columns: every leaf makes a set of rows, 64 in a word.
#include "core/models/filter.h"

#include <algorithm>
#include <cmath>

namespace pilothouse {

namespace {

struct Plan {
    FilterNode root;
    std::vector<int> searched; ///< text columns that words look in
};

template <typename Test> RowBits eachRow(const RowSnapshot &snapshot, Test test)
{
    RowBits bits(snapshot.alive->size(), 0);
    for (std::size_t word = 0; word < bits.size(); ++word) {
        const auto first = word * 64;
        quint64 set = 0;
        if (first + 64 <= snapshot.slots) {
            for (unsigned byte = 0; byte < 64; byte += 8) {
                unsigned eight = 0; // shifted by what the compiler knows
                for (unsigned i = 0; i < 8; ++i)
                    eight |= unsigned(test(first + byte + i) ? 1 : 0) << i;
                set |= quint64(eight) << byte;
            }
        } else {
            for (std::size_t i = 0; first + i < snapshot.slots; ++i)
                set |= quint64(test(first + i) ? 1 : 0) << i;
        }
        bits[word] = set;
    }
    return bits;
}

RowBits numbers(const RowSnapshot &snapshot, const FilterNode &node)
{
    const double *values = snapshot.columns[std::size_t(node.column)]->numbers.data();
    const double with = node.number;
    if (std::isnan(with)) {
        const bool wanted = node.op == FilterOp::Equal;
        return eachRow(snapshot, [=](std::size_t i) { return std::isnan(values[i]) == wanted; });
    }
    // What is shown as 40 % is meant by "= 40 %", though it is a hair off in binary.
    const double near = std::max(1e-9, std::abs(with) * 1e-9);
    switch (node.op) {
    case FilterOp::Equal:
        return eachRow(snapshot, [=](std::size_t i) { return std::abs(values[i] - with) <= near; });
    case FilterOp::NotEqual:
        return eachRow(snapshot, [=](std::size_t i) { return std::abs(values[i] - with) > near; });
    case FilterOp::Less:
        return eachRow(snapshot, [=](std::size_t i) { return values[i] < with; });
    case FilterOp::LessEqual:
        return eachRow(snapshot, [=](std::size_t i) { return values[i] <= with; });
    case FilterOp::Greater:
        return eachRow(snapshot, [=](std::size_t i) { return values[i] > with; });
    case FilterOp::GreaterEqual:
        return eachRow(snapshot, [=](std::size_t i) { return values[i] >= with; });
    default:
        return RowBits(snapshot.alive->size(), 0);
    }
}

/// Asked once for each distinct text, then looked up for each row.
std::vector<quint8> fittingTexts(const TextTable &table, const FilterNode &node)
{
    const auto needle = foldText(node.text);
    std::vector<quint8> fits;
    switch (node.op) {
    case FilterOp::Equal:
    case FilterOp::NotEqual:
        fits = table.equalling(needle);
        break;
    case FilterOp::Contains:
    case FilterOp::Lacks:
        fits = table.containing(needle);
        break;
    default:
        fits.resize(table.size(), 0);
        for (quint32 id = 1; id < table.size(); ++id) {
            const int order = compareNatural(table.folded(id), needle);
            fits[id] = node.op == FilterOp::Less ? order < 0
                : node.op == FilterOp::LessEqual ? order <= 0
                : node.op == FilterOp::Greater   ? order > 0
                                                 : order >= 0;
        }
    }
    if (node.op == FilterOp::NotEqual || node.op == FilterOp::Lacks) {
        for (auto &each : fits)
            each ^= 1;
    }
    return fits;
}

RowBits texts(const RowSnapshot &snapshot, int column, const std::vector<quint8> &fits)
{
    const quint32 *ids = snapshot.columns[std::size_t(column)]->texts.data();
    return eachRow(snapshot, [ids, &fits](std::size_t i) { return fits[ids[i]] != 0; });
}

RowBits wordIn(const RowSnapshot &snapshot, const Plan &plan, const QString &word)
{
    const auto needle = foldText(word);
    RowBits bits(snapshot.alive->size(), needle.empty() ? ~quint64(0) : 0);
    for (const int column : plan.searched) {
        const auto fits = snapshot.columns[std::size_t(column)]->table->containing(needle);
        if (std::find(fits.begin(), fits.end(), quint8(1)) == fits.end())
            continue;
        const auto here = texts(snapshot, column, fits);
        for (std::size_t i = 0; i < bits.size(); ++i)
            bits[i] |= here[i];
    }
    return bits;
}

RowBits evaluate(const RowSnapshot &snapshot, const Plan &plan, const FilterNode &node)
{
    switch (node.kind) {
    case FilterNode::Kind::All:
        return RowBits(snapshot.alive->size(), ~quint64(0));
    case FilterNode::Kind::Word:
        return wordIn(snapshot, plan, node.text);
    case FilterNode::Kind::Flag: {
        const auto &values = snapshot.columns[std::size_t(node.column)]->numbers;
        return eachRow(snapshot, [&](std::size_t i) { return values[i] > 0; });
    }
    case FilterNode::Kind::Compare: {
        const auto &column = *snapshot.columns[std::size_t(node.column)];
        return column.kind == CellKind::Number
            ? numbers(snapshot, node)
            : texts(snapshot, node.column, fittingTexts(*column.table, node));
    }
    case FilterNode::Kind::Not: {
        auto bits = evaluate(snapshot, plan, node.children.front());
        for (auto &word : bits)
            word = ~word;
        return bits;
    }
    case FilterNode::Kind::And:
    case FilterNode::Kind::Or:
        break;
    }
    auto bits = evaluate(snapshot, plan, node.children.front());
    for (std::size_t i = 1; i < node.children.size(); ++i) {
        const auto more = evaluate(snapshot, plan, node.children[i]);
        for (std::size_t word = 0; word < bits.size(); ++word)
            bits[word] = node.kind == FilterNode::Kind::And ? bits[word] & more[word]
                                                            : bits[word] | more[word];
    }
    return bits;
}

} // namespace

RowFilter compileFilter(const FilterNode &node, const FilterFields &fields)
{
    if (node.kind == FilterNode::Kind::All)
        return {};
    auto plan = std::make_shared<Plan>();
    plan->root = node;
    for (std::size_t i = 0; i < fields.columns.size(); ++i) {
        if (fields.columns[i].kind == CellKind::Text && fields.columns[i].searched)
            plan->searched.push_back(int(i));
    }
    return [plan](const RowSnapshot &snapshot) { return evaluate(snapshot, *plan, plan->root); };
}

} // namespace pilothouse
