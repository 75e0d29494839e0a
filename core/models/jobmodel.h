// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/rowmodel.h"
#include "core/types/job.h"

#include <chrono>

namespace pilothouse {

/// Jobs over all targets. StateRole gives the state's name, also for a shape beside the text.
class JobModel : public RowModel<Job> {
public:
    enum JobColumn { State, Name, Target, Gpus, Submitted, Duration, Memory, GpuTime, Energy, Id };
    /// `targetName` turns a target id into what is shown; `clock` gives Unix ms, empty = the
    /// system's.
    explicit JobModel(std::function<QString(const QString &)> targetName, QObject *parent = nullptr,
        std::function<qint64()> clock = {});
    /// Words match name, target, state or id; all must match.
    void setText(const QString &text);

protected:
    QVariant extra(const Job &job, int column, int role) const override;

private:
    using Clock = std::function<qint64()>;
    static std::vector<Column> columnsOf(
        const std::function<QString(const QString &)> &targetName, const Clock &clock);
    std::function<QString(const QString &)> m_targetName;
};

/// "Succeeded", "Exit 3", "Signal 9", "Lost": how a job ended, or its state; "Last heard running"
/// when its target is not connected.
QString jobOutcome(const Job &job);
/// Duration so far (as far as was heard) or in the end; 0 when it has not started.
std::chrono::milliseconds jobDuration(const Job &job, qint64 now);

} // namespace pilothouse
