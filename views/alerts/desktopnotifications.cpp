// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/alerts/desktopnotifications.h"

#include <QApplication>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QFileInfo>
#include <QSystemTrayIcon>
#include <QTimer>

namespace pilothouse {

static const QString service = QStringLiteral("org.freedesktop.Notifications");
static const QString path = QStringLiteral("/org/freedesktop/Notifications");

DesktopNotifications::DesktopNotifications(QObject *parent, const QDBusConnection *bus)
    : QObject(parent)
    , m_bus(bus != nullptr ? *bus : QDBusConnection(QString()))
    , m_given(bus != nullptr)
{
}

DesktopNotifications::~DesktopNotifications() = default;

bool DesktopNotifications::connectBus()
{
    if (m_tried)
        return m_connected;
    m_tried = true;
    // Without either, libdbus would start a bus of its own.
    if (!m_given && !qEnvironmentVariableIsSet("DBUS_SESSION_BUS_ADDRESS")
        && !QFileInfo::exists(qEnvironmentVariable("XDG_RUNTIME_DIR") + QStringLiteral("/bus")))
        return false;
    if (!m_given)
        m_bus = QDBusConnection::sessionBus();
    if (!m_bus.isConnected())
        return false;
    m_bus.connect(service, path, service, QStringLiteral("ActionInvoked"), this,
        SLOT(actionInvoked(uint, QString)));
    m_bus.connect(service, path, service, QStringLiteral("NotificationClosed"), this,
        SLOT(notificationClosed(uint, uint)));
    return m_connected = true;
}

/// Bodies may be read as markup by the service.
static QString escaped(const QString &text)
{
    return text.toHtmlEscaped();
}

void DesktopNotifications::show(const Message &message)
{
    if (!connectBus()) {
        showInTray(message);
        return;
    }
    auto call = QDBusMessage::createMethodCall(service, path, service, QStringLiteral("Notify"));
    QVariantMap hints;
    hints.insert(QStringLiteral("urgency"), QVariant::fromValue(uchar(message.critical ? 2 : 1)));
    hints.insert(QStringLiteral("category"), QStringLiteral("device.error"));
    hints.insert(QStringLiteral("desktop-entry"), QGuiApplication::desktopFileName());
    call << QStringLiteral("Pilothouse") << m_shown << QStringLiteral("pilothouse")
         << message.summary << escaped(message.body)
         << QStringList{QStringLiteral("default"), tr("Show alerts")} << hints << -1;
    auto *watcher = new QDBusPendingCallWatcher(m_bus.asyncCall(call), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
        watcher->deleteLater();
        const QDBusPendingReply<uint> reply = *watcher;
        m_shown = reply.isError() ? 0 : reply.value(); // no such service: nothing to say
    });
}

void DesktopNotifications::withdraw()
{
    if (m_tray != nullptr)
        m_tray->hide();
    if (m_shown == 0)
        return;
    auto call = QDBusMessage::createMethodCall(
        service, path, service, QStringLiteral("CloseNotification"));
    call << std::exchange(m_shown, 0);
    m_bus.asyncCall(call);
}

void DesktopNotifications::showInTray(const Message &message)
{
    if (!QSystemTrayIcon::isSystemTrayAvailable() || !QSystemTrayIcon::supportsMessages())
        return;
    if (m_tray == nullptr) {
        m_tray = new QSystemTrayIcon(QApplication::windowIcon(), this);
        connect(m_tray, &QSystemTrayIcon::messageClicked, this, &DesktopNotifications::activated);
        connect(m_tray, &QSystemTrayIcon::activated, this, &DesktopNotifications::activated);
    }
    m_tray->show();
    m_tray->showMessage(message.summary, message.body, QSystemTrayIcon::Warning, 15'000);
    QTimer::singleShot(60'000, m_tray, &QSystemTrayIcon::hide);
}

void DesktopNotifications::actionInvoked(uint id, const QString &)
{
    if (id != 0 && id == m_shown)
        Q_EMIT activated();
}

void DesktopNotifications::notificationClosed(uint id, uint)
{
    if (id == m_shown)
        m_shown = 0;
}

} // namespace pilothouse
