// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::agent {

/// What collectors read into, one after the other; grows to the largest file and stays.
using TextBuffer = std::vector<char>;

/// A file of /proc or /sys that stays open and is read anew from its start each time.
class KernelFile {
public:
    /// `path` is relative to `root`. Nothing is opened yet.
    KernelFile(const std::filesystem::path &root, std::string_view path);
    KernelFile(KernelFile &&other) noexcept;
    KernelFile &operator=(KernelFile &&) = delete;
    ~KernelFile();

    /// The whole text, valid until the buffer is used again. On failure empty, and error() says
    /// why. Files over 4 MiB are refused.
    std::string_view read(TextBuffer &buffer);
    const std::string &error() const { return m_error; }
    /// As seen from the root: "proc/stat".
    const std::string &name() const { return m_name; }

private:
    std::string_view refuse(const char *reason);

    std::string m_name, m_path, m_error;
    int m_fd = -1;
};

/// The same for a file read once. Empty when there is none.
std::string readOnce(const std::filesystem::path &path);

} // namespace pilothouse::agent
