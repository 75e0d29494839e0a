// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/fleet.h"
#include "views/common/fleetshape.h"

#include <QHash>
#include <QPixmap>

namespace pilothouse {

/// All that decides how a cell looks; equal looks need no repaint.
struct CellLook {
    enum class Fill : quint8 { Heat, Hatched, Frame };
    Fill fill = Fill::Frame;
    quint8 level = 0; ///< of Heat, 0..63
    quint8 mark = 0; ///< 0 none, 1 triangle, 2 diamond
    bool dim = false; ///< a filter hides it

    bool operator==(const CellLook &) const = default;
    int key() const { return int(fill) << 16 | level << 8 | mark << 1 | int(dim); }
};

/// Heat by the metric; stale is hatched, not known an empty frame; watch and bad carry their shape,
/// so that none of it needs colour.
CellLook lookOf(const FleetGpu &gpu, FleetMetric metric, bool dim);

/// Cells painted once per look and then copied.
class CellSprites {
public:
    /// Forgets what was painted for another size, scale or theme.
    void prepare(int size, qreal scale);
    void clear() { m_sprites.clear(); }
    const QPixmap &sprite(const CellLook &look);

private:
    QPixmap painted(const CellLook &look) const;
    QHash<int, QPixmap> m_sprites;
    int m_size = 0;
    qreal m_scale = 0;
};

} // namespace pilothouse
