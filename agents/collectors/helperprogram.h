// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/collectors/descriptor.h"

#include <filesystem>
#include <sys/types.h>

namespace pilothouse::agent {

/// The GPU helper's executable and how to start it.
class HelperProgram {
public:
    /// `path` empty: the embedded helper, unpacked into `folder` (or into memory where programs may
    /// not run from there). PILOTHOUSE_GPU_HELPER in the environment replaces both.
    HelperProgram(std::filesystem::path path, std::filesystem::path folder);

    struct Started {
        pid_t pid = -1;
        Descriptor channel; ///< our end of its stdin and stdout
        std::string problem; ///< why it could not be started
    };
    Started start();

private:
    std::string unpack();
    std::string unpackToMemory();

    std::filesystem::path m_path, m_folder;
    Descriptor m_memory;
    bool m_embedded;
};

} // namespace pilothouse::agent
