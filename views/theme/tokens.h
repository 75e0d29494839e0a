// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>

#include <array>

namespace pilothouse {

/// The colours of the window by meaning. No literal colour anywhere else.
enum class Token {
    Window,
    Panel,
    Card,
    Hover,
    Line,
    Text,
    Text2,
    Text3,
    Accent,
    AccentWeak, ///< the accent, nearly transparent: selected rows and segments
    Ok,
    Watch,
    Bad,
    Unknown, ///< unknown, not opened, stale
    OnPrimary, ///< text on the accent
    Count,
};

enum class Scheme { Dark, Light, HighContrast };

using TokenTable = std::array<QColor, std::size_t(Token::Count)>;

const TokenTable &tokens(Scheme scheme);

/// Colours of curves in order; apart for the three common colour-vision deficiencies.
constexpr int seriesCount = 8;
QColor seriesColor(Scheme scheme, int index);

/// The perceptual ramp of heat maps at `value` 0..1: dark blue, teal, green, yellow.
QColor heatColor(double value);

/// WCAG 2 contrast of two opaque colours, 1..21.
double contrast(const QColor &a, const QColor &b);
/// `over` painted on `under`.
QColor blended(const QColor &over, const QColor &under);

/// A pair that is read as text: both tables keep every one at 4.5:1 or more.
struct TextPair {
    Token text, background;
};
const QList<TextPair> &textPairs();

} // namespace pilothouse
