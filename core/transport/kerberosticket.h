// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/task.h"

namespace pilothouse {

/// Whether the user holds a Kerberos ticket that has not expired: `klist -s`, MIT's or Heimdal's,
/// which knows every kind of cache. Where that program is not installed, whether the cache that
/// $KRB5CCNAME or the default names is a file with something in it. Remembered for 5 s, since many
/// hosts are opened at once. Main thread.
Task<bool> hasKerberosTicket(Context context);

} // namespace pilothouse
