// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace pilothouse {

/// What sbatch knows of one of its options (22.05 to 25.05, sbatch.1).
struct SbatchOption {
    enum class Value { None, Required, Optional };
    const char *name; ///< "gres"
    char letter; ///< 0 = none
    Value value;
};

/// By the long name, or a beginning of it that is no other option's, as getopt takes it. Null: not
/// known (a plugin's, or newer than we are).
const SbatchOption *sbatchOption(const QString &name);
const SbatchOption *sbatchOption(char letter);

} // namespace pilothouse
