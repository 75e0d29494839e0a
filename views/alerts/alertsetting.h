// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

namespace pilothouse {

/// Whether the desktop is told of alerts; on until a person turns it off. Kept in window.ini.
class AlertSetting : public QObject {
    Q_OBJECT

public:
    static AlertSetting &instance();
    void load(const QString &file); ///< nothing is kept without it
    bool notifies() const { return m_notifies; }
    void setNotifies(bool notifies);

private:
    using QObject::QObject;
    QString m_file;
    bool m_notifies = true;
};

} // namespace pilothouse
