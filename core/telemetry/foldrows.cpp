// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/foldrows.h"

#include <algorithm>
#include <atomic>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace pilothouse {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

struct Settled {
    static double load(const double *cell) { return *cell; }
#ifdef __SSE2__
    static __m128d loadPair(const double *cells)
    {
        return _mm_loadu_pd(cells);
    }
#endif
};
/// A late value may fill a hole meanwhile. One load of eight aligned bytes, which no processor
/// tears; std::atomic_ref would take it through an integer register.
struct Changing {
    static double load(const double *cell) { return *static_cast<const volatile double *>(cell); }
#ifdef __SSE2__
    static __m128d loadPair(const double *cells)
    {
        return _mm_set_pd(load(cells + 1), load(cells));
    }
#endif
};

template <typename T> T loaded(const T &field, std::memory_order order = std::memory_order_relaxed)
{
    return std::atomic_ref<T>(const_cast<T &>(field)).load(order);
}
template <typename T>
void put(T &field, T value, std::memory_order order = std::memory_order_relaxed)
{
    std::atomic_ref<T>(field).store(value, order);
}

Column columnOf(const LevelCell &level)
{
    // Before the others, which are written before it.
    const auto count = quint32(loaded(level.count, std::memory_order_acquire));
    if (count == 0)
        return {};
    return {loaded(level.min), loaded(level.max), loaded(level.first), loaded(level.last), count,
        loaded(level.sum)};
}

/// Minimum, maximum, sum and count of cells that may be absent, in independent lanes.
class Lanes {
public:
#ifdef __SSE2__
    template <typename Cells> void add(const double *cells)
    {
        m_a.add(Cells::loadPair(cells));
        m_b.add(Cells::loadPair(cells + 2));
    }
    void addOne(double value)
    {
        m_a.add(_mm_set_pd(std::numeric_limits<double>::quiet_NaN(), value));
    }
    void finish(Column &column) const
    {
        const auto upper = [](__m128d pair) { return _mm_unpackhi_pd(pair, pair); };
        const __m128d low = _mm_min_pd(m_a.low, m_b.low), high = _mm_max_pd(m_a.high, m_b.high),
                      sum = _mm_add_pd(m_a.sum, m_b.sum);
        const __m128i some = _mm_add_epi64(m_a.some, m_b.some);
        column.min = _mm_cvtsd_f64(_mm_min_sd(low, upper(low)));
        column.max = _mm_cvtsd_f64(_mm_max_sd(high, upper(high)));
        column.sum = _mm_cvtsd_f64(_mm_add_sd(sum, upper(sum)));
        column.count
            = quint32(-_mm_cvtsi128_si32(_mm_add_epi64(some, _mm_unpackhi_epi64(some, some))));
    }

private:
    struct Pair {
        __m128d low = _mm_set1_pd(infinity), high = _mm_set1_pd(-infinity), sum = _mm_setzero_pd();
        __m128i some = _mm_setzero_si128(); // less than zero

        // min and max give their second operand when the first one is NaN.
        void add(__m128d value)
        {
            low = _mm_min_pd(value, low);
            high = _mm_max_pd(value, high);
            const __m128d there = _mm_cmpord_pd(value, value); // all ones, which is -1
            sum = _mm_add_pd(sum, _mm_and_pd(value, there));
            some = _mm_add_epi64(some, _mm_castpd_si128(there));
        }
    };
    Pair m_a, m_b;
#else
    template <typename Cells> void add(const double *cells)
    {
        for (int i = 0; i < width; ++i)
            addTo(i, Cells::load(cells + i));
    }
    void addOne(double value)
    {
        addTo(0, value);
    }
    void finish(Column &column) const
    {
        column.min = *std::min_element(m_low, m_low + width);
        column.max = *std::max_element(m_high, m_high + width);
        column.sum = (m_sum[0] + m_sum[1]) + (m_sum[2] + m_sum[3]);
        column.count = quint32(m_some[0] + m_some[1] + m_some[2] + m_some[3]);
    }

private:
    void addTo(int lane, double value)
    {
        m_low[lane] = value < m_low[lane] ? value : m_low[lane];
        m_high[lane] = value > m_high[lane] ? value : m_high[lane];
        m_sum[lane] += value == value ? value : 0;
        m_some[lane] += value == value ? 1 : 0;
    }

