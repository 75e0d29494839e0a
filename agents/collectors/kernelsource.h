// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/collectors/kernelline.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace pilothouse::agent {

/// A way to the kernel's messages. One thread at a time.
class KernelSource {
public:
    virtual ~KernelSource() = default;
    /// Appends what is there, a bounded part at a time; waits at most `timeoutMs` for the first.
    /// False when nothing will come any more.
    virtual bool read(std::vector<KernelRecord> &records, int timeoutMs) = 0;
};

/// Where the messages are looked for, in this order; tests name others.
struct KernelSources {
    std::filesystem::path kmsg = "/dev/kmsg"; ///< empty = not tried
    bool systemCall = true; ///< syslog(2), which is what `dmesg` asks
    std::vector<std::string> journal{
        "journalctl", "-k", "-b", "-f", "-n", "2000", "-o", "short-monotonic", "--no-pager", "-q"};
};

/// The first that this user may read, or null. `why`: what kept us from the others, as a sentence
/// for when there is none, or when the one there is ends.
std::unique_ptr<KernelSource> openKernelSource(const KernelSources &where, std::string &why);

} // namespace pilothouse::agent
