// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// /proc/pressure: the share of time in which some or all tasks waited.
#include "agents/collectors/collector.h"
#include "agents/collectors/textscan.h"

namespace pilothouse::agent {

namespace {

constexpr const char *resources[] = {"cpu", "memory", "io"};

class PressureCollector : public Collector {
public:
    explicit PressureCollector(const std::filesystem::path &root)
    {
        for (const auto *resource : resources)
            m_files.push_back({KernelFile(root, std::string("proc/pressure/") + resource), {}, {}});
    }

    std::string read(Reading &reading) override
    {
        std::string wrong;
        for (std::size_t i = 0; i < std::size(resources); ++i) {
            auto one = readOne(reading, m_files[i], resources[i]);
            if (!one.empty())
                wrong = std::move(one);
        }
        return wrong;
    }

private:
    struct File {
        KernelFile file;
        SeriesId ratio[2], total[2]; ///< some, full
    };

    static std::string readOne(Reading &reading, File &file, const char *resource)
    {
        TextScan scan(file.file.read(reading.buffer));
        if (scan.atEnd())
            return file.file.error()
                + " (the kernel has no pressure stall information, or it is off)";
        for (; !scan.atEnd(); scan.skipLine()) {
            const auto kind = scan.word();
            if (kind != "some" && kind != "full")
                continue;
            const int at = kind == "full";
            int64_t average = 0, total = 0;
            if (scan.word('=') != "avg10" || !scan.take('=') || !scan.decimal(2, average))
                return file.file.name() + ": expected avg10";
            scan.word(); // avg60
            scan.word(); // avg300
            if (scan.word('=') != "total" || !scan.take('=') || !scan.number(total))
                return file.file.name() + ": expected total";
            if (file.ratio[at] == file.total[at]) {
                const auto name = "pressure_" + std::string(resource) + "_" + std::string(kind);
                file.ratio[at]
                    = reading.registry.add(name + "_ratio", "", "ratio", MetricKind::Gauge, 0.0001);
                file.total[at] = reading.registry.add(
                    name + "_seconds", "", "seconds", MetricKind::Counter, 1e-6);
            }
            reading.registry.set(file.ratio[at], average);
            reading.registry.set(file.total[at], total);
        }
        return {};
    }

    std::vector<File> m_files;
};

constexpr const char *metrics[]
    = {"pressure_cpu_some_ratio", "pressure_memory_some_ratio", "pressure_io_some_ratio"};

} // namespace

extern constinit const CollectorInfo pressureCollector{
    "pressure", 1, metrics, &makeCollector<PressureCollector>};

} // namespace pilothouse::agent
