// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gputest/datasheet.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

static void loadGpuTestResource()
{
    Q_INIT_RESOURCE(gputest); // of a static library: not by itself
}

namespace pilothouse {

namespace {

struct Card {
    QRegularExpression match;
    Datasheet sheet;
};

Datasheet readSheet(const QJsonObject &json)
{
    Datasheet sheet;
    sheet.title = json.value(QLatin1String("title")).toString();
    sheet.source = json.value(QLatin1String("source")).toString();
    sheet.note = json.value(QLatin1String("note")).toString();
    sheet.watts = json.value(QLatin1String("watts")).toDouble();
    const auto take = [&](const char *key, const QStringList &figures) {
        const double value = json.value(QLatin1String(key)).toDouble();
        for (const auto &figure : figures) {
            if (value > 0)
                sheet.figures.insert(figure, value);
        }
    };
    take("device_bytes_per_second",
        {QStringLiteral("device_read_bytes_per_second"),
            QStringLiteral("device_write_bytes_per_second"),
            QStringLiteral("device_copy_bytes_per_second")});
    take("pcie_bytes_per_second",
        {QStringLiteral("h2d_pinned_bytes_per_second"),
            QStringLiteral("d2h_pinned_bytes_per_second")});
    for (const char *format : {"fp32", "tf32", "bf16", "fp16", "fp8"})
        take(format, {QStringLiteral("gemm_%1_flops_per_second").arg(QString::fromLatin1(format))});
    return sheet;
}

QList<Card> readCards()
{
    loadGpuTestResource();
    QFile file(QStringLiteral(":/pilothouse/gputest/datasheets.json"));
    QList<Card> cards;
    if (!file.open(QFile::ReadOnly))
        return cards;
    const auto listed
        = QJsonDocument::fromJson(file.readAll()).object().value(QLatin1String("cards")).toArray();
    for (const auto &one : listed) {
        const auto json = one.toObject();
        cards << Card{
            QRegularExpression(json.value(QLatin1String("match")).toString()), readSheet(json)};
    }
    return cards;
}

} // namespace

std::optional<Datasheet> datasheetOf(const QString &deviceName)
{
    static const QList<Card> cards = readCards();
    if (deviceName.contains(QLatin1String(" MIG "))) // a part of the card
        return std::nullopt;
    for (const auto &card : cards) {
        if (card.match.match(deviceName).hasMatch())
            return card.sheet;
    }
    return std::nullopt;
}

} // namespace pilothouse
