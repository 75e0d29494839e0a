// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/feed/knownfacts.h"

#include <QJsonArray>

namespace pilothouse {

namespace {

/// The texts of a node, with their names in the file.
struct NamedText {
    const char *key;
    QString NodeFacts::*text;
};
const NamedText texts[] = {{"agent_version", &NodeFacts::agentVersion},
    {"host_name", &NodeFacts::hostName}, {"machine_id", &NodeFacts::machineId},
    {"user", &NodeFacts::user}, {"os", &NodeFacts::os}, {"kernel", &NodeFacts::kernel},
    {"arch", &NodeFacts::arch}, {"home", &NodeFacts::home}, {"cpu_model", &NodeFacts::cpuModel}};

struct NamedDeviceText {
    const char *key;
    QString Device::*text;
};
const NamedDeviceText deviceTexts[] = {{"uuid", &Device::uuid}, {"name", &Device::name},
    {"kind", &Device::kind}, {"driver", &Device::driver}, {"trouble", &Device::trouble}};

QStringList strings(const QJsonValue &value)
{
    QStringList list;
    const auto array = value.toArray();
    for (const auto &one : array)
        list << one.toString();
    return list;
}

QString key(const char *name)
{
    return QString::fromLatin1(name);
}

} // namespace

QJsonObject factsToJson(const KnownFacts &facts)
{
    const NodeFacts &node = facts.node;
    QJsonObject json;
    for (const auto &[name, text] : texts)
        json.insert(key(name), node.*text);
    json.insert(key("uid"), int(node.uid));
    json.insert(key("protocol"), int(node.protocol));
    json.insert(key("cpus"), int(node.cpuCount));
    json.insert(key("memory_bytes"), qint64(node.memoryBytes));
    json.insert(key("capabilities"), QJsonArray::fromStringList(node.capabilities));
    json.insert(key("warnings"), QJsonArray::fromStringList(node.warnings));
    QJsonArray devices;
    for (const auto &device : node.devices) {
        QJsonObject one;
        for (const auto &[name, text] : deviceTexts)
            one.insert(key(name), device.*text);
        one.insert(key("index"), device.index);
        one.insert(key("memory_bytes"), qint64(device.memoryBytes));
        one.insert(key("power_limit_watts"), device.powerLimitWatts);
        one.insert(key("simulated"), device.simulated);
        devices.append(one);
    }
    json.insert(key("devices"), devices);
    json.insert(key("transport"), facts.transport);
    json.insert(key("transport_why"), facts.transportWhy);
    json.insert(key("summary"), facts.summary);
    json.insert(key("without"), facts.without);
    json.insert(key("round_trip_ns"), facts.roundTripNs);
    if (facts.skewMs)
        json.insert(key("skew_ms"), *facts.skewMs);
    return json;
}

KnownFacts factsFromJson(const QJsonObject &json)
{
    KnownFacts facts;
    NodeFacts &node = facts.node;
    const auto value = [&json](const char *name) { return json.value(QLatin1String(name)); };
    for (const auto &[name, text] : texts)
        node.*text = value(name).toString();
    node.uid = quint32(value("uid").toInt());
    node.protocol = quint32(value("protocol").toInt());
    node.cpuCount = quint32(value("cpus").toInt());
    node.memoryBytes = quint64(value("memory_bytes").toDouble());
    node.capabilities = strings(value("capabilities"));
    node.warnings = strings(value("warnings"));
    const auto devices = value("devices").toArray();
    for (const auto &one : devices) {
        Device device;
        for (const auto &[name, text] : deviceTexts)
            device.*text = one[QLatin1String(name)].toString();
        device.index = one[QLatin1String("index")].toInt();
        device.memoryBytes = quint64(one[QLatin1String("memory_bytes")].toDouble());
        device.powerLimitWatts = one[QLatin1String("power_limit_watts")].toDouble();
        device.simulated = one[QLatin1String("simulated")].toBool();
        node.devices << device;
    }
    facts.transport = value("transport").toString();
    facts.transportWhy = value("transport_why").toString();
    facts.summary = value("summary").toString();
    facts.without = value("without").toString();
    facts.roundTripNs = value("round_trip_ns").toInteger();
    if (value("skew_ms").isDouble())
        facts.skewMs = value("skew_ms").toInteger();
    return facts;
}

} // namespace pilothouse
