// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/sim/arguments.h"

#include "agents/sim/model/scenario.h"

#include <charconv>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>

namespace pilothouse::sim {

static bool readNumber(const std::string &text, double least, double most, double &out)
{
    const char *end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, out);
    return error == std::errc() && at == end && out >= least && out <= most;
}

static bool readScenarioFile(const std::string &file, SimOptions &options, std::string &problem)
{
    std::ifstream in(file);
    if (!in) {
        problem = file + " cannot be read.";
        return false;
    }
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const auto read = readScenario(text, options, problem);
    if (!read) {
        problem = file + ": " + problem;
        return false;
    }
    options = *read;
    return true;
}

std::optional<Arguments> parseArguments(const std::vector<std::string> &words, std::string &problem)
{
    Arguments result;
    auto &options = result.options;
    const std::size_t count = words.size();
    for (std::size_t i = 0; i + 1 < count; ++i) {
        if (words[i] == "--scenario" && !readScenarioFile(words[i + 1], options, problem))
            return std::nullopt;
    }
    struct Number {
        double least, most;
        std::function<void(double)> set;
    };
    const auto whole = [](std::size_t &to) { return [&to](double n) { to = std::size_t(n); }; };
    const auto real = [](double &to) { return [&to](double n) { to = n; }; };
    const std::map<std::string, Number> numbers{
        {"--nodes", {1, 4096, whole(options.nodes)}},
        {"--gpus", {1, 32, whole(options.gpus)}},
        {"--seed", {0, 9e15, [&](double n) { options.seed = uint64_t(n); }}},
        {"--cluster-size", {1, 4096, whole(options.clusterSize)}},
        {"--time-factor", {0.01, 3600, real(options.timeFactor)}},
        {"--series", {0, 65536, whole(options.series)}},
        {"--history", {0, pastHours * 3600, real(result.historySeconds)}},
        {"--rollups", {0, pastHours * 3600, real(result.rollupSeconds)}},
        {"--truth-seconds", {0, 30 * 86400, real(result.truthSeconds)}},
    };
    for (std::size_t i = 0; i < count; ++i) {
        const auto &word = words[i];
        if (word == "--help" || word == "-h") {
            result.help = true;
        } else if (word == "--until-stdin-ends") {
            result.untilStdinEnds = true;
        } else if (i + 1 >= count) {
            problem = word + " is not known, or needs a value.";
            return std::nullopt;
        } else if (word == "--dir") {
            result.folder = words[++i];
        } else if (word == "--scenario") {
            ++i;
        } else if (const auto known = numbers.find(word); known != numbers.end()) {
            double value = 0;
            if (!readNumber(words[++i], known->second.least, known->second.most, value)) {
                problem = word + ": “" + words[i] + "” is not a number in its range.";
                return std::nullopt;
            }
            known->second.set(value);
        } else {
            problem = word + " is not known.";
            return std::nullopt;
        }
    }
    if (result.folder.empty() && !result.help) {
        problem = "--dir FOLDER is needed.";
        return std::nullopt;
    }
    return result;
}

std::string helpText()
{
    return "pilothouse-sim --dir FOLDER [options]: a fleet of simulated nodes.\n"
           "Each node is a socket FOLDER/node-0001.sock that speaks the agent's protocol.\n"
           "Prints \"ready\" when all are open; TERM ends it.\n\n"
           "  --nodes N            nodes, 64 if not given\n"
           "  --gpus N             GPUs on each, 8\n"
           "  --seed N             the same seed gives the same events, 1\n"
           "  --cluster-size N     nodes of one cluster, a quarter of all\n"
           "  --time-factor F      jobs and faults come F times faster, 1\n"
           "  --scenario FILE      JSON, see agents/sim/README.md\n"
           "  --series N           at most N series of a node, 0 = all\n"
           "  --history SECONDS    ticks from before the start, 900\n"
           "  --rollups SECONDS    rows of 30 s from before those, 21600\n"
           "  --truth-seconds S    faults up to S go into FOLDER/truth.json, 3600\n"
           "  --until-stdin-ends   end when standard input does\n";
}

} // namespace pilothouse::sim
