// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/agent/userpath.h"

#include "agents/agent/program.h"

namespace pilothouse::agent {

std::optional<std::string> userPath(const std::string &path)
{
    if (path.empty() || path.find('\0') != std::string::npos)
        return std::nullopt;
    if (path == "~" || path.starts_with("~/"))
        return currentUser().home + path.substr(1);
    return path.front() == '/' ? path : currentUser().home + '/' + path;
}

} // namespace pilothouse::agent
