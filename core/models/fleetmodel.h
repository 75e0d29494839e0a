// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/filter.h"
#include "core/models/fleet.h"

namespace pilothouse {

/// GPUs of all targets as a table: one row per device, keyed by target and UUID.
class FleetModel : public RowIndexModel {
    Q_OBJECT

public:
    enum FleetColumn {
        Device,
        State,
        Verdict,
        Trend, ///< a sparkline of utilisation; the view draws it
        Util,
        Memory,
        Power,
        Temperature,
        Model,
        Person,
        Job,
        Group,
        ShownCount,
        Node = ShownCount,
        Cluster,
        Index,
        MemoryTotal,
        PowerLimit,
        IdleFor,
        Reserved,
        Mine,
        Uuid,
        Severity, ///< what needs a look first
    };
    enum FleetRole { TargetRole = Qt::UserRole + 100, UuidRole };

    explicit FleetModel(QObject *parent = nullptr);

    /// Without a column: what needs a look first, then by device.
    void sort(int column, Qt::SortOrder order) override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    /// All GPUs as they are now, judged. Keeps them for gpu() and figures().
    void apply(std::vector<FleetGpu> gpus, qint64 now);
    /// Some of them as they are now. gpu() tells of them at once, rows and figures follow with
    /// showSome(): a map moves many times a second, a table that did could not be read.
    /// False when one of them is not known: then apply() is needed, and nothing has changed.
    bool applySome(std::vector<FleetGpu> gpus);
    void showSome(qint64 now);
    const std::vector<FleetGpu> &gpus() const { return m_gpus; }
    const FleetGpu *gpu(const QString &key) const;
    const FleetGpu *gpuAt(int row) const;
    const FleetFigures &figures() const { return m_figures; }
    bool isShown(const QString &key) const { return rowOf(key) >= 0; }
    FilterFields fields() const; ///< of the filter language

Q_SIGNALS:
    void applied();
    void appliedSome(const std::vector<int> &places); ///< into gpus()
    void figuresChanged();

protected:
    QString cellText(quint32 slot, int column) const override;
    QVariant extra(quint32 slot, int column, int role) const override;

private:
    void setIdentity(Edit &edit, quint32 slot, const FleetGpu &gpu);
    void setValues(Edit &edit, quint32 slot, const FleetGpu &gpu, qint64 now);

    std::vector<FleetGpu> m_gpus;
    QHash<QString, int> m_byKey;
    std::vector<int> m_unshown; ///< places whose rows are older
    std::vector<bool> m_isUnshown; ///< by place
    FleetFigures m_figures;
};

} // namespace pilothouse
