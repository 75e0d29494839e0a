// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/pages/page.h"

class QStackedWidget;

namespace pilothouse {

class PageHeader;

/// One target: header, tabs, the tab's page. Pages are made when first shown.
class TargetView : public QWidget {
    Q_OBJECT

public:
    TargetView(const PageContext &context, const QList<const TargetTab *> &tabs,
        const QString &target, QWidget *parent = nullptr);
    QString target() const { return m_target; }
    QString tab() const;
    QWidget *currentPage() const;
    void showTab(const QString &id); ///< empty: connection until it is connected, then the next one

private:
    void refresh();
    void showIndex(int index);
    void showActions();
    PageContext m_context;
    QList<const TargetTab *> m_tabs;
    QString m_target;
    TargetState m_before = TargetState::NotOpened;
    PageHeader *m_header;
    QStackedWidget *m_stack;
    QList<TargetPage *> m_pages; ///< null until shown
};

} // namespace pilothouse
