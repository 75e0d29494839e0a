// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/settings/themesetting.h"

#include "views/theme/theme.h"

#include <QSettings>

namespace pilothouse {

static const QString chosenKey = QStringLiteral("theme/chosen");
static const QString desktopKey = QStringLiteral("theme/desktop");

ThemeSetting &ThemeSetting::instance()
{
    static ThemeSetting setting;
    return setting;
}

void ThemeSetting::load(const QString &file)
{
    m_file = file;
}

QString ThemeSetting::name() const
{
    return m_file.isEmpty() ? QString()
                            : QSettings(m_file, QSettings::IniFormat).value(chosenKey).toString();
}

void ThemeSetting::setName(const QString &name)
{
    if (m_file.isEmpty())
        return;
    QSettings(m_file, QSettings::IniFormat).setValue(chosenKey, name);
    apply();
}

Scheme ThemeSetting::scheme() const
{
    if (const auto forced = schemeFromName(qEnvironmentVariable("PILOTHOUSE_THEME")))
        return *forced;
    if (const auto chosen = schemeFromName(name()))
        return *chosen;
    if (!m_file.isEmpty()) {
        const QSettings settings(m_file, QSettings::IniFormat);
        if (const auto last = schemeFromName(settings.value(desktopKey).toString()))
            return *last;
    }
    return Scheme::Dark;
}

void ThemeSetting::apply()
{
    Theme::instance().setScheme(scheme());
}

void ThemeSetting::followDesktop()
{
    connect(&m_desktop, &DesktopScheme::found, this, [this](Scheme scheme) {
        if (!m_file.isEmpty())
            QSettings(m_file, QSettings::IniFormat).setValue(desktopKey, schemeName(scheme));
        apply();
    });
    m_desktop.follow();
}

} // namespace pilothouse
