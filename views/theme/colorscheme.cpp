// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/theme/colorscheme.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QFileInfo>

namespace pilothouse {

static const QString service = QStringLiteral("org.freedesktop.portal.Desktop");
static const QString path = QStringLiteral("/org/freedesktop/portal/desktop");
static const QString interface = QStringLiteral("org.freedesktop.portal.Settings");
static const QString appearance = QStringLiteral("org.freedesktop.appearance");

static bool hasSessionBus()
{
    // Without either, libdbus would start a bus of its own, which takes a second and stays.
    return qEnvironmentVariableIsSet("DBUS_SESSION_BUS_ADDRESS")
        || QFileInfo::exists(qEnvironmentVariable("XDG_RUNTIME_DIR") + QStringLiteral("/bus"));
}

void DesktopScheme::follow()
{
    if (!hasSessionBus())
        return;
    auto bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return;
    bus.connect(service, path, interface, QStringLiteral("SettingChanged"), this,
        SLOT(settingChanged(QString, QString, QDBusVariant)));
    read(QStringLiteral("contrast"));
    read(QStringLiteral("color-scheme"));
}

void DesktopScheme::read(const QString &key)
{
    auto call = QDBusMessage::createMethodCall(service, path, interface, QStringLiteral("Read"));
    call << appearance << key;
    auto *watcher
        = new QDBusPendingCallWatcher(QDBusConnection::sessionBus().asyncCall(call), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, key, watcher] {
        watcher->deleteLater();
        const QDBusPendingReply<QDBusVariant> reply = *watcher;
        if (!reply.isError())
            take(key, reply.value().variant());
    });
}

void DesktopScheme::settingChanged(
    const QString &name, const QString &key, const QDBusVariant &value)
{
    if (name == appearance)
        take(key, value.variant());
}

void DesktopScheme::take(const QString &key, const QVariant &value)
{
    // Read() wraps the value in one more variant than the signal does.
    const QVariant inner = value.canConvert<QDBusVariant>() && !value.canConvert<uint>()
        ? value.value<QDBusVariant>().variant()
        : value;
    if (key == QStringLiteral("color-scheme"))
        m_colorScheme = inner.toUInt();
    else if (key == QStringLiteral("contrast"))
        m_contrast = inner.toUInt();
    else
        return;
    Q_EMIT found(schemeFor(m_colorScheme, m_contrast));
}

Scheme DesktopScheme::schemeFor(uint colorScheme, uint contrast)
{
    if (contrast == 1)
        return Scheme::HighContrast;
    return colorScheme == 1 ? Scheme::Dark : Scheme::Light;
}

std::optional<Scheme> schemeFromName(const QString &name)
{
    for (const auto scheme : {Scheme::Dark, Scheme::Light, Scheme::HighContrast}) {
        if (name == schemeName(scheme))
            return scheme;
    }
    return {};
}

QString schemeName(Scheme scheme)
{
    switch (scheme) {
    case Scheme::Light:
        return QStringLiteral("light");
    case Scheme::HighContrast:
        return QStringLiteral("high-contrast");
    case Scheme::Dark:
        break;
    }
    return QStringLiteral("dark");
}

} // namespace pilothouse
