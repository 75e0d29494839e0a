// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/inventorymodel.h"

#include <memory>

namespace pilothouse {

InventoryModel::InventoryModel(std::function<qint64()> clock, QObject *parent)
    : QAbstractItemModel(parent)
    , m_clock(std::move(clock))
{
}

InventoryModel::~InventoryModel() = default;

static std::pair<QString, QString> sectionOf(const Target &target)
{
    if (target.favourite || target.kind == TargetKind::Local)
        return {QStringLiteral("0"), InventoryModel::tr("Favourites")};
    if (!target.group.isEmpty())
        return {QStringLiteral("1") + target.group.toLower(), target.group};
    if (target.kind == TargetKind::SshManual)
        return {QStringLiteral("2"), InventoryModel::tr("Added here")};
    return {QStringLiteral("3"), InventoryModel::tr("SSH aliases")};
}

bool InventoryModel::shows(const TargetStatus &status) const
{
    const auto &target = status.target;
    const QStringList words = m_filter.split(u' ', Qt::SkipEmptyParts);
    return std::all_of(words.begin(), words.end(), [&](const QString &word) {
        for (const auto &text :
            {target.name, target.group, target.host, target.user, status.summary}) {
            if (text.contains(word, Qt::CaseInsensitive))
                return true;
        }
        return false;
    });
}

InventoryModel::Sections InventoryModel::wanted() const
{
    std::map<QString, std::unique_ptr<Section>> byKey; // keys sort as sections stand
    for (const auto &status : m_all) {
        if (!shows(status))
            continue;
        const auto [key, title] = sectionOf(status.target);
        auto &section = byKey[key];
        if (!section)
            section = std::make_unique<Section>(Section{key, title, {}});
        section->rows.push_back(status);
    }
    Sections sections;
    for (auto &[key, section] : byKey)
        sections.push_back(std::move(section));
    return sections;
}

void InventoryModel::apply(const QList<TargetStatus> &statuses)
{
    m_all = statuses;
    settle();
}

void InventoryModel::setFilter(const QString &text)
{
    if (m_filter == text)
        return;
    m_filter = text;
    settle();
}

void InventoryModel::settle()
{
    const Sections next = wanted();
    for (int i = int(m_sections.size()) - 1; i >= 0; --i) {
        const auto &key = m_sections[std::size_t(i)]->key;
        if (std::none_of(
                next.begin(), next.end(), [&](const auto &one) { return one->key == key; })) {
            beginRemoveRows({}, i, i);
            m_sections.erase(m_sections.begin() + i);
            endRemoveRows();
        }
    }
    for (int i = 0; i < int(next.size()); ++i) {
        const Section &section = *next[std::size_t(i)];
        if (i >= int(m_sections.size()) || m_sections[std::size_t(i)]->key != section.key) {
            beginInsertRows({}, i, i);
            m_sections.insert(m_sections.begin() + i,
                std::make_unique<Section>(Section{section.key, section.title, {}}));
            endInsertRows();
        }
        settleRows(i, section.rows);
    }
}

void InventoryModel::settleRows(int number, const std::vector<TargetStatus> &rows)
{
    Section &section = *m_sections[std::size_t(number)];
    auto &now = section.rows;
    const auto parent = index(number, 0);
    const auto idOf = [](const TargetStatus &status) { return status.target.id; };
    for (int i = int(now.size()) - 1; i >= 0; --i) {
        const auto id = idOf(now[std::size_t(i)]);
        if (std::none_of(
                rows.begin(), rows.end(), [&](const auto &row) { return idOf(row) == id; })) {
            beginRemoveRows(parent, i, i);
            now.erase(now.begin() + i);
            endRemoveRows();
        }
    }
    for (int i = 0; i < int(rows.size()); ++i) {
        const auto &row = rows[std::size_t(i)];
        const auto found = std::find_if(
            now.begin() + i, now.end(), [&](const auto &one) { return idOf(one) == idOf(row); });
        if (found == now.end()) {
            beginInsertRows(parent, i, i);
            now.insert(now.begin() + i, row);
            endInsertRows();
            continue;
        }
        const int from = int(found - now.begin());
        if (from != i) {
            beginMoveRows(parent, from, from, parent, i);
            std::rotate(now.begin() + i, now.begin() + from, now.begin() + from + 1);
            endMoveRows();
        }
        now[std::size_t(i)] = row;
    }
    if (!now.empty())
        Q_EMIT dataChanged(index(0, 0, parent), index(int(now.size()) - 1, 0, parent));
}

void InventoryModel::refreshAges()
{
    for (int i = 0; i < int(m_sections.size()); ++i) {
        const auto parent = index(i, 0);
        const int count = rowCount(parent);
        if (count > 0)
            Q_EMIT dataChanged(index(0, 0, parent), index(count - 1, 0, parent), {DetailRole});
    }
}

int InventoryModel::shownCount() const
{
    int count = 0;
    for (const auto &section : m_sections)
        count += int(section->rows.size());
    return count;
}

int InventoryModel::hiddenCount() const
{
    return int(m_all.size()) - shownCount();
}

QModelIndex InventoryModel::indexOf(const QString &targetId) const
{
    for (int i = 0; i < int(m_sections.size()); ++i) {
        const auto &rows = m_sections[std::size_t(i)]->rows;
        for (int row = 0; row < int(rows.size()); ++row) {
            if (rows[std::size_t(row)].target.id == targetId)
                return index(row, 0, index(i, 0));
        }
    }
    return {};
}

const TargetStatus *InventoryModel::status(const QModelIndex &index) const
{
    if (!index.isValid() || !index.internalPointer())
        return nullptr;
    const auto *section = static_cast<const Section *>(index.internalPointer());
    return &section->rows[std::size_t(index.row())];
}

QModelIndex InventoryModel::index(int row, int column, const QModelIndex &parent) const
{
    if (column != 0 || row < 0 || row >= rowCount(parent))
        return {};
    // A target's index carries its section; a section's carries nothing.
    return createIndex(
        row, column, parent.isValid() ? m_sections[std::size_t(parent.row())].get() : nullptr);
}

QModelIndex InventoryModel::parent(const QModelIndex &child) const
{
    if (!child.isValid() || !child.internalPointer())
        return {};
    for (int i = 0; i < int(m_sections.size()); ++i) {
        if (m_sections[std::size_t(i)].get() == child.internalPointer())
            return createIndex(i, 0, nullptr);
    }
    return {};
}

int InventoryModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return int(m_sections.size());
    if (parent.internalPointer() || parent.row() >= int(m_sections.size()))
        return 0;
    return int(m_sections[std::size_t(parent.row())]->rows.size());
}

