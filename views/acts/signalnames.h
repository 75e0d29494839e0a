// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <span>

namespace pilothouse {

/// A signal that jobs and processes are sent by hand.
struct NamedSignal {
    int number; ///< on Linux, x86-64 and arm64 alike
    const char *name; ///< "TERM"
    const char *meaning; ///< translatable; may be empty

    QString text() const; ///< "TERM: end"
};

std::span<const NamedSignal> offeredSignals();

} // namespace pilothouse
