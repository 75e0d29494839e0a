// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

namespace pilothouse {

enum class PatternMatch { No, Yes, Negated };

/// `*` and `?` as in ssh_config and known_hosts; bytes, case as given. Linear in memory, at most
/// text times pattern in time.
bool matchPattern(QByteArrayView text, QByteArrayView pattern);

/// A comma list with `!` negation: Negated as soon as a negated pattern matches. Letters of the
/// patterns count as lower case; so give `text` in lower case.
PatternMatch matchPatternList(QByteArrayView text, QByteArrayView patterns);

/// The rule of a Host line: some word matches and no word with `!` does.
bool matchHostLine(const QByteArray &alias, const QList<QByteArray> &words);

} // namespace pilothouse
