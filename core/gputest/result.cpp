// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gputest/result.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>

#include <cmath>

namespace pilothouse {

namespace {

constexpr qsizetype mostBytes = 4 * 1024 * 1024;
constexpr qsizetype mostDevices = 256, mostLines = 256, mostText = 1000;

QString text(const QJsonObject &json, const char *name)
{
    return json.value(QLatin1String(name)).toString().left(mostText);
}

QStringList texts(const QJsonValue &json)
{
    QStringList all;
    const auto array = json.toArray();
    for (const auto &one : array) {
        if (one.isString() && all.size() < mostLines)
            all << one.toString().left(mostText);
    }
    return all;
}

GpuTestRange range(const QJsonObject &json)
{
    return {json.value(QLatin1String("min")).toDouble(),
        json.value(QLatin1String("mean")).toDouble(), json.value(QLatin1String("max")).toDouble()};
}

/// Of the result's own list; a stored device brings the part that is its own.
QList<GpuTestLink> links(const QJsonArray &peers, const QString &from)
{
    QList<GpuTestLink> all;
    for (const auto &one : peers) {
        const auto peer = one.toObject();
        if (text(peer, "from") != from || all.size() == mostDevices)
            continue;
        const double speed = peer.value(QLatin1String("bytes_per_second")).toDouble();
        all << GpuTestLink{text(peer, "to"), peer.value(QLatin1String("direct")).toBool(),
            std::isfinite(speed) && speed > 0 ? speed : 0, text(peer, "trouble")};
    }
    return all;
}

QJsonArray ownPeers(const QJsonArray &peers, const QString &from)
{
    QJsonArray own;
    for (const auto &one : peers) {
        if (text(one.toObject(), "from") == from)
            own << one;
    }
    return own;
}

GpuTestDevice device(QJsonObject json, const QJsonArray &peers)
{
    GpuTestDevice device;
    device.uuid = text(json, "uuid");
    device.name = text(json, "name");
    device.compute = text(json, "compute");
    device.module = text(json, "module");
    const auto figures = json.value(QLatin1String("figures")).toObject();
    for (auto it = figures.begin(); it != figures.end(); ++it) {
        const double value = it->toDouble(-1);
        if (std::isfinite(value) && value > 0)
            device.figures.insert(it.key().left(mostText), value);
    }
    const auto skipped = json.value(QLatin1String("skipped")).toArray();
    for (const auto &one : skipped)
        device.skipped.insert(text(one.toObject(), "figure"), text(one.toObject(), "why"));
    device.errors = texts(json.value(QLatin1String("errors")));
    device.warnings = texts(json.value(QLatin1String("warnings")));
    const auto load = json.value(QLatin1String("load")).toObject();
    for (const char *name : {"sm_clock_mhz", "power_watts", "temperature_celsius"}) {
        const auto values = load.value(QLatin1String(name));
        if (values.isObject())
            device.load.insert(QString::fromLatin1(name), range(values.toObject()));
    }
    device.slowedBy = texts(load.value(QLatin1String("slowed_by")));
    const auto memory = json.value(QLatin1String("memory")).toObject();
    device.memoryTestedBytes = memory.value(QLatin1String("tested_bytes")).toInteger();
    device.memoryErrors = memory.value(QLatin1String("errors")).toInteger();
    if (!json.contains(QLatin1String("peers")))
        json.insert(QStringLiteral("peers"), ownPeers(peers, device.uuid));
    device.links = links(json.value(QLatin1String("peers")).toArray(), device.uuid);
    device.json = json;
    return device;
}

} // namespace

Result<GpuTestResult> parseGpuTest(const QByteArray &bytes)
{
    QJsonParseError problem;
    const auto json = bytes.size() <= mostBytes ? QJsonDocument::fromJson(bytes, &problem).object()
                                                : QJsonObject();
    if (text(json, "schema") != QLatin1String("pilothouse-gputest/1"))
        return fail({ErrorKind::BadReply, QStringLiteral("gputest"),
            QCoreApplication::translate(
                "gputest", "The GPU test gave no result that is understood."),
            QString::fromUtf8(bytes.left(200)), {}});
    GpuTestResult result;
    result.verdict = text(json, "verdict");
    result.trouble = text(json, "trouble");
    result.driver = text(json, "driver");
    result.startedMs = json.value(QLatin1String("started_ms")).toInteger();
    result.simulated = json.value(QLatin1String("simulated")).toBool();
    result.errors = texts(json.value(QLatin1String("errors")));
    result.warnings = texts(json.value(QLatin1String("warnings")));
    const auto peers = json.value(QLatin1String("peers")).toArray();
    const auto devices = json.value(QLatin1String("devices")).toArray();
    for (const auto &one : devices) {
        auto read = device(one.toObject(), peers);
        if (!read.uuid.isEmpty() && result.devices.size() < mostDevices)
            result.devices << read;
    }
    return result;
}

std::optional<QByteArray> gpuTestResultIn(const QByteArray &log)
{
    static const QByteArray beginning("{\"schema\":\"pilothouse-gputest/");
    for (auto at = log.lastIndexOf(beginning); at >= 0;
         at = at > 0 ? log.lastIndexOf(beginning, at - 1) : -1) {
        if (at > 0 && log[at - 1] != '\n')
            continue;
        const auto end = log.indexOf('\n', at);
        if (end >= 0) // a line that was cut off is no result
            return log.mid(at, end - at);
    }
    return std::nullopt;
}

} // namespace pilothouse
