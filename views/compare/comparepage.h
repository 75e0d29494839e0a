// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/node/nodecharts.h"
#include "views/pages/page.h"

class QStackedLayout;

namespace pilothouse {

class ChartGrid;
class EmptyState;
class PageHeader;

/// One metric a chart, with one curve for each GPU that was chosen, on whatever nodes; or one for
/// each of their nodes. Over the window's time range.
class ComparePage : public QWidget, public Subjects {
    Q_OBJECT

public:
    explicit ComparePage(const PageContext &context);
    QList<ActRequest> selection() const override { return {}; }
    /// What to compare: "TARGET/UUID" each, a line break between them.
    void showSubject(const QString &keys) override;
    QList<ChartSubject> subjects() const; ///< as they are shown: GPUs, or their nodes

private:
    void refresh();

    static constexpr qsizetype mostShown = 64;
    PageContext m_context;
    qsizetype m_wanted = 0; ///< GPUs that were asked for
    QStringList m_keys;
    bool m_nodes = false; ///< their nodes are compared
    PageHeader *m_header;
    EmptyState *m_empty;
    QStackedLayout *m_stack;
    ChartGrid *m_charts = nullptr;
};

} // namespace pilothouse
