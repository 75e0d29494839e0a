// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/wire/jobstate.h"

#include <array>
#include <charconv>

namespace pilothouse::wire {

static constexpr std::string_view firstLine = "pilothouse-job 1";
static constexpr std::array<std::string_view, 6> phases{
    "queued", "running", "succeeded", "failed", "cancelled", "lost"};

static std::string escaped(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        if (c == '\\')
            out += "\\\\";
        else if (c == '\n')
            out += "\\n";
        else if (c != '\0')
            out += c;
    }
    return out;
}

static std::string unescaped(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size())
            out += text[++i] == 'n' ? '\n' : text[i];
        else
            out += text[i];
    }
    return out;
}

template <typename T> static bool number(std::string_view text, T &out)
{
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc() && end == text.data() + text.size();
}

std::string formatJobStatus(const JobStatus &s)
{
    std::string out(firstLine);
    const auto add = [&out](std::string_view key, std::string_view value) {
        out.append("\n").append(key).append("=").append(value);
    };
    add("phase", phases[static_cast<std::size_t>(s.phase)]);
    add("boot_id", escaped(s.bootId));
    add("supervisor_pid", std::to_string(s.supervisorPid));
    add("supervisor_start", std::to_string(s.supervisorStart));
    add("pid", std::to_string(s.pid));
    add("pid_start", std::to_string(s.pidStart));
    add("started_ns", std::to_string(s.startedNs));
    add("ended_ns", std::to_string(s.endedNs));
    if (s.hasExit) {
        add("exit_code", std::to_string(s.exitCode));
        add("signal", std::to_string(s.signal));
    }
    add("peak_memory_bytes", std::to_string(s.peakMemoryBytes));
    add("reason", escaped(s.reason));
    return out + "\nend\n";
}

static bool takeField(JobStatus &s, std::string_view key, std::string_view value)
{
    if (key == "phase") {
        for (std::size_t i = 0; i < phases.size(); ++i) {
            if (phases[i] == value) {
                s.phase = static_cast<JobPhase>(i);
                return true;
            }
        }
        return false;
    }
    if (key == "boot_id")
        s.bootId = unescaped(value);
    else if (key == "reason")
        s.reason = unescaped(value);
    else if (key == "supervisor_pid")
        return number(value, s.supervisorPid);
    else if (key == "supervisor_start")
        return number(value, s.supervisorStart);
    else if (key == "pid")
        return number(value, s.pid);
    else if (key == "pid_start")
        return number(value, s.pidStart);
    else if (key == "started_ns")
        return number(value, s.startedNs);
    else if (key == "ended_ns")
        return number(value, s.endedNs);
    else if (key == "exit_code")
        return s.hasExit = number(value, s.exitCode);
    else if (key == "signal")
        return number(value, s.signal);
    else if (key == "peak_memory_bytes")
        return number(value, s.peakMemoryBytes);
    return true;
}

std::optional<JobStatus> parseJobStatus(std::string_view text)
{
    JobStatus status;
    bool first = true;
    while (true) {
        const auto newline = text.find('\n');
        if (newline == std::string_view::npos)
            return std::nullopt;
        const auto line = text.substr(0, newline);
        text.remove_prefix(newline + 1);
        if (first) {
            if (line != firstLine)
                return std::nullopt;
            first = false;
            continue;
        }
        if (line == "end")
            return status;
        const auto equals = line.find('=');
        if (equals == std::string_view::npos
            || !takeField(status, line.substr(0, equals), line.substr(equals + 1)))
            return std::nullopt;
    }
}

} // namespace pilothouse::wire
