// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/theme/tokens.h"

#include <QList>

#include <algorithm>
#include <cmath>

namespace pilothouse {

static QColor solid(QRgb rgb)
{
    return QColor(rgb);
}

static QColor weak(QRgb rgb, double alpha)
{
    QColor color(rgb);
    color.setAlphaF(float(alpha));
    return color;
}

const TokenTable &tokens(Scheme scheme)
{
    // In the order of Token.
    static const TokenTable dark{
        solid(0x0F1317), // Window
        solid(0x14191F), // Panel
        solid(0x1A2028), // Card
        solid(0x222A34), // Hover
        solid(0x2A333E), // Line
        solid(0xE6EAF0), // Text
        solid(0xA9B3C0), // Text2
        solid(0x8A95A4), // Text3
        solid(0x4C9AFF), // Accent
        weak(0x4C9AFF, 0.15), // AccentWeak
        solid(0x3FB68B), // Ok
        solid(0xE5A50A), // Watch
        solid(0xF0616D), // Bad
        solid(0x8892A0), // Unknown
        solid(0x06152B), // OnPrimary
    };
    static const TokenTable light{
        solid(0xF3F5F8), // Window
        solid(0xFFFFFF), // Panel
        solid(0xFFFFFF), // Card
        solid(0xEDF1F6), // Hover
        solid(0xD9DFE7), // Line
        solid(0x18202A), // Text
        solid(0x4A5665), // Text2
        solid(0x5F6B7A), // Text3
        solid(0x1A5FD0), // Accent
        weak(0x1A5FD0, 0.10), // AccentWeak
        solid(0x0F7350), // Ok
        solid(0x8A5C00), // Watch
        solid(0xC9303E), // Bad
        solid(0x5F6B7A), // Unknown
        solid(0xFFFFFF), // OnPrimary
    };
    static const TokenTable high{
        solid(0x000000), // Window
        solid(0x000000), // Panel
        solid(0x000000), // Card
        solid(0x2B2B2B), // Hover
        solid(0xFFFFFF), // Line
        solid(0xFFFFFF), // Text
        solid(0xFFFFFF), // Text2
        solid(0xE0E0E0), // Text3
        solid(0x6FC3FF), // Accent
        solid(0x123A5C), // AccentWeak
        solid(0x5CF0B4), // Ok
        solid(0xFFD23F), // Watch
        solid(0xFF8A93), // Bad
        solid(0xD8D8D8), // Unknown
        solid(0x000000), // OnPrimary
    };
    switch (scheme) {
    case Scheme::Light:
        return light;
    case Scheme::HighContrast:
        return high;
    case Scheme::Dark:
        break;
    }
    return dark;
}

QColor seriesColor(Scheme scheme, int index)
{
    static constexpr std::array<QRgb, seriesCount> colors{
        0x4C9AFF, 0xF2A93B, 0x3FB68B, 0xE56BA8, 0x9D8CFF, 0xC9D14A, 0xE5734B, 0x6FC6E8};
    const QColor color(colors[std::size_t(index) % colors.size()]);
    if (scheme != Scheme::Light)
        return color;
    return QColor::fromHsvF(color.hsvHueF(), color.hsvSaturationF(), color.valueF() * 0.8F);
}

QColor heatColor(double value)
{
    static constexpr std::array<QRgb, 6> stops{
        0x1B2A45, 0x1F4A77, 0x2F7291, 0x55918B, 0xA5B566, 0xF4D84F};
    const double place = std::clamp(value, 0.0, 1.0) * double(stops.size() - 1);
    const auto below = std::min(std::size_t(place), stops.size() - 2);
    const double part = place - double(below);
    const QColor a(stops[below]), b(stops[below + 1]);
    const auto mix = [part](int x, int y) { return int(std::lround(x + (y - x) * part)); };
    return QColor(mix(a.red(), b.red()), mix(a.green(), b.green()), mix(a.blue(), b.blue()));
}

static double luminance(const QColor &color)
{
    const auto linear = [](double channel) {
        return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF())
        + 0.0722 * linear(color.blueF());
}

double contrast(const QColor &a, const QColor &b)
{
    const double x = luminance(a), y = luminance(b);
    return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

QColor blended(const QColor &over, const QColor &under)
{
    const double alpha = over.alphaF();
    const auto mix
        = [alpha](int x, int y) { return int(std::lround(x * alpha + y * (1 - alpha))); };
    return QColor(mix(over.red(), under.red()), mix(over.green(), under.green()),
        mix(over.blue(), under.blue()));
}

const QList<TextPair> &textPairs()
{
    static const QList<TextPair> pairs = [] {
        QList<TextPair> all;
        for (const auto text : {Token::Text, Token::Text2, Token::Text3, Token::Ok, Token::Watch,
                 Token::Bad, Token::Unknown, Token::Accent}) {
            for (const auto background : {Token::Window, Token::Panel, Token::Card, Token::Hover})
                all.append({text, background});
        }
        all.append({Token::OnPrimary, Token::Accent});
        all.append({Token::Text, Token::AccentWeak});
        all.append({Token::Text2, Token::AccentWeak});
        all.append({Token::Text3, Token::AccentWeak});
        return all;
    }();
    return pairs;
}

} // namespace pilothouse
