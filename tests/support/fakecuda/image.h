// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>

namespace fakecuda {

/// What a module's bytes say of themselves.
struct Image {
    bool cubin = false;
    int architecture = 0; ///< 90 for sm_90 or compute_90; 0 = not a module
    std::set<std::string> kernels;
    std::string name() const { return (cubin ? "sm_" : "compute_") + std::to_string(architecture); }
};

/// ELF for CUDA (EM_CUDA, a .text section for each kernel) or PTX text up to its NUL.
Image readImage(const void *bytes);

} // namespace fakecuda
