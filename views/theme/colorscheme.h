// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/theme/tokens.h"

#include <QDBusVariant>
#include <QObject>

#include <optional>

namespace pilothouse {

/// What the desktop wants, from the settings portal (org.freedesktop.appearance). Asked without
/// waiting; hears changes. `found` comes at most once per answer or change, never without a portal.
class DesktopScheme : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;
    /// Asks the portal on the session bus. A no-op where there is no session bus.
    void follow();
    /// The portal's numbers: color-scheme 0 no preference (what GNOME says for light), 1 dark,
    /// 2 light; contrast 1 = high.
    static Scheme schemeFor(uint colorScheme, uint contrast);

Q_SIGNALS:
    void found(pilothouse::Scheme scheme);

private Q_SLOTS:
    void settingChanged(const QString &name, const QString &key, const QDBusVariant &value);

private:
    void read(const QString &key);
    void take(const QString &key, const QVariant &value);
    uint m_colorScheme = 0, m_contrast = 0;
};

/// PILOTHOUSE_THEME or the setting, when they name a scheme ("dark", "light", "high-contrast").
std::optional<Scheme> schemeFromName(const QString &name);
QString schemeName(Scheme scheme);

} // namespace pilothouse