int InventoryModel::columnCount(const QModelIndex &) const
{
    return 1;
}

Qt::ItemFlags InventoryModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return {};
    return index.internalPointer()
        ? Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren
        : Qt::ItemIsEnabled;
}

QVariant InventoryModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (const auto *target = status(index))
        return targetData(*target, role);
    const Section &section = *m_sections[std::size_t(index.row())];
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return section.title;
    case KeyRole:
        return section.key;
    case SectionRole:
        return true;
    default:
        return {};
    }
}

QVariant InventoryModel::targetData(const TargetStatus &status, int role) const
{
    const auto &target = status.target;
    switch (role) {
    case Qt::DisplayRole:
        return target.name;
    case Qt::AccessibleTextRole:
        return tr("%1, %2").arg(target.name, targetDetail(status, m_clock()));
    case Qt::ToolTipRole: {
        QStringList lines{target.name};
        lines << (status.summary.isEmpty() ? target.origin : status.summary);
        lines << targetDetail(status, m_clock());
        if (status.error)
            lines << status.error->message;
        return lines.join(u'\n');
    }
    case KeyRole:
        return target.id;
    case StateRole:
        return targetStateName(status.state);
    case AgeRole:
        return status.seenAt;
    case DetailRole:
        return targetDetail(status, m_clock());
    case ProtectionRole:
        return target.protection == Protection::Open ? QString()
                                                     : protectionName(target.protection);
    case SectionRole:
        return false;
    case SubtitleRole:
        return status.summary;
    default:
        return {};
    }
}

} // namespace pilothouse
