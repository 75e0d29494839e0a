// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/alerts/alertnotifier.h"

#include "core/session/alertlog.h"
#include "views/alerts/alertsetting.h"

#include <QMap>
#include <QSet>

#include <utility>

namespace pilothouse {

static constexpr int mostCauses = 4;

AlertNotifier::AlertNotifier(AlertLog *log, DesktopNotifications *desktop, QObject *parent)
    : QObject(parent)
    , m_log(log)
    , m_desktop(desktop)
{
    m_burst.setSingleShot(true);
    m_burst.setInterval(burstMs);
    connect(&m_burst, &QTimer::timeout, this, &AlertNotifier::flush);
    connect(log, &AlertLog::raised, this, [this](const QList<Alert> &alerts) {
        for (const Alert &alert : alerts) {
            if (alert.verdict >= HealthVerdict::Reboot && !m_waiting.contains(alert.id))
                m_waiting << alert.id;
        }
        if (!m_waiting.isEmpty() && !m_burst.isActive())
            m_burst.start();
    });
    connect(
        desktop, &DesktopNotifications::activated, this, [this] { Q_EMIT alertWanted(m_first); });
}

void AlertNotifier::flush()
{
    m_burst.stop();
    QList<Alert> alerts;
    const auto waiting = std::exchange(m_waiting, {});
    for (const QString &id : waiting) {
        const auto alert = m_log->find(id);
        if (alert && alert->state(m_log->now()) == AlertState::Open)
            alerts << *alert;
    }
    if (alerts.isEmpty() || !AlertSetting::instance().notifies())
        return;
    std::stable_sort(alerts.begin(), alerts.end(),
        [](const Alert &a, const Alert &b) { return a.verdict > b.verdict; });
    m_first = alerts.first().id;
    m_desktop->show(messageFor(alerts, m_simulated));
}

DesktopNotifications::Message AlertNotifier::messageFor(const QList<Alert> &alerts, bool simulated)
{
    DesktopNotifications::Message message;
    const Alert &first = alerts.first();
    message.critical = !simulated && first.verdict == HealthVerdict::Replace;
    if (alerts.size() == 1) {
        const auto words = first.words();
        message.summary = first.place() + QStringLiteral(": ") + words.title;
        message.body = words.sentence + QLatin1Char('\n') + words.next;
    } else {
        QSet<QString> nodes;
        QMap<QString, int> causes; // title, count
        for (const Alert &alert : alerts) {
            nodes.insert(alert.target);
            ++causes[alert.words().title];
        }
        message.summary = nodes.size() == 1
            ? tr("%1 alerts on %2").arg(alerts.size()).arg(first.nodeName)
            : tr("%1 alerts on %2 nodes").arg(alerts.size()).arg(nodes.size());
        QStringList lines;
        for (auto cause = causes.begin(); cause != causes.end(); ++cause)
            lines << (cause.value() == 1 ? cause.key()
                                         : tr("%1 × %2").arg(cause.value()).arg(cause.key()));
        const qsizetype more = lines.size() - mostCauses;
        lines = lines.mid(0, mostCauses);
        if (more > 0)
            lines << tr("and %1 other causes").arg(more);
        message.body = lines.join(QLatin1Char('\n'));
    }
    if (simulated)
        message.summary = tr("Simulated: %1").arg(message.summary);
    return message;
}

} // namespace pilothouse
