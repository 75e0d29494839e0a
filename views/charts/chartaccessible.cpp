// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/charts/chartaccessible.h"

#include "views/charts/chartview.h"

#include <QAccessibleWidget>

namespace pilothouse {

namespace {

class ChartAccessible : public QAccessibleWidget {
public:
    explicit ChartAccessible(ChartView *chart)
        : QAccessibleWidget(chart, QAccessible::Chart)
    {
    }

    QString text(QAccessible::Text which) const override
    {
        switch (which) {
        case QAccessible::Name:
            return chart()->spec().subtitle.isEmpty()
                ? chart()->spec().title
                : chart()->spec().title + QStringLiteral(", ") + chart()->spec().subtitle;
        case QAccessible::Value: {
            QStringList values;
            for (const auto &one : chart()->summary())
                if (!one.hidden)
                    values << (one.name + QLatin1Char(' ') + one.latest).trimmed();
            return values.join(QStringLiteral(", "));
        }
        case QAccessible::Description:
            return chart()->summaryText();
        default:
            return QAccessibleWidget::text(which);
        }
    }

    // The plot inside is a picture of what is said here.
    int childCount() const override { return 0; }
    QAccessibleInterface *child(int) const override { return nullptr; }

    QStringList actionNames() const override
    {
        return QStringList{pressAction()} + QAccessibleWidget::actionNames();
    }
    QString localizedActionName(const QString &name) const override
    {
        return name == pressAction() ? ChartView::tr("Show data")
                                     : QAccessibleWidget::localizedActionName(name);
    }
    void doAction(const QString &name) override
    {
        if (name == pressAction())
            chart()->showData();
        else
            QAccessibleWidget::doAction(name);
    }
    QStringList keyBindingsForAction(const QString &name) const override
    {
        return name == pressAction() ? QStringList{QKeySequence(Qt::Key_Return).toString()}
                                     : QAccessibleWidget::keyBindingsForAction(name);
    }

private:
    ChartView *chart() const { return static_cast<ChartView *>(widget()); }
};

QAccessibleInterface *chartInterface(const QString &, QObject *object)
{
    auto *chart = qobject_cast<ChartView *>(object);
    return chart != nullptr ? new ChartAccessible(chart) : nullptr;
}

} // namespace

void installChartAccessibility()
{
    static const bool once = [] {
        QAccessible::installFactory(&chartInterface);
        return true;
    }();
    Q_UNUSED(once)
}

} // namespace pilothouse
