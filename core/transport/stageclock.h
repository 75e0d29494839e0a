// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/stage.h"

#include <QElapsedTimer>

namespace pilothouse {

/// Reports one stage: Running now, then Done or Failed with the time it took.
class StageClock {
public:
    StageClock(StageSink report, Stage stage, QString hop = {})
        : m_report(std::move(report))
    {
        m_line.stage = stage;
        m_line.hop = std::move(hop);
        m_line.state = StageState::Running;
        m_timer.start();
        m_report(m_line);
    }
    void done(const QString &result) { end(StageState::Done, result); }
    void running(const QString &result) { end(StageState::Running, result); }
    /// Sets the error's stage to this one and gives it back.
    Error failed(Error error)
    {
        error.stage = stageId(m_line.stage);
        m_line.error = error;
        end(StageState::Failed, error.message);
        return error;
    }

private:
    void end(StageState state, const QString &result)
    {
        m_line.state = state;
        m_line.result = result;
        m_line.milliseconds = m_timer.elapsed();
        m_report(m_line);
    }
    const StageSink m_report;
    StageReport m_line;
    QElapsedTimer m_timer;
};

} // namespace pilothouse
