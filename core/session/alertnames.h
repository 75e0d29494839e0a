// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/alertlog.h"

namespace pilothouse {

class Workspace;

/// Names of targets, and of devices as their open link says ("GPU 7"; a partition as its whole
/// device with "MIG"); interfaces are called what they are. The workspace must outlive the namer.
AlertLog::Namer namesFrom(Workspace *workspace);

} // namespace pilothouse
