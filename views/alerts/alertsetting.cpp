// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/alerts/alertsetting.h"

#include <QSettings>

namespace pilothouse {

static const QString notifyKey = QStringLiteral("alerts/notify");

AlertSetting &AlertSetting::instance()
{
    static AlertSetting setting;
    return setting;
}

void AlertSetting::load(const QString &file)
{
    m_file = file;
    m_notifies
        = file.isEmpty() || QSettings(file, QSettings::IniFormat).value(notifyKey, true).toBool();
}

void AlertSetting::setNotifies(bool notifies)
{
    m_notifies = notifies;
    if (!m_file.isEmpty())
        QSettings(m_file, QSettings::IniFormat).setValue(notifyKey, notifies);
}

} // namespace pilothouse
