// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/transport/libsshconnect.h"

namespace pilothouse {

/// Goes through the hops, first first; null when there are none. A hop that is connected
/// already, or about to be, is shared by all that go through it, and kept while one of them lives.
Task<Result<std::shared_ptr<SshSession>>> connectJumps(Context context,
    QList<std::shared_ptr<ResolvedHost>> hops, Prompter *prompter, StageSink report);

/// "bastion, inner"
QString jumpNames(const QList<std::shared_ptr<ResolvedHost>> &hops);

} // namespace pilothouse
