// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

class QWidget;

namespace pilothouse {

/// What is wrong with a page as it stands: text cut without eliding, characters its font lacks,
/// focusable widgets without a name. One line each.
QStringList problemsOf(const QWidget *page);

} // namespace pilothouse
