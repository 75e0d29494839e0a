// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QScrollArea;
class QWidget;

namespace pilothouse {

/// A page's content that scrolls up and down, as wide as the page, on the page's own background.
/// Tab goes to what is in it.
QScrollArea *scrolled(QWidget *content);

} // namespace pilothouse
