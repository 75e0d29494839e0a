// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/agent/jobcheck.h"

#include "agents/agent/jobfolder.h"

namespace pilothouse::agent {

static bool hasNul(const std::string &text)
{
    return text.find('\0') != std::string::npos;
}

std::optional<std::string> problemWith(const v1::JobSpec &spec)
{
    if (!isJobId(spec.client_id()))
        return "The job's id must be 1 to 128 letters, digits, dots, dashes or underscores.";
    const bool command = spec.argv_size() > 0;
    if (command == !spec.script().empty())
        return "A job is either a command or a script.";
    if (hasNul(spec.script()))
        return "The script holds a NUL byte (at offset " + std::to_string(spec.script().find('\0'))
            + "), which no shell can read. It may be saved as UTF-16 or be no script at all.";
    if (command && spec.argv(0).empty())
        return "The command's first word is empty.";
    for (const auto &argument : spec.argv()) {
        if (hasNul(argument))
            return "An argument of the command holds a NUL byte.";
    }
    for (const auto &[name, value] : spec.environment()) {
        if (name.empty() || name.find('=') != std::string::npos || hasNul(name) || hasNul(value))
            return "The environment variable \"" + name.substr(0, name.find('\0'))
                + "\" cannot be set: its name or value is not valid.";
    }
    for (const std::string *text : {&spec.folder(), &spec.interpreter(), &spec.name()}) {
        if (hasNul(*text))
            return "The job's folder, interpreter or name holds a NUL byte.";
    }
    if (spec.gpus() > 0 && spec.gpu_uuids_size() > 0
        && spec.gpus() != static_cast<uint32_t>(spec.gpu_uuids_size()))
        return "The number of GPUs differs from the GPUs that are named.";
    return std::nullopt;
}

} // namespace pilothouse::agent
