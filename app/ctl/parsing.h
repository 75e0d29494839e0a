// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/verb.h"

namespace pilothouse::ctl {

/// What follows the verb. BadInput for what the verb does not know or lacks.
Result<Invocation> parse(const Verb &verb, const QStringList &words);
/// Of one verb, with its example.
QString helpFor(const Verb &verb);
QString generalHelp();

} // namespace pilothouse::ctl
