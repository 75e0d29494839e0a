// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

namespace gputest {

/// One compilation of the kernels, as it lies in this program.
struct Module {
    const char *name; ///< "sm_90-12.4.127": target and the NVRTC that made it
    bool cubin; ///< else PTX, which the driver compiles
    int compute; ///< 90 for 9.0
    std::string_view image; ///< PTX ends with a NUL
};

/// All of them; written by the build.
const std::vector<Module> &modules();

/// Those that run on a device of this compute capability, best first: cubins of the same major and
/// no newer minor version (newest first, of one target that of the newest compiler), then PTX.
std::vector<const Module *> modulesFor(const std::vector<Module> &all, int major, int minor);

} // namespace gputest
