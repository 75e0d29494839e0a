// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/acts/act.h"

#include <memory>

namespace pilothouse::ctl {

class Desk;

/// This program's stdin, stdout and stderr as the ends of a remote command, byte for byte; SIGINT
/// and SIGTERM go to the command while it runs.
std::shared_ptr<ExecEnds> ownEnds(Desk &desk);

} // namespace pilothouse::ctl
