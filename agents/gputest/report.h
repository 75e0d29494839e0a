// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include <mutex>
#include <string>

namespace gputest {

using Json = nlohmann::ordered_json;

/// The result while it grows, as result.schema.json says. Any thread.
class Report {
public:
    Report();

    /// `path` is a JSON pointer: "/devices/0/figures/gemm_fp32_flops_per_second".
    void set(const std::string &path, Json value);
    void append(const std::string &path, Json value);
    Json copy() const;

    /// Sentences of what is wrong with a device (-1 = the host or a link between two); errors make
    /// the verdict, warnings do not.
    void error(int device, const std::string &sentence);
    void warning(int device, const std::string &sentence);
    bool errors() const;

    /// One line on standard error.
    void progress(int percent, const std::string &what);
    /// Unreadable bytes (of a driver's texts) are replaced.
    static std::string text(const Json &json);

private:
    std::string at(int device, const char *list) const;

    mutable std::mutex m_mutex;
    Json m_root;
    bool m_errors = false;
};

} // namespace gputest
