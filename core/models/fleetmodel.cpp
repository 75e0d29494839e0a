// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/fleetmodel.h"

#include "core/base/units.h"
#include "core/models/rowmodel.h"

#include <QCoreApplication>

#include <cmath>
#include <utility>

namespace pilothouse {

static QString heading(const char *text)
{
    return QCoreApplication::translate("fleet", text);
}

/// Names come from nodes: a tool tip must not read them as markup.
static QString asToolTip(const QString &text)
{
    return QStringLiteral("<qt>") + text.toHtmlEscaped() + QStringLiteral("</qt>");
}

static IndexColumn textColumn(const char *id, const QString &title, const QString &hint,
    const QStringList &aliases = {}, const QStringList &known = {}, bool searched = true)
{
    return {QString::fromLatin1(id), title, CellKind::Text, {}, hint, aliases, known, searched};
}

static IndexColumn numberColumn(const char *id, const QString &title, const char *unit,
    const QString &hint, const QStringList &aliases = {})
{
    return {
        QString::fromLatin1(id), title, CellKind::Number, QString::fromLatin1(unit), hint, aliases};
}

static std::vector<IndexColumn> fleetColumns()
{
    const auto l = [](const char *text) { return QString::fromLatin1(text); };
    return {
        textColumn("device", heading("Device"), heading("node and number")),
        textColumn("state", heading("State"), heading("what it is doing"), {},
            {l("idle"), l("busy"), l("watch"), l("bad"), l("stale"), l("unknown")}),
        textColumn(
            "verdict", heading("Verdict"), heading("why it is in that state"), {}, {l("ok")}),
        numberColumn("trend", heading("Utilisation"), "ratio", heading("utilisation over time")),
        numberColumn("util", heading("Now"), "ratio", heading("utilisation, %"),
            {l("busy_ratio"), l("utilisation"), l("utilization")}),
        numberColumn("memory", heading("Memory"), "bytes", heading("memory in use"), {l("mem")}),
        numberColumn("power", heading("Power"), "watts", heading("power drawn now")),
        numberColumn(
            "temp", heading("Temp."), "celsius", heading("temperature"), {l("temperature")}),
        textColumn("model", heading("Model"), heading("kind of GPU"), {l("gpu"), l("type")}),
        textColumn(
            "owner", heading("Owner"), heading("who has it"), {l("person"), l("user")}, {l("me")}),
        textColumn("job", heading("Job"), heading("what runs on it")),
        textColumn("group", heading("Group"), heading("its targets' group"), {l("rack")}),
        textColumn("node", {}, heading("the machine it is in"), {l("target"), l("host")}),
        textColumn("cluster", {}, heading("the cluster it belongs to")),
        numberColumn("index", {}, "", heading("number on its node")),
        numberColumn("memory_total", {}, "bytes", heading("memory it has"), {l("vram")}),
        numberColumn("power_limit", {}, "watts", heading("power it may draw")),
        numberColumn("idle_for", {}, "seconds", heading("how long it has been idle")),
        numberColumn("reserved", {}, "flag", heading("somebody has it")),
        numberColumn("mine", {}, "flag", heading("you have it")),
        textColumn("uuid", {}, heading("the device's own id"), {}, {}, true),
        numberColumn("severity", {}, "", heading("0 is fine, 5 is bad")),
    };
}

static double severityOf(const FleetGpu &gpu, qint64 now)
{
    switch (gpu.state) {
    case FleetState::Bad:
        return 5;
    case FleetState::Watch:
        return 4;
    case FleetState::Stale:
        return 2;
    case FleetState::Unknown:
        return 1;
    case FleetState::Idle:
        return gpu.reserved() && gpu.idleSince > 0 && now - gpu.idleSince >= reservedIdleMs ? 3 : 0;
    case FleetState::Busy:
        break;
    }
    return 0;
}

FleetModel::FleetModel(QObject *parent)
    : RowIndexModel(fleetColumns(), parent)
{
    FleetModel::sort(-1, Qt::AscendingOrder);
}

void FleetModel::sort(int column, Qt::SortOrder order)
{
    if (column < 0)
        setSortKeys({{Severity, true}, {Device, false}});
    else
        RowIndexModel::sort(column, order);
}

QVariant FleetModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (section == Trend && orientation == Qt::Horizontal && role == Qt::TextAlignmentRole)
        return QVariant(int(Qt::AlignVCenter | Qt::AlignLeft));
    return RowIndexModel::headerData(section, orientation, role);
}

/// What does not change while a GPU stays where it is.
void FleetModel::setIdentity(Edit &edit, quint32 slot, const FleetGpu &gpu)
{
    edit.set(slot, Device, heading("%1 · %2").arg(gpu.node, gpu.label()));
    edit.set(slot, Model, shortModel(gpu.model));
    edit.set(slot, Group, gpu.group);
    edit.set(slot, Node, gpu.node);
    edit.set(slot, Cluster, gpu.cluster);
    edit.set(slot, Index, double(gpu.index));
    edit.set(slot, Uuid, gpu.uuid);
}

