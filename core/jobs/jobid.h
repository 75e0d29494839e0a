// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace pilothouse {

/// A new job id: 26 characters, lower case, Crockford's base 32 as in a ULID: 48 bits of Unix
/// milliseconds, then 80 random bits. Ids sort by the time they were made.
QString newJobId();
/// The same for a given time.
QString newJobId(qint64 unixMilliseconds);

} // namespace pilothouse
