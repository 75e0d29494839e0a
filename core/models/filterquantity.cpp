// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/filter.h"

#include <QLocale>

#include <cmath>

namespace pilothouse {

namespace {

struct Suffix {
    const char *name;
    double factor;
};

struct Unit {
    const char *base;
    double plain; ///< factor of a number without a suffix: as the table shows it
    std::vector<Suffix> suffixes;
};

constexpr double ki = 1024, mi = ki * ki, gi = mi * ki, ti = gi * ki;

const std::vector<Unit> &units()
{
    static const std::vector<Unit> all{
        {"ratio", 0.01, {{"%", 0.01}}},
        {"bytes", gi,
            {{"GiB", gi}, {"MiB", mi}, {"KiB", ki}, {"TiB", ti}, {"GB", 1e9}, {"MB", 1e6},
                {"kB", 1e3}, {"TB", 1e12}, {"B", 1}, {"G", gi}, {"M", mi}, {"K", ki}, {"T", ti}}},
        {"watts", 1, {{"W", 1}, {"kW", 1e3}, {"MW", 1e6}}},
        {"celsius", 1, {{"°C", 1}, {"C", 1}, {"°", 1}}},
        {"seconds", 1,
            {{"s", 1}, {"min", 60}, {"h", 3600}, {"d", 86400}, {"m", 60}, {"w", 604800},
                {"ms", 0.001}}},
        {"hertz", 1e6, {{"MHz", 1e6}, {"GHz", 1e9}, {"kHz", 1e3}, {"Hz", 1}}},
    };
    return all;
}

const Unit *unitOf(const QString &base)
{
    for (const auto &unit : units()) {
        if (base == QLatin1String(unit.base))
            return &unit;
    }
    return nullptr;
}

/// Case matters only where it tells two suffixes apart ("MW" of a GPU is a slip for nothing).
std::optional<double> factorOf(const Unit *unit, const QString &suffix)
{
    if (suffix.isEmpty())
        return unit != nullptr ? unit->plain : 1;
    if (unit == nullptr)
        return {};
    for (const auto how : {Qt::CaseSensitive, Qt::CaseInsensitive}) {
        for (const auto &one : unit->suffixes) {
            if (suffix.compare(QString::fromUtf8(one.name), how) == 0)
                return one.factor;
        }
    }
    return {};
}

qsizetype numberLength(QStringView text)
{
    qsizetype length = 0;
    while (length < text.size()
        && (text[length].isDigit() || text[length] == u'.'
            || (length == 0 && (text[0] == u'-' || text[0] == u'+'))))
        ++length;
    return length;
}

} // namespace

QStringList quantitySuffixes(const QString &unit)
{
    QStringList names;
    if (const auto *known = unitOf(unit)) {
        for (const auto &suffix : known->suffixes)
            names << QString::fromUtf8(suffix.name);
    }
    return names;
}

std::optional<double> parseQuantity(const QString &text, const QString &unit)
{
    const auto *known = unitOf(unit);
    QStringView rest(text);
    double sum = 0;
    bool any = false;
    do {
        rest = rest.trimmed();
        const auto length = numberLength(rest);
        bool ok = false;
        const double number = QLocale::c().toDouble(rest.left(length), &ok);
        if (!ok || !std::isfinite(number))
            return {};
        rest = rest.mid(length).trimmed();
        qsizetype end = 0;
        while (end < rest.size() && !rest[end].isDigit() && !rest[end].isSpace())
            ++end;
        const auto suffix = rest.left(end).toString();
        rest = rest.mid(end);
        const auto factor = factorOf(known, suffix);
        // "1h30m" adds up, but only times do, and every part says its unit.
        const bool compound = any || !rest.trimmed().isEmpty();
        if (!factor || (compound && (unit != QLatin1String("seconds") || suffix.isEmpty())))
            return {};
        sum += number * *factor;
        any = true;
    } while (!rest.trimmed().isEmpty());
    return std::isfinite(sum) ? std::optional(sum) : std::nullopt;
}

} // namespace pilothouse
