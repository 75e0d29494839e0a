// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/acts/resultjson.h"

#include "core/session/session.h"

#include <QJsonArray>

namespace pilothouse {

static QString stageStateName(StageState state)
{
    switch (state) {
    case StageState::Waiting:
        return QStringLiteral("waiting");
    case StageState::Running:
        return QStringLiteral("running");
    case StageState::Done:
        return QStringLiteral("done");
    case StageState::Failed:
        return QStringLiteral("failed");
    case StageState::Skipped:
        break;
    }
    return QStringLiteral("skipped");
}

static QJsonValue orNull(const QString &text)
{
    return text.isEmpty() ? QJsonValue() : QJsonValue(text);
}

static QJsonArray stagesToJson(const QList<StageReport> &stages)
{
    QJsonArray all;
    for (const auto &report : stages) {
        QJsonObject one;
        one.insert(QStringLiteral("stage"), stageId(report.stage));
        one.insert(QStringLiteral("title"), stageTitle(report.stage));
        one.insert(QStringLiteral("hop"), orNull(report.hop));
        one.insert(QStringLiteral("state"), stageStateName(report.state));
        one.insert(QStringLiteral("milliseconds"),
            report.state == StageState::Waiting ? QJsonValue() : QJsonValue(report.milliseconds));
        one.insert(QStringLiteral("result"), orNull(report.result));
        all.append(one);
    }
    return all;
}

QJsonObject testToJson(const Session &session)
{
    QJsonObject result;
    result.insert(QStringLiteral("target"), session.target().name);
    // Node minus this machine; null when it is 2 s or less, or not known.
    const auto skew = session.skewMs();
    result.insert(QStringLiteral("clock_skew_ms"), skew ? QJsonValue(*skew) : QJsonValue());
    result.insert(QStringLiteral("stages"), stagesToJson(session.stages()));
    return result;
}

QJsonObject connectionToJson(const Session &session, const Link *link)
{
    QJsonObject result = testToJson(session);
    const auto put = [&](const char *key, const QString &text) {
        result.insert(QLatin1String(key), orNull(text));
    };
    const NodeFacts facts = link ? link->facts : NodeFacts();
    put("summary", link ? link->summary : QString());
    put("transport", link ? link->transport->kind() : QString());
    put("transport_why", link ? link->transportWhy : QString());
    put("agent_version", facts.agentVersion);
    put("without_agent", link ? link->without : QString());
    put("host_name", facts.hostName);
    put("os", facts.os);
    put("kernel", facts.kernel);
    result.insert(QStringLiteral("warnings"),
        link ? QJsonValue(QJsonArray::fromStringList(facts.warnings)) : QJsonValue());
    return result;
}

void putBytes(QJsonObject &object, const char *text, const char *base64, const QByteArray &bytes)
{
    const QString decoded = QString::fromUtf8(bytes);
    const bool exact = decoded.toUtf8() == bytes;
    object.insert(QLatin1String(text), exact ? QJsonValue(decoded) : QJsonValue());
    object.insert(QLatin1String(base64),
        exact ? QJsonValue() : QJsonValue(QString::fromLatin1(bytes.toBase64())));
}

} // namespace pilothouse
