// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// /sys/class/hwmon, or thermal zones where there is none.
#include "agents/collectors/collector.h"
#include "agents/collectors/textscan.h"

#include <algorithm>

namespace pilothouse::agent {

namespace {

namespace fs = std::filesystem;

std::string firstLine(const fs::path &path)
{
    auto text = readOnce(path);
    text.resize(std::min(text.find('\n'), text.size()));
    return text;
}

class TemperatureCollector : public Collector {
public:
    explicit TemperatureCollector(const fs::path &root)
        : m_root(root)
    {
    }

    std::string read(Reading &reading) override
    {
        if (m_searchIn == 0) {
            search(reading.registry);
            m_searchIn = 30; // sensors rarely appear later, but modules may
        }
        --m_searchIn;
        if (m_sensors.empty())
            return "sys/class/hwmon: this host shows no temperature sensor";
        for (auto &sensor : m_sensors) {
            // A sensor that cannot be read now (a sleeping disk says EAGAIN) is absent.
            int64_t value = 0;
            if (TextScan(sensor.file.read(reading.buffer)).number(value))
                reading.registry.set(sensor.series, value);
        }
        return {};
    }

private:
    struct Sensor {
        std::string path;
        KernelFile file;
        SeriesId series;
    };

    void search(Registry &registry)
    {
        for (const auto &chip : sorted("sys/class/hwmon")) {
            const auto name = firstLine(m_root / chip / "name");
            for (const auto &file : sorted(chip)) {
                const auto leaf = file.filename().string();
                if (!leaf.starts_with("temp") || !leaf.ends_with("_input"))
                    continue;
                const auto number = leaf.substr(0, leaf.size() - 6);
                const auto label = firstLine(m_root / chip / (number + "_label"));
                add(registry, file, name + " " + (label.empty() ? number : label),
                    chip.filename().string());
            }
        }
        if (!m_sensors.empty())
            return;
        for (const auto &zone : sorted("sys/class/thermal")) {
            if (zone.filename().string().starts_with("thermal_zone"))
                add(registry, zone / "temp", firstLine(m_root / zone / "type"),
                    zone.filename().string());
        }
    }

    std::vector<fs::path> sorted(const fs::path &folder) const
    {
        std::vector<fs::path> entries;
        std::error_code error;
        for (fs::directory_iterator at(m_root / folder, error), end; !error && at != end;
             at.increment(error))
            entries.push_back(folder / at->path().filename());
        std::sort(entries.begin(), entries.end());
        return entries;
    }

    void add(Registry &registry, const fs::path &file, std::string device, const std::string &place)
    {
        const auto same = [&](const Sensor &sensor) { return sensor.path == file.string(); };
        if (std::any_of(m_sensors.begin(), m_sensors.end(), same))
            return;
        if (std::find(m_names.begin(), m_names.end(), device) != m_names.end())
            device += " (" + place + ")"; // two disks, two sockets
        m_names.push_back(device);
        const auto id
            = registry.add("temperature_celsius", device, "celsius", MetricKind::Gauge, 0.001);
        m_sensors.push_back({file.string(), KernelFile(m_root, file.string()), id});
    }

    fs::path m_root;
    std::vector<Sensor> m_sensors;
    std::vector<std::string> m_names;
    int m_searchIn = 0;
};

constexpr const char *metrics[] = {"temperature_celsius"};

} // namespace

extern constinit const CollectorInfo temperatureCollector{
    "temperatures", 10, metrics, &makeCollector<TemperatureCollector>};

} // namespace pilothouse::agent
