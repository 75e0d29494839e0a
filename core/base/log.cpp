// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/log.h"

namespace pilothouse {

Q_LOGGING_CATEGORY(lcTransport, "pilothouse.transport", QtWarningMsg)
Q_LOGGING_CATEGORY(lcAgent, "pilothouse.agent", QtWarningMsg)
Q_LOGGING_CATEGORY(lcStore, "pilothouse.store", QtWarningMsg)
Q_LOGGING_CATEGORY(lcActs, "pilothouse.acts", QtWarningMsg)
Q_LOGGING_CATEGORY(lcWindow, "pilothouse.window", QtWarningMsg)

} // namespace pilothouse
