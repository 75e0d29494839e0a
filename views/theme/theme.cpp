// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/theme/theme.h"

#include "views/theme/fonts.h"
#include "views/theme/style.h"

#include <QApplication>
#include <QToolTip>

namespace pilothouse {

Theme &Theme::instance()
{
    static Theme theme;
    return theme;
}

void Theme::setScheme(Scheme scheme)
{
    if (m_scheme == scheme)
        return;
    m_scheme = scheme;
    QApplication::setPalette(palette());
    QToolTip::setPalette(palette());
    Q_EMIT changed();
}

QColor Theme::weak(Token token) const
{
    if (m_scheme == Scheme::HighContrast)
        return color(Token::Card);
    QColor over = color(token);
    over.setAlphaF(m_scheme == Scheme::Dark ? 0.07F : 0.05F);
    return blended(over, color(Token::Card));
}

QPalette Theme::palette() const
{
    QPalette palette;
    const auto set = [&](QPalette::ColorRole role, Token token) {
        palette.setColor(QPalette::All, role, color(token));
    };
    set(QPalette::Window, Token::Window);
    set(QPalette::WindowText, Token::Text);
    set(QPalette::Base, Token::Card);
    set(QPalette::AlternateBase, Token::Panel);
    set(QPalette::Text, Token::Text);
    set(QPalette::PlaceholderText, Token::Text3);
    set(QPalette::Button, Token::Card);
    set(QPalette::ButtonText, Token::Text);
    set(QPalette::BrightText, Token::Bad);
    set(QPalette::ToolTipBase, Token::Hover);
    set(QPalette::ToolTipText, Token::Text);
    set(QPalette::Link, Token::Accent);
    set(QPalette::LinkVisited, Token::Accent);
    set(QPalette::Light, Token::Hover);
    set(QPalette::Midlight, Token::Hover);
    set(QPalette::Mid, Token::Line);
    set(QPalette::Dark, Token::Line);
    set(QPalette::Shadow, Token::Line);
    palette.setColor(
        QPalette::All, QPalette::Highlight, blended(color(Token::AccentWeak), color(Token::Card)));
    set(QPalette::HighlightedText, Token::Text);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, color(Token::Text3));
    return palette;
}

void Theme::install(Scheme scheme)
{
    loadFonts();
    Theme &theme = instance();
    theme.m_scheme = scheme;
    QApplication::setStyle(new Style);
    QApplication::setPalette(theme.palette());
    QToolTip::setPalette(theme.palette());
    QApplication::setFont(bodyFont());
    QToolTip::setFont(smallFont());
}

} // namespace pilothouse
