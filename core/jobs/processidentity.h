// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace pilothouse {

/// Names one process for good: a pid alone comes back as another process.
struct ProcessIdentity {
    QString pid, start, boot; ///< start: field 22 of /proc/PID/stat; boot: the kernel's boot id

    static ProcessIdentity ofThisProcess();
    /// False when it has ended, its pid was reused, or the machine was started anew.
    bool alive() const;
    bool operator==(const ProcessIdentity &) const = default;
};

} // namespace pilothouse
