// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/gputest/options.h"

#include <algorithm>
#include <charconv>

namespace gputest {

const char *const helpText
    = "usage: pilothouse-gputest [--seconds N] [--devices UUID[,UUID...]] [--patience N] [--json]\n"
      "Checks NVIDIA GPUs: bandwidth, matrix products, memory, sustained load.\n"
      "  --seconds N      time for all of it, 2 to 86400 (60)\n"
      "  --devices UUID   only these; a UUID may be shortened\n"
      "  --patience N     a driver that answers so many seconds late hangs (30)\n"
      "  --json           the result as JSON on a terminal, too\n"
      "The result is one JSON object on standard output; progress and a table go to standard "
      "error.\n"
      "exit: 0 all is well, 1 errors were found, 2 usage, 3 no CUDA device\n";

static std::vector<std::string> splitList(const std::string &text)
{
    std::vector<std::string> parts;
    std::size_t from = 0;
    while (from <= text.size()) {
        const auto comma = std::min(text.find(',', from), text.size());
        if (comma > from)
            parts.push_back(text.substr(from, comma - from));
        from = comma + 1;
    }
    return parts;
}

/// A number from `least` to a day.
static bool readNumber(const std::string &text, int least, int &number)
{
    const char *last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, number);
    return error == std::errc() && end == last && number >= least && number <= 86400;
}

Options parseOptions(const std::vector<std::string> &arguments)
{
    Options options;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        std::string name = arguments[i], value;
        const auto equals = name.find('=');
        bool given = name.starts_with("--") && equals != std::string::npos;
        if (given) {
            value = name.substr(equals + 1);
            name.resize(equals);
        } else if ((name == "--seconds" || name == "--devices" || name == "--patience")
            && i + 1 < arguments.size()) {
            value = arguments[++i];
            given = true;
        }
        if (name == "--seconds" && given) {
            if (!readNumber(value, 2, options.seconds))
                options.problem
                    = "--seconds wants a number from 2 to 86400 and not \"" + value + "\".";
        } else if (name == "--patience" && given) {
            if (!readNumber(value, 1, options.patience))
                options.problem
                    = "--patience wants a number from 1 to 86400 and not \"" + value + "\".";
        } else if (name == "--devices" && given) {
            options.devices = splitList(value);
            if (options.devices.empty())
                options.problem = "--devices wants UUIDs.";
        } else if (name == "--json" && !given) {
            options.json = true;
        } else if (name == "--help" || name == "-h") {
            options.help = true;
        } else if (name == "--version") {
            options.version = true;
        } else {
            options.problem = "\"" + arguments[i] + "\" is not understood.";
        }
        if (!options.problem.empty())
            break;
    }
    return options;
}

} // namespace gputest
