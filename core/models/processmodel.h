// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/rowmodel.h"
#include "core/types/node.h"

namespace pilothouse {

/// A process in the list and its place among its ancestors that are listed too.
struct ProcessRow {
    Process process;
    QString path; ///< sorts a parent before its children: pids from the root down
    int depth = 0; ///< 0 = its parent is not listed

    bool operator==(const ProcessRow &) const = default;
};

/// Top processes of one node, GPU users included: flat, or as a tree below their parents.
class ProcessModel : public RowModel<ProcessRow> {
public:
    enum ProcessColumn {
        Pid,
        User,
        Command,
        BelongsTo,
        Devices,
        GpuBusy,
        GpuMemory,
        GpuTime, ///< of its owner: job, step, container ...
        Energy,
        Memory,
        Cpu,
        State,
        Place, ///< for sorting as a tree; hidden
        ProcessColumns
    };
    /// `deviceName` turns a UUID into "GPU 3"; `jobName` a job id into its name.
    ProcessModel(std::function<QString(const QString &)> deviceName,
        std::function<QString(const QString &)> jobName, QObject *parent = nullptr);

    /// The whole list as it is now.
    void show(const QList<Process> &processes);
    /// Commands are indented below their parents'; sort by Place to see a tree.
    void setTree(bool tree);
    bool isTree() const { return *m_tree; }

protected:
    QVariant extra(const ProcessRow &row, int column, int role) const override;

private:
    ProcessModel(std::function<QString(const QString &)> deviceName,
        std::function<QString(const QString &)> jobName, std::shared_ptr<bool> tree,
        QObject *parent);

    std::shared_ptr<bool> m_tree;
};

} // namespace pilothouse
