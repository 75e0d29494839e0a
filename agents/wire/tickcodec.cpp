// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/wire/tickcodec.h"

#include "agents/wire/varint.h"

#include <algorithm>

// A tick: one byte (key frame or difference), four header varints (number, boot time, wall time,
// count of values), then codes until every value is said:
//   0 n   n + 1 values as in the tick before      1   absent
//   2     one value as in the tick before         3   eight bytes follow: the zigzag difference
//   c     otherwise: zigzag difference c - 4
// The value before is absent where the tick before was shorter; a difference to absent is one to 0.
// A key frame is a difference to an empty tick of number 0 at time 0.

namespace pilothouse::wire {

namespace {

enum Frame : char { Key = 'K', Difference = 'D' };
enum Code : uint64_t { Run, Absent, Same, Wide, FirstDifference };
constexpr uint64_t widest = uint64_t(1) << 62; // above it a varint is no shorter than Wide

// What a steady 1 Hz stream advances by; only the jitter is then sent.
constexpr int64_t expectedStepNs = 1000000000;

int64_t valueAt(const Tick &tick, std::size_t i)
{
    return i < tick.values.size() ? tick.values[i] : absent;
}

void putRun(std::size_t length, std::string &out)
{
    if (length == 0)
        return;
    if (length == 1)
        return out.push_back(char(Same));
    out.push_back(char(Run));
    putVarint(length - 1, out);
}

void putDifference(uint64_t code, std::string &out)
{
    if (code < widest)
        return putVarint(code + FirstDifference, out);
    out.push_back(char(Wide));
    for (int i = 0; i < 8; ++i)
        out.push_back(char(code >> (8 * i)));
}

bool takeWide(std::string_view &in, uint64_t &code)
{
    if (in.size() < 8)
        return false;
    code = 0;
    for (int i = 0; i < 8; ++i)
        code |= uint64_t(uint8_t(in[i])) << (8 * i);
    in.remove_prefix(8);
    return true;
}

} // namespace

void TickEncoder::encode(const Tick &tick, std::string &out)
{
    out.push_back(m_started ? Difference : Key);
    const int64_t boottimeStep = difference(tick.boottimeNs, m_before.boottimeNs);
    const int64_t wallStep = difference(tick.wallNs, m_before.wallNs);
    putVarint(zigzag(difference(int64_t(tick.number), sum(int64_t(m_before.number), 1))), out);
    putVarint(zigzag(difference(boottimeStep, expectedStepNs)), out);
    putVarint(zigzag(difference(wallStep, boottimeStep)), out);
    const std::size_t count = std::min(tick.values.size(), TickDecoder::maxSeries);
    putVarint(count, out);

    std::size_t run = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const int64_t before = valueAt(m_before, i);
        const int64_t now = tick.values[i];
        if (now == before) {
            ++run;
            continue;
        }
        putRun(run, out);
        run = 0;
        if (now == absent)
            out.push_back(char(Absent));
        else
            putDifference(zigzag(difference(now, before == absent ? 0 : before)), out);
    }
    putRun(run, out);

    m_before.number = tick.number;
    m_before.boottimeNs = tick.boottimeNs;
    m_before.wallNs = tick.wallNs;
    m_before.values.assign(tick.values.begin(), tick.values.begin() + std::ptrdiff_t(count));
    m_started = true;
}

std::optional<Tick> decodeHeader(std::string_view &in, const Tick &before, bool &isKey)
{
    if (in.empty() || (in[0] != Key && in[0] != Difference))
        return {};
    isKey = in[0] == Key;
    in.remove_prefix(1);
    uint64_t number = 0, boottime = 0, wall = 0;
    if (!takeVarint(in, number) || !takeVarint(in, boottime) || !takeVarint(in, wall))
        return {};
    Tick tick; // another encoder's stream may follow in the same bytes, it starts from nothing
    if (!isKey)
        tick = {before.number, before.boottimeNs, before.wallNs, {}};
    const int64_t boottimeStep = sum(unzigzag(boottime), expectedStepNs);
    tick.number = uint64_t(sum(sum(int64_t(tick.number), 1), unzigzag(number)));
    tick.boottimeNs = sum(tick.boottimeNs, boottimeStep);
    tick.wallNs = sum(tick.wallNs, sum(boottimeStep, unzigzag(wall)));
    return tick;
}

namespace {

/// takeVarint with the short ones first: most differences take one or two bytes.
inline bool takeCode(std::string_view &in, uint64_t &code)
{
    if (in.size() >= 2) {
        const auto first = uint8_t(in[0]), second = uint8_t(in[1]);
        if (first < 0x80) {
            code = first;
            in.remove_prefix(1);
            return true;
        }
        if (second < 0x80) {
            code = uint64_t(first & 0x7f) | uint64_t(second) << 7;
            in.remove_prefix(2);
            return true;
        }
    }
    return takeVarint(in, code);
}

} // namespace

std::optional<Tick> TickDecoder::decode(std::string_view &in)
{
    const auto *tick = next(in);
    return tick != nullptr ? std::optional<Tick>(*tick) : std::nullopt;
}

const Tick *TickDecoder::next(std::string_view &in)
{
    bool isKey = false;
    auto header = decodeHeader(in, m_before, isKey);
    uint64_t count = 0;
    if (!header || (!isKey && !m_started) || !takeVarint(in, count) || count > maxSeries) {
        m_started = false;
        return nullptr;
    }
    if (!isKey)
        header->values = std::move(m_before.values);
    m_before = std::move(*header);
    m_before.values.resize(count, absent);

    m_started = false; // damaged in the middle: the differences that follow have lost their base
    int64_t *const values = m_before.values.data();
    std::string_view rest = in; // a local one, so that it stays in registers
    for (std::size_t i = 0; i < count; ++i) {
        uint64_t code = 0;
        if (!takeCode(rest, code))
            return nullptr;
        int64_t &value = values[i];
        if (code == Run) {
            uint64_t more = 0;
            if (!takeVarint(rest, more) || more >= count - i)
                return nullptr;
            i += more;
        } else if (code == Absent) {
            value = absent;
        } else if (code != Same) {
            if (code == Wide ? !takeWide(rest, code) : (code -= FirstDifference) >= widest)
                return nullptr;
            value = sum(value == absent ? 0 : value, unzigzag(code));
        }
    }
    in = rest;
    m_started = true;
    return &m_before;
}

} // namespace pilothouse::wire
