// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/rowmodel.h"
#include "core/types/node.h"

namespace pilothouse {

/// Top processes of one node, GPU users included.
class ProcessModel : public RowModel<Process> {
public:
    enum ProcessColumn { Pid, User, Command, BelongsTo, Devices, GpuMemory, Memory, Cpu };
    /// `deviceName` turns a UUID into "GPU 3"; `jobName` a job id into its name.
    ProcessModel(std::function<QString(const QString &)> deviceName,
        std::function<QString(const QString &)> jobName, QObject *parent = nullptr);

protected:
    QVariant extra(const Process &process, int column, int role) const override;
};

} // namespace pilothouse
