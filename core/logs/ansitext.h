// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>
#include <QList>
#include <QString>

namespace pilothouse {

/// Colours and weight of a piece of log text, as SGR (ECMA-48 8.3.117) sets them.
struct TextStyle {
    /// -1 = default; 0..15 = the palette of the theme; 16..255 = the xterm cube; above: 0x1000000 |
    /// RGB.
    int foreground = -1, background = -1;
    bool bold = false, faint = false, italic = false, underline = false, inverse = false;

    bool operator==(const TextStyle &) const = default;
};

struct StyledSpan {
    int start = 0, length = 0; ///< in UTF-16 units of StyledLine::text
    TextStyle style;
};

/// One line fit to be shown: no control byte is left in it. Default-styled text has no span.
struct StyledLine {
    QString text;
    QList<StyledSpan> spans;
    bool cut = false; ///< longer than `limit`; the rest is not in `text`
};

/// Turns one line of a log (without its line feed) into text and spans. SGR sequences become
/// styles; every other control byte or sequence, and bidi controls, becomes a visible mark ("␛",
/// "␀", "␍", "⟪U+202E⟫"), so that what is shown is what is there and nothing can move the cursor.
/// `style` goes in as the line before left it and comes out as this one leaves it. Damaged UTF-8
/// becomes U+FFFD.
StyledLine styledLine(QByteArrayView line, TextStyle &style, qsizetype limit = 64 * 1024);

} // namespace pilothouse
