// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QHeaderView;

namespace pilothouse {

/// Where tables keep how they stand (window.ini); nothing is kept without it.
void setHeaderStateFile(const QString &file);

/// Brings a header back to how it stood last under `name`: widths, order, which columns are shown,
/// sorting; keeps it from then on. Call it when the columns stand as they do by themselves. What
/// was kept of another number of columns is left out.
void keepHeaderState(QHeaderView *header, const QString &name);

} // namespace pilothouse
