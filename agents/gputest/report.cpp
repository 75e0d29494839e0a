// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/gputest/report.h"

#include <cstdio>

namespace gputest {

Report::Report()
    : m_root({{"schema", "pilothouse-gputest/1"}, {"version", PILOTHOUSE_VERSION},
        {"verdict", "unfinished"}, {"trouble", ""}, {"errors", Json::array()},
        {"warnings", Json::array()}, {"devices", Json::array()}, {"peers", Json::array()}})
{
}

void Report::set(const std::string &path, Json value)
{
    const std::lock_guard lock(m_mutex);
    m_root[Json::json_pointer(path)] = std::move(value);
}

void Report::append(const std::string &path, Json value)
{
    const std::lock_guard lock(m_mutex);
    m_root[Json::json_pointer(path)].push_back(std::move(value));
}

Json Report::copy() const
{
    const std::lock_guard lock(m_mutex);
    return m_root;
}

std::string Report::at(int device, const char *list) const
{
    return device < 0 ? std::string("/") + list : "/devices/" + std::to_string(device) + '/' + list;
}

void Report::error(int device, const std::string &sentence)
{
    append(at(device, "errors"), sentence);
    const std::lock_guard lock(m_mutex);
    m_errors = true;
}

void Report::warning(int device, const std::string &sentence)
{
    append(at(device, "warnings"), sentence);
}

bool Report::errors() const
{
    const std::lock_guard lock(m_mutex);
    return m_errors;
}

void Report::progress(int percent, const std::string &what)
{
    std::fprintf(stderr, "%3d %%  %s\n", percent, what.c_str());
}

std::string Report::text(const Json &json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace gputest
