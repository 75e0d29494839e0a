// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/gpuhelper/embedded.h"

asm(".section .rodata.pilothouse_gpuhelper, \"a\", @progbits\n"
    ".balign 16\n"
    ".global pilothouse_gpuhelper_begin\n"
    "pilothouse_gpuhelper_begin:\n"
    ".incbin \"" PILOTHOUSE_GPUHELPER_FILE "\"\n"
    ".global pilothouse_gpuhelper_end\n"
    "pilothouse_gpuhelper_end:\n"
    ".byte 0\n"
    ".previous\n");

extern "C" const char pilothouse_gpuhelper_begin[], pilothouse_gpuhelper_end[];

namespace pilothouse::agent {

std::string_view embeddedGpuHelper()
{
    return {pilothouse_gpuhelper_begin,
        std::size_t(pilothouse_gpuhelper_end - pilothouse_gpuhelper_begin)};
}

} // namespace pilothouse::agent
