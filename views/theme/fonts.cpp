// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/theme/fonts.h"

#include <QFontDatabase>

// Q_INIT_RESOURCE must stand outside any namespace.
static void initResources()
{
    Q_INIT_RESOURCE(resources);
}

namespace pilothouse {

void loadFonts()
{
    static const bool loaded = [] {
        initResources();
        for (const char *file : {"PilothouseInter-Regular.otf", "PilothouseInter-Medium.otf",
                 "PilothouseInter-SemiBold.otf", "PilothouseMono-Regular.ttf"})
            QFontDatabase::addApplicationFont(
                QStringLiteral(":/pilothouse/fonts/") + QLatin1String(file));
        return true;
    }();
    Q_UNUSED(loaded)
}

static QFont inter(int pixels, QFont::Weight weight)
{
    QFont font(QStringLiteral("Pilothouse Inter"));
    font.setPixelSize(pixels);
    font.setWeight(weight);
    font.setHintingPreference(QFont::PreferVerticalHinting);
    return font;
}

QFont bodyFont()
{
    return inter(13, QFont::Normal);
}
QFont mediumFont()
{
    return inter(13, QFont::Medium);
}
QFont strongFont()
{
    return inter(13, QFont::DemiBold);
}
QFont smallFont()
{
    return inter(12, QFont::Normal);
}
QFont headingFont()
{
    return inter(20, QFont::DemiBold);
}
QFont subheadingFont()
{
    return inter(15, QFont::DemiBold);
}

QFont sectionFont()
{
    QFont font = inter(11, QFont::DemiBold);
    font.setCapitalization(QFont::AllUppercase);
    font.setLetterSpacing(QFont::AbsoluteSpacing, 0.5);
    return font;
}

QFont monoFont()
{
    QFont font(QStringLiteral("Pilothouse Mono"));
    font.setPixelSize(12);
    font.setStyleHint(QFont::Monospace);
    return font;
}

} // namespace pilothouse
