// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

namespace pilothouse {

/// One word for a POSIX shell, in single quotes whatever it holds.
QByteArray shellQuoted(const QString &word);
/// A command as a person would type it: quotes only where they are needed. To be shown and
/// copied; nothing of ours runs it.
QString shellLine(const QStringList &argv);

} // namespace pilothouse
