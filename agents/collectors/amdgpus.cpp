// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// AMD's GPUs by the files of the amdgpu driver, under the same metrics as NVIDIA's.
#include "agents/collectors/amdcard.h"
#include "agents/collectors/collector.h"
#include "agents/collectors/printable.h"

#include <algorithm>

namespace pilothouse::agent {

namespace {

namespace fs = std::filesystem;

constexpr uint32_t searchEvery = 60; // ticks; a card that is plugged in later is rare

constexpr struct {
    const char *metric, *unit;
    double step;
    int64_t divide; ///< the driver's value by this is in steps
    MetricKind kind = MetricKind::Gauge;
} fields[std::size_t(AmdField::Count)] = {
    {"gpu_busy_ratio", "ratio", 0.01, 1},
    {"gpu_memory_busy_ratio", "ratio", 0.01, 1},
    {"gpu_memory_used_bytes", "bytes", 4096, 4096},
    {"gpu_memory_total_bytes", "bytes", 4096, 4096},
    {"gpu_power_watts", "watts", 0.001, 1},
    {"gpu_power_limit_watts", "watts", 0.001, 1},
    {"gpu_temperature_celsius", "celsius", 1, 1000},
    {"gpu_memory_temperature_celsius", "celsius", 1, 1000},
    {"gpu_sm_clock_hertz", "hertz", 1e6, 1000000},
    {"gpu_memory_clock_hertz", "hertz", 1e6, 1000000},
    {"gpu_fan_ratio", "ratio", 0.01, 1},
    {"gpu_pcie_generation", "", 1, 1, MetricKind::State},
    {"gpu_pcie_width", "", 1, 1, MetricKind::State},
    {"gpu_pcie_replays", "", 1, 1, MetricKind::Counter},
    {"gpu_ecc_corrected_errors", "", 1, 1, MetricKind::Counter},
    {"gpu_ecc_uncorrected_errors", "", 1, 1, MetricKind::Counter},
};

// What NVIDIA's library gives and these files do not have.
constexpr const char *notOffered[] = {"gpu_throttle_reasons", "gpu_remapped_rows",
    "gpu_pcie_transmit_bytes", "gpu_pcie_receive_bytes", "gpu_energy_joules",
    "gpu_encoder_busy_ratio", "gpu_decoder_busy_ratio", "gpu_sm_active_ratio", "gpu_xid_errors"};

std::string wordIn(const fs::path &file)
{
    auto text = readOnce(file);
    text.resize(std::min(text.find('\n'), text.size()));
    return printable(text.substr(0, 96));
}

class AmdCollector : public Collector {
public:
    explicit AmdCollector(const fs::path &root)
        : m_root(root)
    {
    }

    std::string read(Reading &reading) override
    {
        if (m_untilSearch == 0) {
            search(reading.registry);
            m_untilSearch = searchEvery;
        }
        --m_untilSearch;
        for (auto &gpu : m_gpus)
            readOne(reading.registry, gpu);
        return {};
    }

    std::vector<DeviceInfo> devices() const override
    {
        std::vector<DeviceInfo> devices;
        for (const auto &gpu : m_gpus)
            devices.push_back(gpu.card->info());
        return devices;
    }

private:
    struct Gpu {
        std::unique_ptr<AmdCard> card;
        SeriesId series[std::size_t(AmdField::Count)];
        bool told[std::size_t(AmdField::Count)]{}; ///< that the card does not offer it
    };

    void search(Registry &registry)
    {
        std::vector<fs::path> cards;
        std::error_code error;
        for (fs::directory_iterator at(m_root / "sys/class/drm", error), end; !error && at != end;
             at.increment(error)) {
            const auto name = at->path().filename().string();
            if (name.starts_with("card") && name.find('-') == std::string::npos)
                cards.push_back(at->path() / "device");
        }
        std::sort(cards.begin(), cards.end());
        for (const auto &device : cards) {
            if (wordIn(device / "vendor") == "0x1002" && !knows(device))
                add(registry, device);
        }
    }

    bool knows(const fs::path &device) const
    {
        return std::find(m_known.begin(), m_known.end(), device) != m_known.end();
    }

    void add(Registry &registry, const fs::path &device)
    {
        m_known.push_back(device);
        DeviceInfo info;
        std::error_code error;
        info.bus = fs::canonical(device, error).filename().string();
        const auto id = wordIn(device / "unique_id");
        info.uuid = "GPU-" + (id.empty() ? "pci-" + info.bus : id); // as rocminfo writes it
        info.name = wordIn(device / "product_name");
        if (info.name.empty())
            info.name = "AMD GPU " + wordIn(device / "device");
        info.kind = "amd";
        info.index = uint32_t(m_gpus.size());
        info.driver = wordIn(m_root / "sys/module/amdgpu/version");
        if (info.driver.empty())
            info.driver = "amdgpu of Linux " + wordIn(m_root / "proc/sys/kernel/osrelease");
        for (const auto *metric : notOffered)
            registry.unsupported(metric, info.uuid, "amdgpu's files do not have it");
        Gpu gpu;
        std::fill(std::begin(gpu.series), std::end(gpu.series), Registry::none);
        gpu.card = std::make_unique<AmdCard>(device, std::move(info));
        m_gpus.push_back(std::move(gpu));
    }

    static void readOne(Registry &registry, Gpu &gpu)
    {
        const auto values = gpu.card->read();
        if (!values)
            return;
        const auto &uuid = gpu.card->info().uuid;
        for (std::size_t i = 0; i < values->size(); ++i) {
            const auto &value = (*values)[i];
            const auto &field = fields[i];
            if (!value && gpu.series[i] == Registry::none && !gpu.told[i]) {
                gpu.told[i] = true;
                registry.unsupported(field.metric, uuid, "this card does not offer it");
            }
            if (!value)
                continue;
            if (gpu.series[i] == Registry::none)
                gpu.series[i]
                    = registry.add(field.metric, uuid, field.unit, field.kind, field.step);
            registry.set(gpu.series[i], *value / field.divide);
        }
    }

    fs::path m_root;
    std::vector<fs::path> m_known;
    std::vector<Gpu> m_gpus;
    uint32_t m_untilSearch = 0;
};

} // namespace

extern constinit const CollectorInfo amdCollector{"amd", 1, {}, &makeCollector<AmdCollector>};

} // namespace pilothouse::agent