    double m_low[4] = {infinity, infinity, infinity, infinity};
    double m_high[4] = {-infinity, -infinity, -infinity, -infinity};
    double m_sum[4] = {}, m_some[4] = {};
#endif

public:
    static constexpr int width = 4;
};

/// Cells of which some are absent.
template <typename Cells>
[[gnu::noinline]] void foldSome(const double *cells, int count, Column &column)
{
    double low = infinity, high = -infinity, sum = 0, first = 0, last = 0;
    quint32 some = 0;
    for (int i = 0; i < count; ++i) {
        const double value = Cells::load(cells + i);
        if (value != value)
            continue;
        first = some++ == 0 ? value : first;
        last = value;
        low = value < low ? value : low;
        high = value > high ? value : high;
        sum += value;
    }
    column = {};
    if (some > 0)
        column = {low, high, first, last, some, sum};
}

/// Up to three cells, as in a chart of an hour, without a branch on how many.
template <typename Cells> inline void foldFew(const double *cells, unsigned count, Column &column)
{
    const double first = Cells::load(cells), middle = Cells::load(cells + count / 2),
                 last = Cells::load(cells + count - 1);
    static constexpr double more[] = {0, 0, 1, 1}, third[] = {0, 0, 0, 1};
    const double sum = first + last * more[count] + middle * third[count];
    if (sum != sum) // cells are finite or absent
        return foldSome<Cells>(cells, int(count), column);
    const double least = middle < first ? middle : first, most = middle > first ? middle : first;
    column.min = last < least ? last : least;
    column.max = last > most ? last : most;
    column.first = first;
    column.last = last;
    column.count = count;
    column.sum = sum;
}

/// `column` is written anew; `count` is at least one.
template <typename Cells> inline void foldCells(const double *cells, int count, Column &column)
{
    if (count < Lanes::width)
        return foldFew<Cells>(cells, unsigned(count), column);
    Lanes lanes;
    int i = 0;
    for (; i + Lanes::width <= count; i += Lanes::width)
        lanes.add<Cells>(cells + i);
    for (; i < count; ++i)
        lanes.addOne(Cells::load(cells + i));
    lanes.finish(column);
    if (column.count == 0) {
        column = {};
        return;
    }
    // A cell that was filled meanwhile may count in one loop and not in the other.
    column.first = column.last = column.min;
    for (int k = 0; k < count; ++k)
        if (const double value = Cells::load(cells + k); value == value) {
            column.first = value;
            break;
        }
    for (int k = count; k-- > 0;)
        if (const double value = Cells::load(cells + k); value == value) {
            column.last = value;
            break;
        }
}
template <typename Cells> Column foldCells(const double *cells, int count)
{
    Column column;
    if (count > 0)
        foldCells<Cells>(cells, count, column);
    return column;
}

template <typename Cells> Column foldRange(const SeriesRows &rows, int begin, int end)
{
    const int from = (begin + levelRows - 1) / levelRows,
              to = std::min(end / levelRows, rows.levelled);
    if (from >= to)
        return foldCells<Cells>(rows.cells + begin, end - begin);
    auto column = foldCells<Cells>(rows.cells + begin, from * levelRows - begin);
    for (int i = from; i < to; ++i)
        foldColumn(column, columnOf(rows.levels[i]));
    foldColumn(column, foldCells<Cells>(rows.cells + to * levelRows, end - to * levelRows));
    return column;
}

template <typename Cells>
void addRates(const SeriesRows &rows, int begin, int end, CounterState &state, Column &column)
{
    for (int i = begin; i < end; ++i) {
        const double value = Cells::load(rows.cells + i);
        if (value != value)
            continue;
        const double rate = state.next(rows.times[std::size_t(i)], value);
        if (rate == rate)
            foldColumn(column, {rate, rate, rate, rate, 1, rate});
    }
}

