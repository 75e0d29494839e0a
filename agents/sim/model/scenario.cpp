// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/sim/model/scenario.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include <functional>

namespace pilothouse::sim {

using nlohmann::json;

namespace {

/// A wrong value; the message names the key.
struct Wrong {
    std::string sentence;
};

double number(const json &value, const std::string &key, double least, double most)
{
    if (!value.is_number() || !(value.get<double>() >= least && value.get<double>() <= most))
        throw Wrong{"“" + key + "” must be a number from " + json(least).dump() + " to "
            + json(most).dump() + '.'};
    return value.get<double>();
}

std::size_t count(const json &value, const std::string &key, double least, double most)
{
    const double given = number(value, key, least, most);
    if (given != std::floor(given))
        throw Wrong{"“" + key + "” must be a whole number."};
    return std::size_t(given);
}

PlantedFault readFault(const json &from)
{
    if (!from.is_object())
        throw Wrong{"Each of “faults” must be an object."};
    PlantedFault fault;
    bool hasAt = false, hasNode = false;
    for (const auto &[key, value] : from.items()) {
        if (key == "kind" && value.is_string())
            fault.kind = value.get<std::string>();
        else if (key == "node") // as in "node-0001"
            fault.node = count(value, key, 1, 9999) - 1, hasNode = true;
        else if (key == "gpu")
            fault.gpu = count(value, key, 0, 31);
        else if (key == "at")
            fault.at = number(value, key, -pastHours * 3600, 1e9), hasAt = true;
        else if (key == "seconds")
            fault.seconds = number(value, key, 1, 1e9);
        else
            throw Wrong{
                "A fault's key “" + key + "” is not known, or its value is of another type."};
    }
    if (!faultKind(fault.kind))
        throw Wrong{"There is no kind of fault “" + fault.kind + "”."};
    if (!hasAt || !hasNode)
        throw Wrong{"A fault of kind “" + fault.kind + "” needs “node” and “at”."};
    return fault;
}

void readRates(const json &from, SimOptions &options)
{
    if (!from.is_object())
        throw Wrong{"“rates” must be an object."};
    for (const auto &[kind, factor] : from.items()) {
        if (!faultKind(kind))
            throw Wrong{"There is no kind of fault “" + kind + "”."};
        options.rates[kind] = number(factor, kind, 0, 1e6);
    }
}

void readKey(const std::string &key, const json &value, SimOptions &options)
{
    if (key == "nodes") {
        options.nodes = count(value, key, 1, 9999);
    } else if (key == "gpus") {
        options.gpus = count(value, key, 1, 32);
    } else if (key == "seed") {
        options.seed = count(value, key, 0, 9e15);
    } else if (key == "cluster_size") {
        options.clusterSize = count(value, key, 1, 9999);
    } else if (key == "time_factor") {
        options.timeFactor = number(value, key, 0.01, 3600);
    } else if (key == "occupancy") {
        options.occupancy = number(value, key, 0, 1);
    } else if (key == "series") {
        options.series = count(value, key, 0, 65536);
    } else if (key == "random_faults" && value.is_boolean()) {
        options.randomFaults = value.get<bool>();
    } else if (key == "people" && value.is_array()) {
        for (const auto &person : value) {
            if (!person.is_string())
                throw Wrong{"“people” must be a list of names."};
            options.people.push_back(person.get<std::string>());
        }
    } else if (key == "rates") {
        readRates(value, options);
    } else if (key == "faults" && value.is_array()) {
        for (const auto &fault : value)
            options.faults.push_back(readFault(fault));
    } else {
        throw Wrong{"The key “" + key + "” is not known, or its value is of another type."};
    }
}

} // namespace

std::optional<SimOptions> readScenario(
    std::string_view text, SimOptions options, std::string &problem)
{
    const auto parsed = json::parse(text, nullptr, false, true);
    if (!parsed.is_object()) {
        problem = "The scenario is not a JSON object.";
        return std::nullopt;
    }
    try {
        for (const auto &[key, value] : parsed.items())
            readKey(key, value, options);
    } catch (const Wrong &wrong) {
        problem = wrong.sentence;
        return std::nullopt;
    }
    return options;
}

std::string truthJson(const SimOptions &options, double until, int64_t startWallNs)
{
    json faults = json::array();
    for (const auto &fault : SimFleet::truth(options, until)) {
        json one{{"node", fault.node}, {"cluster", fault.cluster}, {"kind", fault.kind},
            {"start", fault.start}, {"end", fault.end},
            {"start_ns", startWallNs + int64_t(fault.start * 1e9)},
            {"end_ns", startWallNs + int64_t(fault.end * 1e9)}};
        if (fault.gpu >= 0) {
            one["device"] = fault.device;
            one["gpu"] = fault.gpu;
        }
        if (!fault.line.empty())
            one["line"] = fault.line;
        if (!fault.job.empty())
            one["job"] = fault.job;
        faults.push_back(std::move(one));
    }
    const json all{{"simulated", true}, {"seed", options.seed}, {"nodes", options.nodes},
        {"gpus", options.gpus}, {"time_factor", options.timeFactor}, {"until", until},
        {"start_ns", startWallNs}, {"faults", std::move(faults)}};
    return all.dump(1) + '\n';
}

} // namespace pilothouse::sim
