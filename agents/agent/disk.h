// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace pilothouse::agent {

/// Small durable file operations. Those that give an int give 0 or an errno value.

std::string errnoText(int error);
/// At most `limit` bytes of a file; nullopt with errno when it cannot be read.
std::optional<std::string> readFile(
    const std::filesystem::path &path, std::size_t limit = 16 << 20);
int writeAll(int fd, std::string_view bytes);
int syncFolder(const std::filesystem::path &folder);
/// Writes beside it, syncs, renames over it, syncs the folder: after a crash the old or the new.
int writeDurably(const std::filesystem::path &path, std::string_view bytes, unsigned mode = 0600);
/// Creates a folder and its parents, each new one with `mode`.
int makeFolders(const std::filesystem::path &folder, unsigned mode = 0700);

/// Sets the modification time of an open file or folder; errno, 0 = done.
int setModified(int fd, int64_t unixNs);

} // namespace pilothouse::agent
