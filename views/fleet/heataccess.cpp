// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/fleet/heataccess.h"

#include "views/fleet/heatmap.h"

#include <QAccessible>
#include <QAccessibleWidget>
#include <QPointer>

namespace pilothouse {

namespace {

/// One cell; lives as long as Qt's cache keeps it.
class HeatCellAccess : public QAccessibleInterface {
public:
    HeatCellAccess(HeatMap *map, int cell)
        : m_map(map)
        , m_cell(cell)
    {
    }
    bool isValid() const override
    {
        return m_map && m_cell < int(m_map->heatLayout().cells.size());
    }
    QObject *object() const override { return nullptr; }
    QAccessibleInterface *parent() const override
    {
        return QAccessible::queryAccessibleInterface(m_map);
    }
    QAccessibleInterface *child(int) const override { return nullptr; }
    QAccessibleInterface *childAt(int, int) const override { return nullptr; }
    int childCount() const override { return 0; }
    int indexOfChild(const QAccessibleInterface *) const override { return -1; }
    QString text(QAccessible::Text kind) const override
    {
        return kind == QAccessible::Name && isValid() ? m_map->sentenceOfCell(m_cell) : QString();
    }
    void setText(QAccessible::Text, const QString &) override { }
    QRect rect() const override
    {
        if (!isValid())
            return {};
        const QRect here = m_map->cellRect(m_cell);
        return {m_map->viewport()->mapToGlobal(here.topLeft()), here.size()};
    }
    QAccessible::Role role() const override { return QAccessible::ListItem; }
    QAccessible::State state() const override
    {
        QAccessible::State state;
        state.focusable = state.selectable = true;
        state.selected = isValid() && m_map->currentCell() == m_cell;
        state.focused = state.selected && m_map->hasFocus();
        return state;
    }

private:
    QPointer<HeatMap> m_map;
    int m_cell;
};

class HeatMapAccess : public QAccessibleWidget {
public:
    explicit HeatMapAccess(HeatMap *map)
        : QAccessibleWidget(map, QAccessible::List)
    {
    }
    ~HeatMapAccess() override
    {
        for (const auto id : std::as_const(m_cells))
            QAccessible::deleteAccessibleInterface(id);
    }
    int childCount() const override { return int(map()->heatLayout().cells.size()); }
    QAccessibleInterface *child(int index) const override
    {
        if (index < 0 || index >= childCount())
            return nullptr;
        auto found = m_cells.find(index);
        if (found == m_cells.end())
            found = m_cells.insert(
                index, QAccessible::registerAccessibleInterface(new HeatCellAccess(map(), index)));
        return QAccessible::accessibleInterface(*found);
    }
    int indexOfChild(const QAccessibleInterface *child) const override
    {
        for (auto it = m_cells.cbegin(); it != m_cells.cend(); ++it) {
            if (QAccessible::accessibleInterface(*it) == child)
                return it.key();
        }
        return -1;
    }
    QAccessibleInterface *childAt(int x, int y) const override
    {
        return child(map()->cellAt(map()->viewport()->mapFromGlobal(QPoint(x, y))));
    }
    QAccessibleInterface *focusChild() const override
    {
        return map()->hasFocus() ? child(map()->currentCell()) : nullptr;
    }

private:
    HeatMap *map() const { return static_cast<HeatMap *>(object()); }
    mutable QHash<int, QAccessible::Id> m_cells;
};

QAccessibleInterface *heatFactory(const QString &, QObject *object)
{
    auto *map = qobject_cast<HeatMap *>(object);
    return map != nullptr ? new HeatMapAccess(map) : nullptr;
}

} // namespace

void installHeatAccess()
{
    static const bool once = [] {
        QAccessible::installFactory(&heatFactory);
        return true;
    }();
    Q_UNUSED(once)
}

void announceHeatCell(HeatMap *map, int cell)
{
    if (!QAccessible::isActive())
        return;
    QAccessibleEvent event(map, QAccessible::Focus);
    event.setChild(cell);
    QAccessible::updateAccessibility(&event);
}

} // namespace pilothouse
