// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// The three forms in which the kernel's messages can be had.
#include "agents/collectors/kernelline.h"
#include "agents/collectors/textscan.h"

#include <algorithm>

namespace pilothouse::agent {

static constexpr int64_t farthestUs = int64_t(1) << 52; // 142 years

/// Calls `each` for every line without its end.
template <typename Each> static void eachLine(std::string_view text, Each each)
{
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        each(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

std::vector<KernelRecord> readKmsg(std::string_view text)
{
    std::vector<KernelRecord> records;
    eachLine(text, [&](std::string_view line) {
        // A blank begins what belongs to the record before.
        const auto semicolon = line.find(';');
        if (line.starts_with(' ') || semicolon == std::string_view::npos)
            return;
        TextScan head(line.substr(0, semicolon));
        int64_t priority = 0, sequence = 0, us = 0;
        if (!head.number(priority) || !head.take(',') || !head.number(sequence) || !head.take(',')
            || !head.number(us) || us < 0 || us > farthestUs)
            return;
        records.push_back({us, std::string(line.substr(semicolon + 1))});
    });
    return records;
}

/// Takes "[   12.345678] " from the front; false when there is none.
static bool takeTime(std::string_view &line, int64_t &us)
{
    const auto close = line.find(']');
    if (!line.starts_with('[') || close == std::string_view::npos || close > 32)
        return false;
    TextScan scan(line.substr(1, close - 1));
    if (!scan.decimal(6, us) || us < 0 || us > farthestUs)
        return false;
    line.remove_prefix(close + 1);
    return true;
}

static void dropBlanks(std::string_view &line)
{
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
}

std::vector<KernelRecord> readKernelBuffer(std::string_view text)
{
    std::vector<KernelRecord> records;
    eachLine(text, [&](std::string_view line) {
        if (const auto close = line.find('>'); line.starts_with('<') && close < 6)
            line.remove_prefix(close + 1);
        int64_t us = 0;
        if (!takeTime(line, us))
            return;
        // With CONFIG_PRINTK_CALLER: "[T123]" or "[C1]", blanks before the letter.
        const auto close = line.find(']');
        if (line.starts_with('[') && close < 16)
            line.remove_prefix(close + 1);
        dropBlanks(line);
        records.push_back({us, std::string(line)});
    });
    return records;
}

std::vector<KernelRecord> takeNewRecords(std::vector<KernelRecord> all, KernelRecord &last)
{
    if (all.empty())
        return all;
    const auto known = std::find_if(all.rbegin(), all.rend(), [&](const KernelRecord &one) {
        return one.us == last.us && one.text.starts_with(last.text);
    });
    const KernelRecord newest = all.back();
    if (known != all.rend())
        all.erase(all.begin(), known.base());
    else
        std::erase_if(all, [&](const KernelRecord &one) { return one.us <= last.us; });
    last = newest;
    return all;
}

std::vector<KernelRecord> readJournal(std::string_view text)
{
    std::vector<KernelRecord> records;
    eachLine(text, [&](std::string_view line) {
        int64_t us = 0;
        const std::string_view kernel = " kernel: ";
        if (!takeTime(line, us))
            return;
        const auto at = line.find(kernel);
        if (at == std::string_view::npos || at > 300) // a host's name stands before it
            return;
        records.push_back({us, std::string(line.substr(at + kernel.size()))});
    });
    return records;
}

} // namespace pilothouse::agent
