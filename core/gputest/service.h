// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/task.h"
#include "core/gputest/store.h"
#include "core/types/job.h"

#include <QObject>
#include <QSet>

#include <memory>

namespace pilothouse {

class JobService;

/// True for jobs that run the GPU test.
bool isGpuTest(const JobSpec &spec);
/// The job that tests `devices` (UUIDs), or `gpus` that are free, for so many seconds.
JobSpec gpuTestSpec(int gpus, const QStringList &devices, int seconds);

/// Takes the results of GPU tests out of the logs of jobs that have ended and stores them, whoever
/// launched them. Main thread.
class GpuTestService : public QObject {
    Q_OBJECT

public:
    GpuTestService(JobService *jobs, GpuTestStore store, QObject *parent = nullptr);
    ~GpuTestService() override;

    GpuTestStore &store() { return m_store; }
    /// The result of a job that has ended; reads and stores it. NotFound when its log holds none.
    Task<Result<GpuTestResult>> collect(Context context, QString job);

Q_SIGNALS:
    void stored(const QString &job, const QString &target);

private:
    void look(const Job &job);

    JobService *m_jobs;
    GpuTestStore m_store;
    QSet<QString> m_reading;
};

} // namespace pilothouse
