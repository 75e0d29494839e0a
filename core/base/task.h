// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/context.h"
#include "core/base/error.h"

#include <QCoroFuture>
#include <QCoroTask>

namespace pilothouse {

/// Coroutines live on the main thread only; see CONTRIBUTING for their rules.
template <typename T = void> using Task = QCoro::Task<T>;

} // namespace pilothouse
