// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/samples.h"

namespace pilothouse::ctl {

/// A node's most asked values as a few lines of text; unknown is "–".
QStringList overview(const QString &target, const Sample &sample);
QJsonObject overviewToJson(const QString &target, const Sample &sample);

} // namespace pilothouse::ctl
