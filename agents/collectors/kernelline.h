// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::agent {

/// One message of the kernel with its own time stamp: microseconds since boot, without the time the
/// host was suspended.
struct KernelRecord {
    int64_t us = 0;
    std::string text; ///< as it came, without its time stamp
};

/// Those of a read from /dev/kmsg: "6,1234,5678901,-;text", then lines that begin with a blank and
/// tell the device. Source: Documentation/ABI/testing/dev-kmsg. What is no record is skipped.
std::vector<KernelRecord> readKmsg(std::string_view text);
/// Those of syslog(2) and `dmesg`: "<6>[   12.345678] text", with or without the level and with
/// "[T123]" or "[C1]" after the time. Lines without a time stamp are skipped.
std::vector<KernelRecord> readKernelBuffer(std::string_view text);
/// Those of `journalctl -o short-monotonic`: "[   12.345678] host kernel: text".
std::vector<KernelRecord> readJournal(std::string_view text);

/// Of a buffer that is read as a whole again and again: those behind `last`, which becomes the last
/// there is. A line that the kernel has since continued is still known; where `last` is no longer
/// there, what is not later than it is left out. Begin with a `last` of -1 µs.
std::vector<KernelRecord> takeNewRecords(std::vector<KernelRecord> all, KernelRecord &last);

/// What a message that somebody should see is about.
struct KernelLine {
    /// "xid", "nvlink", "pcie", "nic", "hung-task", "filesystem", "network-filesystem" or "oom".
    std::string_view kind;
    /// A PCI address ("0000:1b:00.0"), an interface, a disk or a file server, as the line has it;
    /// may be empty.
    std::string device;
    uint32_t xid = 0; ///< of kind "xid"
    std::string line; ///< printable, at most KernelLine::longest bytes

    static constexpr std::size_t longest = 512;
};

/// Nothing for the many messages that mean no trouble. A message is known by how it begins: names
/// that users choose, of programs and control groups, may stand in its middle.
std::optional<KernelLine> kernelLineOf(std::string_view text);

} // namespace pilothouse::agent