static bool isSamePlace(const FleetGpu &a, const FleetGpu &b)
{
    return a.node == b.node && a.index == b.index && a.part == b.part && a.model == b.model
        && a.group == b.group && a.cluster == b.cluster;
}

void FleetModel::setValues(Edit &edit, quint32 slot, const FleetGpu &gpu, qint64 now)
{
    edit.set(slot, State, fleetStateName(gpu.state));
    edit.set(slot, Verdict, gpu.verdict);
    edit.set(slot, Trend, gpu.util);
    edit.set(slot, Util, gpu.util);
    edit.set(slot, Memory, gpu.memoryUsed);
    edit.set(slot, Power, gpu.power);
    edit.set(slot, Temperature, gpu.temperature);
    edit.set(slot, Person, gpu.person);
    edit.set(slot, Job, groupOf(gpu, FleetGrouping::Job));
    edit.set(slot, MemoryTotal, gpu.memoryTotal);
    edit.set(slot, PowerLimit, gpu.powerLimit);
    const bool idle = gpu.idleSince > 0 && gpu.state == FleetState::Idle;
    edit.set(slot, IdleFor, idle ? double((now - gpu.idleSince) / 1000) : FleetGpu::unknown);
    edit.set(slot, Reserved, gpu.reserved() ? 1.0 : 0.0);
    edit.set(slot, Mine, gpu.mine ? 1.0 : 0.0);
    edit.set(slot, Severity, severityOf(gpu, now));
}

void FleetModel::apply(std::vector<FleetGpu> gpus, qint64 now)
{
    const auto before = std::exchange(m_gpus, std::move(gpus));
    const auto placesBefore = std::exchange(m_byKey, {});
    m_byKey.reserve(qsizetype(m_gpus.size()));
    m_unshown.clear();
    m_isUnshown.assign(m_gpus.size(), false);
    m_figures = figuresOf(m_gpus, now);
    {
        Edit edit(this);
        for (std::size_t i = 0; i < m_gpus.size(); ++i) {
            const auto &gpu = m_gpus[i];
            const QString key = gpu.key();
            m_byKey.insert(key, int(i));
            const auto slot = edit.row(key);
            const int place = placesBefore.value(key, -1);
            if (place < 0 || !isSamePlace(before[std::size_t(place)], gpu))
                setIdentity(edit, slot, gpu);
            setValues(edit, slot, gpu, now);
        }
        edit.removeUntouched();
    }
    Q_EMIT applied();
    Q_EMIT figuresChanged();
}

bool FleetModel::applySome(std::vector<FleetGpu> gpus)
{
    std::vector<int> places;
    places.reserve(gpus.size());
    for (const auto &gpu : gpus) {
        const int place = m_byKey.value(gpu.key(), -1);
        if (place < 0 || !isSamePlace(m_gpus[std::size_t(place)], gpu))
            return false;
        places.push_back(place);
    }
    for (std::size_t i = 0; i < gpus.size(); ++i) {
        const auto place = std::size_t(places[i]);
        m_gpus[place] = std::move(gpus[i]);
        if (!m_isUnshown[place])
            m_unshown.push_back(int(place));
        m_isUnshown[place] = true;
    }
    Q_EMIT appliedSome(places);
    return true;
}

void FleetModel::showSome(qint64 now)
{
    m_figures = figuresOf(m_gpus, now);
    {
        Edit edit(this);
        for (const int place : m_unshown) {
            const auto &gpu = m_gpus[std::size_t(place)];
            setValues(edit, edit.row(gpu.key()), gpu, now);
            m_isUnshown[std::size_t(place)] = false;
        }
        m_unshown.clear();
    }
    Q_EMIT figuresChanged();
}

const FleetGpu *FleetModel::gpu(const QString &key) const
{
    const int place = m_byKey.value(key, -1);
    return place < 0 ? nullptr : &m_gpus[std::size_t(place)];
}

const FleetGpu *FleetModel::gpuAt(int row) const
{
    return row < 0 || row >= rowCount() ? nullptr : gpu(store().keyOf(slotAt(row)));
}

FilterFields FleetModel::fields() const
{
    return {columns(), Mine};
}

QString FleetModel::cellText(quint32 slot, int column) const
{
    const auto *found = gpu(store().keyOf(slot));
    if (found != nullptr && column == State)
        return fleetStateWord(found->state);
    if (found != nullptr && column == Memory)
        return valueOf(*found, FleetMetric::Memory);
    return RowIndexModel::cellText(slot, column);
}

QVariant FleetModel::extra(quint32 slot, int column, int role) const
{
    const auto *found = gpu(store().keyOf(slot));
    if (found == nullptr)
        return {};
    switch (role) {
    case StateRole:
        return column == Device ? QVariant(fleetStateName(found->state)) : QVariant();
    case AgeRole:
        return found->sampledAt;
    case TargetRole:
        return found->target;
    case UuidRole:
        return found->uuid;
    case Qt::ToolTipRole:
        return asToolTip(fleetSentence(*found));
    default:
        return {};
    }
}

} // namespace pilothouse
