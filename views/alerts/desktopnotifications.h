// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDBusConnection>
#include <QObject>

class QSystemTrayIcon;

namespace pilothouse {

/// The desktop's notifications: org.freedesktop.Notifications (desktop notification specification
/// 1.2) on the session bus; where there is no bus a message of a tray icon, where the desktop has a
/// tray; else nothing, silently. Main thread, never waits.
class DesktopNotifications : public QObject {
    Q_OBJECT

public:
    /// `bus`: null = the session's, connected to on first use.
    explicit DesktopNotifications(QObject *parent = nullptr, const QDBusConnection *bus = nullptr);
    ~DesktopNotifications() override;

    struct Message {
        QString summary, body; ///< plain text
        bool critical = false; ///< stays until it is dismissed
    };
    /// Takes the place of the one before while that is shown.
    void show(const Message &message);
    void withdraw(); ///< the one that is shown, if any

Q_SIGNALS:
    void activated(); ///< a person clicked it

private Q_SLOTS:
    void actionInvoked(uint id, const QString &action);
    void notificationClosed(uint id, uint reason);

private:
    bool connectBus();
    void showInTray(const Message &message);

    QDBusConnection m_bus;
    bool m_given, m_tried = false, m_connected = false;
    uint m_shown = 0; ///< id that the service gave; 0 = none
    QSystemTrayIcon *m_tray = nullptr;
};

} // namespace pilothouse
