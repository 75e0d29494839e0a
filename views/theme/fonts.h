// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>

namespace pilothouse {

/// The bundled fonts: Inter with tabular digits, JetBrains Mono. Sizes are pixels on a 1x screen.
void loadFonts(); ///< once, after QGuiApplication
QFont bodyFont(); ///< 13
QFont mediumFont(); ///< 13, medium: names, buttons
QFont strongFont(); ///< 13, semibold: titles of cards
QFont smallFont(); ///< 12
QFont sectionFont(); ///< 11, semibold, capitals: sections of the inventory
QFont headingFont(); ///< 20, semibold
QFont subheadingFont(); ///< 15, semibold
QFont monoFont(); ///< 12, JetBrains Mono

} // namespace pilothouse
