// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/// In front of a function: compiled for any processor and once more for those with AVX2; which one
/// is called is decided when the program is loaded. Not under sanitizers, which begin later, and
/// only by GCC, which the programs are built with.
#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__clang__)          \
    && !defined(__SANITIZE_ADDRESS__)
#define PILOTHOUSE_CLONES [[gnu::target_clones("avx2", "default")]]
#else
#define PILOTHOUSE_CLONES
#endif