template <typename Cells>
Column ratesInRange(const SeriesRows &rows, int begin, int end, CounterState &state)
{
    Column column;
    const int from = (begin + levelRows - 1) / levelRows,
              to = std::min(end / levelRows, rows.levelled);
    if (from >= to) {
        addRates<Cells>(rows, begin, end, state, column);
        return column;
    }
    addRates<Cells>(rows, begin, from * levelRows, state, column);
    for (int i = from; i < to; ++i) {
        // What joins this level to the value before it is not in there.
        int first = i * levelRows, last = first + levelRows - 1;
        const auto isThere = [&](int row) {
            const double value = Cells::load(rows.cells + row);
            return value == value;
        };
        while (first <= last && !isThere(first))
            ++first;
        while (last > first && !isThere(last))
            --last;
        if (first > last)
            continue;
        addRates<Cells>(rows, first, first + 1, state, column);
        foldColumn(column, columnOf(rows.levels[i]));
        state = {rows.times[std::size_t(last)], Cells::load(rows.cells + last)};
    }
    addRates<Cells>(rows, to * levelRows, end, state, column);
    return column;
}

template <typename Cells> void intoColumns(
    const SeriesRows &rows, const RowEdges &edges, std::span<Column> columns, int fresh)
{
    int begin = edges.begin();
    for (int i = edges.firstColumn(); i <= edges.lastColumn(); ++i) {
        const int end = edges.row(i + 1);
        auto &column = columns[std::size_t(i)];
        if (i < fresh)
            foldColumn(column, foldRange<Cells>(rows, begin, end));
        else if (end == begin)
            column = {};
        else if (end - begin < Lanes::width)
            foldFew<Cells>(rows.cells + begin, unsigned(end - begin), column);
        else if (end - begin < levelRows)
            foldCells<Cells>(rows.cells + begin, end - begin, column);
        else
            column = foldRange<Cells>(rows, begin, end);
        begin = end;
    }
}

} // namespace

Column foldRows(const SeriesRows &rows, int begin, int end)
{
    return rows.settled ? foldRange<Settled>(rows, begin, end)
                        : foldRange<Changing>(rows, begin, end);
}

Column foldRates(const SeriesRows &rows, int begin, int end, CounterState &state)
{
    return rows.settled ? ratesInRange<Settled>(rows, begin, end, state)
                        : ratesInRange<Changing>(rows, begin, end, state);
}

void seedCounter(const SeriesRows &rows, int end, qint64 time, CounterState &state)
{
    for (int row = end; row-- > 0 && rows.times[std::size_t(row)] >= time - longestRateGap;)
        if (const double value = Changing::load(rows.cells + row); value == value) {
            state = {rows.times[std::size_t(row)], value};
            return;
        }
}

void makeLevel(const SeriesRows &rows, int index, bool counter, LevelCell &level)
{
    const int begin = index * levelRows, end = std::min(begin + levelRows, int(rows.times.size()));
    SeriesRows plain = rows;
    plain.levelled = 0;
    CounterState state;
    const auto column = counter ? foldRates(plain, begin, end, state) : foldRows(plain, begin, end);
    // With the count last, and nothing else when it is none: what a reader finds that counts has
    // been a value.
    if (column.count > 0) {
        put(level.min, column.min);
        put(level.max, column.max);
        put(level.first, column.first);
        put(level.last, column.last);
        put(level.sum, column.sum);
    }
    put(level.count, quint64(column.count), std::memory_order_release);
}

void foldIntoColumns(
    const SeriesRows &rows, const RowEdges &edges, std::span<Column> columns, int fresh)
{
    if (rows.settled)
        intoColumns<Settled>(rows, edges, columns, fresh);
    else
        intoColumns<Changing>(rows, edges, columns, fresh);
}

void foldIntoColumns(const SeriesRows &rows, const RowEdges &edges, CounterState &state,
    std::span<Column> columns, int fresh)
{
    int begin = edges.begin();
    for (int i = edges.firstColumn(); i <= edges.lastColumn(); ++i) {
        const int end = edges.row(i + 1);
        auto &column = columns[std::size_t(i)];
        const auto rates = foldRates(rows, begin, end, state);
        if (i < fresh)
            foldColumn(column, rates);
        else
            column = rates;
        begin = end;
    }
}

} // namespace pilothouse
