// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/gputest/modules.h"

// modules.inc, from CMake: GPUTEST_MODULE(symbol, name, compute capability, file) for each.
#define GPUTEST_MODULE(symbol, name, number, file)                                                 \
    asm(".section .rodata.gputest, \"a\", @progbits\n"                                             \
        ".balign 16\n" #symbol "_begin:\n"                                                         \
        ".incbin \"" file "\"\n" #symbol "_end:\n"                                                 \
        ".byte 0\n"                                                                                \
        ".global " #symbol "_begin, " #symbol "_end\n"                                             \
        ".previous\n");                                                                            \
    extern "C" const char symbol##_begin[], symbol##_end[];
#include "modules.inc"
#undef GPUTEST_MODULE

namespace gputest {

const std::vector<Module> &modules()
{
#define GPUTEST_MODULE(symbol, name, number, file)                                                 \
    Module{name, name[0] == 's', number,                                                           \
        {symbol##_begin, std::size_t(symbol##_end - symbol##_begin)}},
    static const std::vector<Module> all{
#include "modules.inc"
    };
    return all;
}

} // namespace gputest
