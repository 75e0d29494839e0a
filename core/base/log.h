// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLoggingCategory>

namespace pilothouse {

Q_DECLARE_LOGGING_CATEGORY(lcTransport) // pilothouse.transport
Q_DECLARE_LOGGING_CATEGORY(lcAgent) // pilothouse.agent
Q_DECLARE_LOGGING_CATEGORY(lcStore) // pilothouse.store
Q_DECLARE_LOGGING_CATEGORY(lcActs) // pilothouse.acts
Q_DECLARE_LOGGING_CATEGORY(lcWindow) // pilothouse.window

} // namespace pilothouse
