// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/theme/tokens.h"

#include <QObject>
#include <QPalette>

namespace pilothouse {

/// The scheme in force and what comes of it. One per process, main thread; widgets paint with it
/// and hear `changed` (or QEvent::PaletteChange).
class Theme : public QObject {
    Q_OBJECT

public:
    static Theme &instance();

    Scheme scheme() const { return m_scheme; }
    void setScheme(Scheme scheme); ///< also gives the application its palette
    QColor color(Token token) const { return tokens(m_scheme)[std::size_t(token)]; }
    /// A weak fill of a state's colour on a card: banners, badges.
    QColor weak(Token token) const;
    QColor series(int index) const { return seriesColor(m_scheme, index); }
    QPalette palette() const;
    double lineWidth() const { return m_scheme == Scheme::HighContrast ? 2 : 1; }

    /// Gives the application fonts, style and palette. Call once, after QApplication.
    static void install(Scheme scheme);

Q_SIGNALS:
    void changed();

private:
    using QObject::QObject;
    Scheme m_scheme = Scheme::Dark;
};

/// Short for Theme::instance().color().
inline QColor themed(Token token)
{
    return Theme::instance().color(token);
}

} // namespace pilothouse
