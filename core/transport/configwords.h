// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

#include <optional>

namespace pilothouse {

/// A line of ssh_config, taken apart as OpenSSH does: the keyword in lower case and its words.
/// `Key value`, `Key=value`, "double" and 'single' quotes, backslash before a quote, a backslash or
/// a space, comments at the end, CRLF.
struct ConfigLine {
    QByteArray keyword; ///< empty for blank lines and comments
    QList<QByteArray> words;
};
/// Nothing when quotes do not close.
std::optional<ConfigLine> parseConfigLine(QByteArrayView line);

} // namespace pilothouse
