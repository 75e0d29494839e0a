// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/acts/runneracts.h"

#include <QCoreApplication>

namespace pilothouse {

RunnerActs::RunnerActs(ActRunner *runner, QObject *parent)
    : ActPort(parent)
    , m_runner(runner)
{
    connect(runner, &ActRunner::activityChanged, this, &ActPort::activityChanged);
}

QList<ActInfo> RunnerActs::acts() const
{
    QList<ActInfo> all;
    for (const Act *act : actTable()) {
        all.append({QString::fromLatin1(act->id), QCoreApplication::translate("acts", act->title),
            QCoreApplication::translate("acts", act->undo),
            QKeySequence(QString::fromLatin1(act->shortcut), QKeySequence::PortableText),
            act->mutates != Mutates::No, act->destructive == Destructive::Yes});
    }
    return all;
}

Can RunnerActs::can(const QString &act, const ActRequest &request) const
{
    return m_runner->can(act, request);
}

bool RunnerActs::needsTypedName(const QString &act, const ActRequest &request) const
{
    return m_runner->needsTypedName(act, request);
}

QString RunnerActs::preview(const QString &act, const ActRequest &request) const
{
    return m_runner->preview(act, request);
}

Task<Result<QJsonObject>> RunnerActs::run(Context context, QString act, ActRequest request)
{
    return m_runner->run(context, act, request);
}

QList<Activity> RunnerActs::activities() const
{
    return m_runner->activities();
}
void RunnerActs::cancel(const QString &activityId)
{
    m_runner->cancel(activityId);
}

} // namespace pilothouse
