// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/registry.h"

#include <xxhash.h>

namespace pilothouse {

Lane &StoredTarget::coarse(int seconds)
{
    for (auto &slot : coarseLanes) {
        auto *lane = slot.load();
        if (!lane) {
            owned.push_back(std::make_unique<Lane>(gate, seconds, isCounter));
            lane = owned.back().get();
            slot.store(lane);
        }
        if (lane->seconds() == seconds)
            return *lane;
    }
    return *coarseLanes.back().load();
}

void LatestBox::set(qint64 time, double value)
{
    const auto next = m_sequence.load(std::memory_order_relaxed) + 1;
    auto &box = m_boxes[next % m_boxes.size()];
    box.time.store(time, std::memory_order_release);
    box.value.store(value, std::memory_order_release);
    m_sequence.store(next == 0 ? quint32(m_boxes.size()) : next, std::memory_order_release);
}

std::optional<LatestValue> LatestBox::value() const
{
    for (;;) {
        const auto sequence = m_sequence.load(std::memory_order_acquire);
        if (sequence == 0)
            return {};
        const auto &box = m_boxes[sequence % m_boxes.size()];
        const LatestValue found{
            box.time.load(std::memory_order_acquire), box.value.load(std::memory_order_acquire)};
        // The box is written again only when three others were written in between.
        if (m_sequence.load(std::memory_order_relaxed) - sequence < m_boxes.size() - 1)
            return found;
    }
}

static QString text(const SeriesKey &key)
{
    const QChar end(QChar::Null);
    return key.target + end + key.device + end + key.metric;
}

Registry::~Registry()
{
    for (auto &chunk : m_chunks) {
        auto *all = chunk.load();
        if (!all)
            break;
        for (auto &slot : *all)
            delete slot.load();
        delete all;
    }
}

QString cleanLabel(const QString &label)
{
    constexpr qsizetype longest = 1024;
    constexpr int hex = 16;
    QString clean = label.size() <= longest ? label
                                            : label.left(longest - 1 - hex) + QChar(0x2026)
            + QString::number(
                XXH3_64bits(label.constData(), std::size_t(label.size()) * sizeof(QChar)), hex)
                  .rightJustified(hex, QLatin1Char('0'));
    for (auto &one : clean)
        if (one.category() == QChar::Other_Control || one.isNull())
            one = QChar::ReplacementCharacter;
    return clean;
}

SeriesId Registry::add(const SeriesDescription &raw, bool *isNew)
{
    SeriesDescription description = raw;
    for (auto *label : {&description.key.target, &description.key.device, &description.key.metric,
             &description.unit})
        *label = cleanLabel(*label);
    const QString key = text(description.key);
    const std::unique_lock lock(m_mutex);
    if (isNew)
        *isNew = false;
    if (const auto known = m_ids.constFind(key); known != m_ids.constEnd())
        return *known;
    const std::size_t id = m_count.load() + 1;
    auto &ofTarget = m_ofTarget[description.key.target];
    if (id >= chunkSize * chunkCount || ofTarget.size() >= mostPerTarget)
        return 0;
    auto &target = m_targets[description.key.target];
    if (!target)
        target = std::make_unique<StoredTarget>(
            description.key.target, m_gate, [this](SeriesId id) { return isCounter(id); });
    auto &chunk = m_chunks[id / chunkSize];
    if (!chunk.load())
        chunk.store(new Chunk{});
    auto *series = new StoredSeries;
    series->description = description;
    series->target = target.get();
    (*chunk.load())[id % chunkSize].store(series);
    m_count.store(id);
    m_ids.insert(key, SeriesId(id));
    ofTarget.push_back(SeriesId(id));
    if (isNew)
        *isNew = true;
    return SeriesId(id);
}

std::vector<SeriesId> Registry::ofTarget(const QString &target) const
{
    const std::shared_lock lock(m_mutex);
    return m_ofTarget.value(target);
}

StoredTarget *Registry::target(const QString &name) const
{
    const std::shared_lock lock(m_mutex);
    const auto found = m_targets.find(name);
    return found == m_targets.end() ? nullptr : found->second.get();
}

std::vector<StoredTarget *> Registry::targets() const
{
    const std::shared_lock lock(m_mutex);
    std::vector<StoredTarget *> all;
    for (const auto &[name, target] : m_targets)
        all.push_back(target.get());
    return all;
}

StoredSeries *Registry::slot(SeriesId id) const
{
    if (id == 0 || id >= chunkSize * chunkCount)
        return nullptr;
    const auto *chunk = m_chunks[id / chunkSize].load();
    return chunk ? (*chunk)[id % chunkSize].load() : nullptr;
}

bool Registry::isCounter(SeriesId id) const
{
    const auto *series = slot(id);
    return series && series->description.kind == StoredKind::Counter;
}

} // namespace pilothouse
