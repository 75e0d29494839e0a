// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/gputest/table.h"

#include <cstdio>
#include <tuple>

namespace gputest {

namespace {

struct Line {
    const char *title, *figure;
    double unit;
    const char *unitName;
};

constexpr Line lines[] = {
    {"memory read", "device_read_bytes_per_second", 1e9, "GB/s"},
    {"memory write", "device_write_bytes_per_second", 1e9, "GB/s"},
    {"memory copy (both ways)", "device_copy_bytes_per_second", 1e9, "GB/s"},
    {"host to device, pinned", "h2d_pinned_bytes_per_second", 1e9, "GB/s"},
    {"device to host, pinned", "d2h_pinned_bytes_per_second", 1e9, "GB/s"},
    {"host to device, pageable", "h2d_pageable_bytes_per_second", 1e9, "GB/s"},
    {"device to host, pageable", "d2h_pageable_bytes_per_second", 1e9, "GB/s"},
    {"FP32", "gemm_fp32_flops_per_second", 1e12, "TFLOPS"},
    {"TF32 tensor", "gemm_tf32_flops_per_second", 1e12, "TFLOPS"},
    {"BF16 tensor", "gemm_bf16_flops_per_second", 1e12, "TFLOPS"},
    {"FP16 tensor", "gemm_fp16_flops_per_second", 1e12, "TFLOPS"},
    {"FP8 tensor", "gemm_fp8_flops_per_second", 1e12, "TFLOPS"},
    {"sustained load", "load_flops_per_second", 1e12, "TFLOPS"},
};

std::string row(const std::string &title, const std::string &value)
{
    char text[256];
    std::snprintf(text, sizeof text, "  %-26s %s\n", title.c_str(), value.c_str());
    return text;
}

std::string number(double value, const char *unit)
{
    char text[64];
    std::snprintf(text, sizeof text, "%9.1f %s", value, unit);
    return text;
}

std::string range(const Json &load, const char *name, const char *unit)
{
    if (!load.contains(name))
        return {};
    char text[96];
    std::snprintf(text, sizeof text, "%9.0f %s (%.0f to %.0f)", load[name]["mean"].get<double>(),
        unit, load[name]["min"].get<double>(), load[name]["max"].get<double>());
    return text;
}

std::string sentences(const Json &of)
{
    std::string all;
    for (const Json &sentence : of["errors"])
        all += "  ERROR: " + sentence.get<std::string>() + '\n';
    for (const Json &sentence : of["warnings"])
        all += "  Note: " + sentence.get<std::string>() + '\n';
    return all;
}

std::string tableOfDevice(const Json &device)
{
    std::string all = '\n' + device["name"].get<std::string>() + "  "
        + device["uuid"].get<std::string>() + '\n';
    for (const Line &line : lines) {
        if (device["figures"].contains(line.figure))
            all += row(line.title,
                number(device["figures"][line.figure].get<double>() / line.unit, line.unitName));
    }
    if (device.contains("memory")) {
        const Json &memory = device["memory"];
        all += row("memory patterns",
            number(memory["tested_bytes"].get<double>() / 1073741824, "GiB") + ", "
                + std::to_string(memory["passes"].get<int>()) + " passes, "
                + std::to_string(memory["errors"].get<unsigned long long>()) + " errors");
        for (std::size_t i = 0; i < memory["first"].size() && i < 8; ++i) {
            const Json &fault = memory["first"][i];
            all += "    at " + fault["address"].get<std::string>() + ": expected "
                + fault["expected"].get<std::string>() + ", got " + fault["got"].get<std::string>()
                + " (" + fault["pattern"].get<std::string>() + ")\n";
        }
    }
    if (device.contains("load")) {
        const Json &load = device["load"];
        for (const auto &[title, name, unit] :
            {std::tuple("clock under load", "sm_clock_mhz", "MHz"),
                std::tuple("power under load", "power_watts", "W"),
                std::tuple("temperature under load", "temperature_celsius", "degrees C")}) {
            if (const std::string text = range(load, name, unit); !text.empty())
                all += row(title, text);
        }
    }
    for (const Json &skipped : device["skipped"])
        all += "  not measured: " + skipped["figure"].get<std::string>() + ", "
            + skipped["why"].get<std::string>() + '\n';
    return all + sentences(device);
}

} // namespace

std::string tableOf(const Json &result)
{
    std::string all;
    for (const Json &device : result["devices"])
        all += tableOfDevice(device);
    if (!result["peers"].empty())
        all += "\nbetween devices\n";
    for (const Json &peer : result["peers"]) {
        const std::string pair = peer["from"].get<std::string>().substr(0, 12) + " > "
            + peer["to"].get<std::string>().substr(0, 12);
        all += row(pair,
            (peer.contains("bytes_per_second")
                    ? number(peer["bytes_per_second"].get<double>() / 1e9, "GB/s")
                    : std::string("        -"))
                + (peer["direct"].get<bool>() ? "  direct" : "  through the host"));
    }
    all += sentences(result);
    const std::string verdict = result["verdict"].get<std::string>(),
                      trouble = result["trouble"].get<std::string>();
    return all + '\n' + verdict + (trouble.empty() ? "" : ": " + trouble) + '\n';
}

} // namespace gputest
