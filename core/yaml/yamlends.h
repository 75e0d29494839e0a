// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/yaml/yamlnode.h"

#include <optional>

namespace pilothouse {

/// Where a value that was read ends in its text: the offset behind its last byte, comments and
/// newlines excluded. Nothing where that cannot be told, as for plain text of several lines.
std::optional<qsizetype> yamlEnd(const QByteArray &text, const YamlNode &node);

} // namespace pilothouse
