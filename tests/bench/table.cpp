// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Sort and filter of 100,000 rows: `ours` by RowIndexModel, `peer` by QSortFilterProxyModel over a
// table of QVariants. Prints "step microseconds" lines: CPU time of the process with its work
// threads until the rows are in place, as other work on the machine must not decide; and the same
// by the clock on the wall as "step_wall".
#include "core/models/filter.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QRandomGenerator>
#include <QSortFilterProxyModel>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <ctime>

using namespace pilothouse;

namespace {

constexpr int rowCount = 100000;
enum { Device, Util, Memory, Owner, Job, ColumnCount };

struct BenchRow {
    QString device, owner, job;
    double util, memory;
};

std::vector<BenchRow> benchRows()
{
    QRandomGenerator random(42);
    std::vector<BenchRow> rows;
    for (int i = 0; i < rowCount; ++i) {
        // Arrive in no order, as nodes connect.
        const int device = int((qint64(i) * 7919) % rowCount);
        rows.push_back({QStringLiteral("a%1-n%2 GPU %3")
                            .arg(device / 1600)
                            .arg(device / 8 % 200, 3, 10, QLatin1Char('0'))
                            .arg(device % 8),
            QStringLiteral("person%1").arg(random.bounded(200)),
            QStringLiteral("job-%1").arg(random.bounded(5000)), random.bounded(101) / 100.0,
            random.bounded(80.0) * 1073741824.0});
    }
    return rows;
}

/// The peer's source: one QVariant a cell, no lookups by string.
class VariantTable : public QAbstractTableModel {
public:
    explicit VariantTable(const std::vector<BenchRow> &rows)
    {
        for (const auto &row : rows)
            m_cells.push_back({row.device, row.util, row.memory, row.owner, row.job});
    }
    int rowCount(const QModelIndex &parent = {}) const override
    {
        return parent.isValid() ? 0 : int(m_cells.size());
    }
    int columnCount(const QModelIndex &parent = {}) const override
    {
        return parent.isValid() ? 0 : int(ColumnCount);
    }
    QVariant data(const QModelIndex &index, int role) const override
    {
        return role == Qt::DisplayRole
            ? m_cells[std::size_t(index.row())][std::size_t(index.column())]
            : QVariant();
    }

private:
    std::vector<std::array<QVariant, ColumnCount>> m_cells;
};

/// "util < 5" needs a filter of its own, as everyone writes it.
class PeerProxy : public QSortFilterProxyModel {
public:
    void setLess(double limit)
    {
        m_limit = limit;
        invalidateFilter();
    }

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override
    {
        if (m_limit > 0)
            return sourceModel()->index(row, Util, parent).data().toDouble() < m_limit;
        return QSortFilterProxyModel::filterAcceptsRow(row, parent);
    }

private:
    double m_limit = 0;
};

class Side {
public:
    virtual ~Side() = default;
    virtual void sort(int column, Qt::SortOrder order) = 0;
    virtual void filterText(const QString &text) = 0; ///< in the device column
    virtual void filterLess(double percent) = 0; ///< 0 = none
    virtual int shown() const = 0;
};

class Ours : public Side {
public:
    Ours()
    {
        m_fields.columns
            = {{"device", "Device", CellKind::Text}, {"util", "Util", CellKind::Number, "ratio"},
                {"memory", "Memory", CellKind::Number, "bytes"}, {"owner", "Owner", CellKind::Text},
                {"job", "Job", CellKind::Text}};
        m_model = std::make_unique<RowIndexModel>(m_fields.columns);
        {
            const auto rows = benchRows();
            RowIndexModel::Edit edit(m_model.get());
            for (std::size_t i = 0; i < rows.size(); ++i) {
                const auto slot = edit.row(QString::number(i));
                edit.set(slot, Device, rows[i].device);
                edit.set(slot, Util, rows[i].util);
                edit.set(slot, Memory, rows[i].memory);
                edit.set(slot, Owner, rows[i].owner);
                edit.set(slot, Job, rows[i].job);
            }
        }
        wait();
    }
    void sort(int column, Qt::SortOrder order) override
    {
        m_model->sort(column, order);
        wait();
    }
    void filterText(const QString &text) override
    {
        setFilter(text.isEmpty() ? text : QStringLiteral("device ~ \"%1\"").arg(text));
    }
    void filterLess(double percent) override
    {
        setFilter(percent > 0 ? QStringLiteral("util < %1").arg(percent) : QString());
    }
    int shown() const override { return m_model->rowCount(); }

private:
    void setFilter(const QString &text)
    {
        m_model->setFilter(compileFilter(parseFilter(text, m_fields).value(), m_fields));
        wait();
    }
    void wait()
    {
        while (m_model->isSettling())
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    }
    FilterFields m_fields;
    std::unique_ptr<RowIndexModel> m_model;
};

class Peer : public Side {
public:
    Peer()
        : m_source(benchRows())
    {
        m_proxy.setFilterKeyColumn(Device);
        m_proxy.setFilterCaseSensitivity(Qt::CaseInsensitive);
        m_proxy.setSourceModel(&m_source);
        m_proxy.sort(Device);
    }
    void sort(int column, Qt::SortOrder order) override { m_proxy.sort(column, order); }
    void filterText(const QString &text) override { m_proxy.setFilterFixedString(text); }
    void filterLess(double percent) override { m_proxy.setLess(percent / 100); }
    int shown() const override { return m_proxy.rowCount(); }

private:
    VariantTable m_source;
    PeerProxy m_proxy;
};

/// CPU and wall time since start().
class Clock {
public:
    void start()
    {
        m_cpu = now(CLOCK_PROCESS_CPUTIME_ID);
        m_wall = now(CLOCK_MONOTONIC);
    }
    std::pair<qint64, qint64> elapsed() const
    {
        return {now(CLOCK_PROCESS_CPUTIME_ID) - m_cpu, now(CLOCK_MONOTONIC) - m_wall};
    }

private:
    static qint64 now(clockid_t clock)
    {
        timespec time{};
        clock_gettime(clock, &time);
        return qint64(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
    }
    qint64 m_cpu = 0, m_wall = 0;
};

template <typename Step> void timed(const char *name, int rounds, Side &side, Step step)
{
    std::vector<qint64> cpu, wall;
    for (int round = 0; round < rounds; ++round) {
        Clock clock;
        step(clock);
        const auto [onCpu, onWall] = clock.elapsed();
        cpu.push_back(onCpu);
        wall.push_back(onWall);
    }
    for (auto *times : {&cpu, &wall})
        std::nth_element(times->begin(), times->begin() + rounds / 2, times->end());
    const auto middle = std::size_t(rounds / 2);
    std::printf("%s %.1f\n%s_wall %.1f\n%s_rows %d\n", name, double(cpu[middle]) / 1000, name,
        double(wall[middle]) / 1000, name, side.shown());
}

void run(Side &side, int rounds)
{
    const auto sortBy = [&](const char *name, int column) {
        timed(name, rounds, side, [&](Clock &clock) {
            side.sort(column == Memory ? Util : Memory, Qt::AscendingOrder);
            clock.start();
            side.sort(column, Qt::DescendingOrder);
        });
    };
    sortBy("sort_number", Util);
    sortBy("sort_text", Device);
    sortBy("sort_few_texts", Owner);
    side.sort(Device, Qt::AscendingOrder);
    const auto typed = [&](const char *name, const char *before, const char *after) {
        timed(name, rounds, side, [&](Clock &clock) {
            side.filterText(QString::fromLatin1(before));
            clock.start();
            side.filterText(QString::fromLatin1(after));
        });
    };
    typed("filter_keeps_all", "", "gpu");
    typed("filter_one_rack", "", "a12-");
    typed("filter_next_letter", "a1", "a12");
    typed("filter_scattered", "", "n03");
    typed("filter_cleared", "a12-", "");
    side.filterText({});
    timed("filter_number", rounds, side, [&](Clock &clock) {
        side.filterLess(0);
        clock.start();
        side.filterLess(5);
    });
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    if (argc != 3) {
        std::fputs("usage: pilothouse_bench_table ours|peer ROUNDS\n", stderr);
        return 2;
    }
    QElapsedTimer timer;
    timer.start();
    std::unique_ptr<Side> side;
    if (std::strcmp(argv[1], "ours") == 0)
        side = std::make_unique<Ours>();
    else
        side = std::make_unique<Peer>();
    std::printf("load %.1f\n", double(timer.nsecsElapsed()) / 1000);
    run(*side, std::max(1, QByteArray(argv[2]).toInt()));
    return 0;
}
