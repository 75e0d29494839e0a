// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/node.h"
#include "views/pages/page.h"

class QTableView;

namespace pilothouse {

class ProcessModel;

/// The process table of a node: flat or as a tree, signals with confirmation in its menu.
class ProcessPanel : public QWidget {
    Q_OBJECT

public:
    /// `deviceName` turns a GPU's UUID into "GPU 3".
    ProcessPanel(const PageContext &context, const QString &target,
        std::function<QString(const QString &)> deviceName, QWidget *parent = nullptr);

    void setProcesses(const QList<Process> &processes);
    QTableView *table() const { return m_table; }
    /// Asks, then sends it to the selected processes.
    void confirmSignal(int number);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void setTree(bool tree);
    void fitCommand();
    void contextMenu(const QPoint &at);
    QList<ActRequest> requests(int number) const;

    PageContext m_context;
    QString m_target;
    ProcessModel *m_model;
    QTableView *m_table;
    bool m_onGpus = true; ///< the columns of GPUs are shown
};

} // namespace pilothouse
