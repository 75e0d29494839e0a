// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/yaml/yamlnode.h"

namespace pilothouse {

/// Where a byte of a text is, both from 1; columns count characters.
struct YamlPlace {
    int line = 1, column = 1;
};
YamlPlace yamlPlace(const QByteArray &text, qsizetype at);

/// "line 3, column 5: MESSAGE", as BadInput.
Error yamlError(const QByteArray &text, qsizetype at, const QString &message);

/// The documents of a YAML text. Refused, with line and column: what is no YAML, more than 1 MiB,
/// more than 64 levels, more than 100,000 values once aliases are followed, a key twice, bytes that
/// are no UTF-8, and control characters other than tab and newline (yaml-cpp would stop at some).
Result<std::vector<YamlNode>> readYaml(const QByteArray &text);

} // namespace pilothouse
