// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/targetmodel.h"

#include "core/base/units.h"

#include <QCoreApplication>

namespace pilothouse {

static QString words(const char *text)
{
    return QCoreApplication::translate("target", text);
}

QString protectionWord(Protection protection)
{
    switch (protection) {
    case Protection::Open:
        return words("open");
    case Protection::Protected:
        return words("protected");
    case Protection::ReadOnly:
        return words("read-only");
    }
    return {};
}

bool TargetRow::operator==(const TargetRow &other) const
{
    const auto &a = status, &b = other.status;
    return a.target == b.target && a.state == b.state && a.summary == b.summary && a.gpus == b.gpus
        && a.cpus == b.cpus && a.seenAt == b.seenAt && a.changedAt == b.changedAt;
}

static QString devices(const TargetStatus &status)
{
    if (status.gpus > 0)
        return words("%1 GPU").arg(status.gpus);
    if (status.cpus > 0)
        return words("%1 cores").arg(status.cpus);
    return QStringLiteral("–");
}

TargetModel::TargetModel(std::function<qint64()> clock, QObject *parent)
    : RowModel<TargetRow>(
        {
            {"state", words("State"), [](const TargetRow &row) { return int(row.status.state); },
                [](const TargetRow &row) { return targetStateWord(row.status.state); }},
            {"name", words("Name"), [](const TargetRow &row) { return row.status.target.name; },
                {}},
            {"origin", words("From"), [](const TargetRow &row) { return row.status.target.origin; },
                {}},
            {"address", words("User and host"),
                [](const TargetRow &row) { return row.status.summary; },
                [](const TargetRow &row) {
                    return row.status.summary.isEmpty() ? QStringLiteral("–") : row.status.summary;
                }},
            {"devices", words("Devices"), [](const TargetRow &row) { return row.status.gpus; },
                [](const TargetRow &row) { return devices(row.status); }, true},
            {"protection", words("Protection"),
                [](const TargetRow &row) { return int(row.status.target.protection); },
                [](const TargetRow &row) { return protectionWord(row.status.target.protection); }},
            {"seen", words("Newest sample"), [](const TargetRow &row) { return row.status.seenAt; },
                [clock](const TargetRow &row) {
                    return row.status.seenAt > 0
                        ? formatAge(std::chrono::milliseconds(clock() - row.status.seenAt))
                        : QStringLiteral("–");
                },
                true},
        },
        [](const TargetRow &row) { return row.status.target.id; }, parent)
{
}

void TargetModel::apply(const QList<TargetStatus> &statuses)
{
    std::vector<TargetRow> rows;
    rows.reserve(std::size_t(statuses.size()));
    for (const auto &status : statuses)
        rows.push_back({status});
    RowModel::apply(rows);
}

void TargetModel::setText(const QString &text)
{
    const QStringList parts = text.split(u' ', Qt::SkipEmptyParts);
    if (parts.isEmpty()) {
        setFilter({});
        return;
    }
    setFilter([parts](const TargetRow &row) {
        const auto &status = row.status;
        const QString all = QStringList{status.target.name, status.target.origin,
            status.target.group, status.summary, targetStateWord(status.state)}
                                .join(u' ');
        return std::all_of(parts.begin(), parts.end(),
            [&](const QString &part) { return all.contains(part, Qt::CaseInsensitive); });
    });
}

QVariant TargetModel::extra(const TargetRow &row, int column, int role) const
{
    switch (role) {
    case StateRole:
        return column == State ? targetStateName(row.status.state) : QVariant();
    case AgeRole:
        return row.status.seenAt;
    case Qt::ToolTipRole:
        if (column == State && row.status.error)
            return row.status.error->message;
        if (column == Seen && row.status.seenAt == 0)
            return words("No sample yet: the target has not been opened.");
        return {};
    default:
        return {};
    }
}

} // namespace pilothouse
