// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/logs/ansitext.h"

#include <QStringDecoder>

#include <array>

namespace pilothouse {

namespace {

/// Parameters of one SGR sequence; at most 32 are kept, as terminals do.
struct Parameters {
    std::array<int, 32> values{};
    int count = 0;

    int at(int index) const { return index < count ? values[std::size_t(index)] : 0; }
};

/// 38;5;N or 38;2;R;G;B after position `i`; moves `i` past what it took. -1 when malformed.
int extendedColour(const Parameters &parameters, int &i)
{
    const int form = parameters.at(i + 1);
    if (form == 5 && i + 2 < parameters.count) {
        i += 2;
        const int index = parameters.at(i);
        return index >= 0 && index < 256 ? index : -1;
    }
    if (form == 2 && i + 4 < parameters.count) {
        const int r = parameters.at(i + 2), g = parameters.at(i + 3), b = parameters.at(i + 4);
        i += 4;
        return 0x1000000 | (r & 255) << 16 | (g & 255) << 8 | (b & 255);
    }
    i = parameters.count;
    return -1;
}

void applySgr(const Parameters &parameters, TextStyle &style)
{
    for (int i = 0; i < std::max(parameters.count, 1); ++i) {
        const int code = parameters.at(i);
        if (code == 0)
            style = TextStyle();
        else if (code == 1)
            style.bold = true;
        else if (code == 2)
            style.faint = true;
        else if (code == 3)
            style.italic = true;
        else if (code == 4)
            style.underline = true;
        else if (code == 7)
            style.inverse = true;
        else if (code == 22)
            style.bold = style.faint = false;
        else if (code == 23)
            style.italic = false;
        else if (code == 24)
            style.underline = false;
        else if (code == 27)
            style.inverse = false;
        else if (code >= 30 && code <= 37)
            style.foreground = code - 30;
        else if (code == 38)
            style.foreground = extendedColour(parameters, i);
        else if (code == 39)
            style.foreground = -1;
        else if (code >= 40 && code <= 47)
            style.background = code - 40;
        else if (code == 48)
            style.background = extendedColour(parameters, i);
        else if (code == 49)
            style.background = -1;
        else if (code >= 90 && code <= 97)
            style.foreground = code - 90 + 8;
        else if (code >= 100 && code <= 107)
            style.background = code - 100 + 8;
    }
}

/// Length of a complete SGR sequence at the front ("\x1b[" digits and ; or : then "m"), 0 if none
/// is there.
qsizetype sgrLength(QByteArrayView text, Parameters &parameters)
{
    if (text.size() < 3 || text[0] != '\x1b' || text[1] != '[')
        return 0;
    int value = 0;
    bool any = false;
    const auto push = [&] {
        if (parameters.count < int(parameters.values.size()))
            parameters.values[std::size_t(parameters.count++)] = value;
        value = 0;
    };
    for (qsizetype i = 2; i < text.size() && i < 128; ++i) {
        const char c = text[i];
        if (c >= '0' && c <= '9') {
            value = std::min(value * 10 + (c - '0'), 65535);
            any = true;
        } else if (c == ';' || c == ':') {
            push();
            any = true;
        } else if (c == 'm') {
            if (any)
                push();
            return i + 1;
        } else {
            return 0;
        }
    }
    return 0;
}

bool isHidden(char16_t c)
{
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E
        || c == 0x200F || c == 0x061C || c == 0xFEFF || c == 0x2028 || c == 0x2029;
}

/// Appends decoded text with every control character replaced by a mark.
void appendVisible(const QString &decoded, QString &out)
{
    for (const QChar c : decoded) {
        const char16_t code = c.unicode();
        if (code == u'\t')
            out += QStringLiteral("    ");
        else if (code < 0x20)
            out += QChar(char16_t(0x2400 + code)); // the block "Control Pictures"
        else if (code == 0x7F)
            out += QChar(0x2421);
        else if ((code >= 0x80 && code < 0xA0) || isHidden(code))
            out += QStringLiteral("⟪U+%1⟫").arg(uint(code), 4, 16, QLatin1Char('0')).toUpper();
        else
            out += c;
    }
}

} // namespace

StyledLine styledLine(QByteArrayView line, TextStyle &style, qsizetype limit)
{
    StyledLine result;
    if (line.endsWith('\r')) // the line end of a pty or of Windows, no overwrite
        line.chop(1);
    if (line.size() > limit) {
        line = line.first(limit);
        result.cut = true;
    }
    QStringDecoder utf8(QStringDecoder::Utf8);
    qsizetype from = 0;
    const auto flush = [&](qsizetype to) {
        if (to == from)
            return;
        const int start = int(result.text.size());
        appendVisible(utf8.decode(line.sliced(from, to - from)), result.text);
        const int length = int(result.text.size()) - start;
        if (length > 0 && style != TextStyle())
            result.spans.append({start, length, style});
    };
    for (qsizetype i = 0; i < line.size();) {
        Parameters parameters;
        const qsizetype length = line[i] == '\x1b' ? sgrLength(line.sliced(i), parameters) : 0;
        if (length == 0) {
            ++i;
            continue;
        }
        flush(i);
        applySgr(parameters, style);
        i += length;
        from = i;
    }
    flush(line.size());
    return result;
}

} // namespace pilothouse
