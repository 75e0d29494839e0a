// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/collectors/amdcard.h"

#include "agents/collectors/kernelfile.h"
#include "agents/collectors/textscan.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <thread>

namespace fs = std::filesystem;

namespace pilothouse::agent {

namespace {

using Clock = std::chrono::steady_clock;

std::optional<int64_t> numberIn(const fs::path &file)
{
    const auto text = readOnce(file);
    int64_t value = 0;
    return TextScan(text).number(value) && value >= 0 ? std::optional(value) : std::nullopt;
}

std::optional<int64_t> scaled(std::optional<int64_t> value, int64_t multiply, int64_t divide)
{
    if (!value || *value > INT64_MAX / multiply)
        return std::nullopt;
    return *value * multiply / divide;
}

/// The sensor of a kind that has a label, such as "temp" and "junction": its number's file name.
std::string sensorOf(const fs::path &hwmon, const std::string &kind, std::string_view label)
{
    for (int i = 1; i <= 8; ++i) {
        const auto name = kind + std::to_string(i);
        if (readOnce(hwmon / (name + "_label")).starts_with(label))
            return name;
    }
    return {};
}

std::optional<int64_t> labelled(
    const fs::path &hwmon, const std::string &kind, std::string_view label)
{
    const auto name = sensorOf(hwmon, kind, label);
    return name.empty() ? std::nullopt : numberIn(hwmon / (name + "_input"));
}

/// "16.0 GT/s PCIe" is the fourth generation.
std::optional<int64_t> generationOf(const fs::path &file)
{
    const auto text = readOnce(file);
    int64_t tenths = 0;
    if (!TextScan(text).decimal(1, tenths))
        return std::nullopt;
    static constexpr int64_t rates[] = {25, 50, 80, 160, 320, 640};
    const auto *const place = std::find(std::begin(rates), std::end(rates), tenths);
    return place == std::end(rates) ? std::nullopt : std::optional(place - rates + 1);
}

/// "ue: 0" and "ce: 3" of every block that has counters.
void addRas(const fs::path &folder, AmdValues &values)
{
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
        const auto &file = at->path();
        if (!file.filename().string().ends_with("_err_count"))
            continue;
        const auto text = readOnce(file);
        for (TextScan scan(text); !scan.atEnd(); scan.skipLine()) {
            const auto key = scan.word(':');
            int64_t count = 0;
            if (!scan.take(':') || !scan.number(count) || count < 0)
                continue;
            auto &sum = values[std::size_t(
                key == "ue" ? AmdField::EccUncorrected : AmdField::EccCorrected)];
            if (key == "ue" || key == "ce")
                sum = std::min(sum.value_or(0), INT64_MAX / 2) + std::min(count, INT64_MAX / 2);
        }
    }
}

fs::path hwmonOf(const fs::path &device)
{
    std::error_code error;
    for (const auto &folder : fs::directory_iterator(device / "hwmon", error))
        return folder.path();
    return device / "hwmon";
}

} // namespace

AmdValues readAmdCard(const fs::path &device)
{
    AmdValues values;
    const auto put
        = [&](AmdField field, std::optional<int64_t> value) { values[std::size_t(field)] = value; };
    put(AmdField::Busy, numberIn(device / "gpu_busy_percent"));
    put(AmdField::MemoryBusy, numberIn(device / "mem_busy_percent"));
    put(AmdField::MemoryUsed, numberIn(device / "mem_info_vram_used"));
    put(AmdField::MemoryTotal, numberIn(device / "mem_info_vram_total"));
    put(AmdField::PcieGeneration, generationOf(device / "current_link_speed"));
    put(AmdField::PcieWidth, numberIn(device / "current_link_width"));
    put(AmdField::PcieReplays, numberIn(device / "pcie_replay_count"));
    const auto hwmon = hwmonOf(device);
    auto power = numberIn(hwmon / "power1_average");
    if (!power) // newer cards have the present one only
        power = numberIn(hwmon / "power1_input");
    put(AmdField::Power, scaled(power, 1, 1000));
    put(AmdField::PowerLimit, scaled(numberIn(hwmon / "power1_cap"), 1, 1000));
    auto heat = labelled(hwmon, "temp", "edge");
    if (!heat)
        heat = labelled(hwmon, "temp", "junction");
    put(AmdField::Temperature, heat);
    put(AmdField::MemoryTemperature, labelled(hwmon, "temp", "mem"));
    put(AmdField::Clock, labelled(hwmon, "freq", "sclk"));
    put(AmdField::MemoryClock, labelled(hwmon, "freq", "mclk"));
    put(AmdField::Fan, scaled(numberIn(hwmon / "pwm1"), 100, 255));
    addRas(device / "ras", values);
    return values;
}

struct AmdCard::State {
    std::mutex mutex;
    std::condition_variable asked, answered;
    fs::path device;
    Reader reader;
    AmdValues values;
    bool wanted = false, fresh = false, stop = false;
    Clock::time_point since; ///< the oldest request without answer
};

AmdCard::AmdCard(const fs::path &device, DeviceInfo info, Reader reader)
    : m_info(std::move(info))
    , m_state(std::make_shared<State>())
{
    m_state->device = device;
    m_state->reader = std::move(reader);
    std::thread([state = m_state] { serve(state); }).detach();
}

AmdCard::~AmdCard()
{
    const std::lock_guard lock(m_state->mutex);
    m_state->stop = true;
    m_state->asked.notify_all();
}

void AmdCard::serve(const std::shared_ptr<State> &state)
{
    std::unique_lock lock(state->mutex);
    while (true) {
        state->asked.wait(lock, [&] { return state->stop || state->wanted; });
        if (state->stop)
            return;
        lock.unlock();
        AmdValues values;
        try {
            values = state->reader(state->device);
        } catch (const std::exception &) {
            values = {}; // an answer without values
        }
        lock.lock();
        state->values = values;
        state->wanted = false;
        state->fresh = true;
        state->answered.notify_all();
    }
}

std::optional<AmdValues> AmdCard::read()
{
    std::unique_lock lock(m_state->mutex);
    if (!m_state->wanted && !m_state->fresh) {
        m_state->wanted = true;
        m_state->since = Clock::now();
        m_state->asked.notify_all();
    }
    m_state->answered.wait_for(
        lock, std::chrono::milliseconds(answerMs), [&] { return m_state->fresh; });
    if (!m_state->fresh) {
        if (Clock::now() - m_state->since > std::chrono::milliseconds(silentMs))
            m_info.trouble = "the amdgpu driver does not answer";
        return std::nullopt;
    }
    m_state->fresh = false;
    m_info.trouble.clear();
    const auto &values = m_state->values;
    const auto value = [&](AmdField field) { return values[std::size_t(field)].value_or(0); };
    m_info.memoryBytes = uint64_t(value(AmdField::MemoryTotal));
    m_info.powerLimitWatts = double(value(AmdField::PowerLimit)) / 1000;
    return values;
}

} // namespace pilothouse::agent
