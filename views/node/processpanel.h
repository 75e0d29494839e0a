// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/node.h"
#include "views/pages/page.h"

class QComboBox;
class QTableView;

namespace pilothouse {

class ProcessModel;
class SearchField;
class TextLabel;

/// The process table of a node: flat or as a tree, signals with confirmation in its menu.
class ProcessPanel : public QWidget {
    Q_OBJECT

public:
    /// `deviceName` turns a GPU's UUID into "GPU 3".
    ProcessPanel(const PageContext &context, const QString &target,
        std::function<QString(const QString &)> deviceName, QWidget *parent = nullptr);

    void setProcesses(const QList<Process> &processes);
    /// A choice among these; none: there is nothing to choose.
    void setDevices(const QList<Device> &devices);
    /// Only processes on one of these GPUs, without a choice.
    void showOnly(const QStringList &uuids);
    QTableView *table() const { return m_table; }
    /// Asks, then sends it to the selected processes.
    void confirmSignal(int number);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void setTree(bool tree);
    void choose(int choice);
    void applyFilter();
    void sayHidden();
    void fitCommand();
    void contextMenu(const QPoint &at);
    QList<ActRequest> requests(int number) const;

    PageContext m_context;
    QString m_target;
    ProcessModel *m_model;
    QTableView *m_table;
    SearchField *m_search;
    QComboBox *m_choice; ///< of GPUs
    TextLabel *m_hidden; ///< how many the filter hides
    QList<Device> m_devices;
    QStringList m_only; ///< UUIDs; empty = all processes
    bool m_onGpus = true; ///< the columns of GPUs are shown
};

} // namespace pilothouse
