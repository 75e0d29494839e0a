// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/filter.h"

#include <cstdlib>

using namespace pilothouse;

static const FilterFields &fuzzedFields()
{
    static const FilterFields fields{
        {{QStringLiteral("node"), QStringLiteral("Node"), CellKind::Text},
            {QStringLiteral("util"), QStringLiteral("Util"), CellKind::Number,
                QStringLiteral("ratio")},
            {QStringLiteral("idle"), QStringLiteral("Idle"), CellKind::Number,
                QStringLiteral("seconds")},
            {QStringLiteral("owner"), {}, CellKind::Text, {}, {}, {}, {QStringLiteral("me")}},
            {QStringLiteral("reserved"), {}, CellKind::Number, QStringLiteral("flag")}},
        4};
    return fields;
}

static const RowIndexModel &fuzzedRows()
{
    static RowIndexModel model(fuzzedFields().columns);
    if (model.rowCount() == 0) {
        RowIndexModel::Edit edit(&model);
        for (int i = 0; i < 70; ++i) {
            const auto slot = edit.row(QString::number(i));
            edit.set(slot, 0, QStringLiteral("n%1").arg(i));
            edit.set(slot, 1, i / 70.0);
            edit.set(slot, 3, QStringLiteral("o\"%1").arg(i % 4));
        }
    }
    return model;
}

// The first byte is where the cursor stands, the rest is what was typed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size == 0)
        return 0;
    const auto text
        = QString::fromUtf8(reinterpret_cast<const char *>(data) + 1, qsizetype(size) - 1);
    const auto options = completeFilter(text, qsizetype(data[0]), fuzzedFields(),
        [](int column) { return columnValues(fuzzedRows(), column); });
    if (options.from < 0 || options.from > options.to || options.to > text.size())
        std::abort();
    const auto node = parseFilter(text, fuzzedFields());
    if (!node) {
        const auto &error = node.error();
        if (error.from < 0 || error.length < 0 || error.from + error.length > text.size()
            || error.message.isEmpty())
            std::abort();
        return 0;
    }
    const auto written = filterText(*node, fuzzedFields());
    const auto again = parseFilter(written, fuzzedFields());
    // What is written out may be too long to be typed, and huge numbers lose digits.
    if (!again) {
        if (written.size() <= 4096)
            std::abort();
        return 0;
    }
    if (filterText(*again, fuzzedFields()).size() == 0 && !written.isEmpty())
        std::abort();
    if (const auto filter = compileFilter(*node, fuzzedFields())) {
        const auto snapshot = fuzzedRows().store().snapshot();
        if (filter(snapshot).size() != snapshot.alive->size())
            std::abort();
    }
    return 0;
}
