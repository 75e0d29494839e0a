// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/workspace.h"
#include "core/telemetry/store.h"
#include "core/types/node.h"

#include <QObject>

namespace pilothouse {

class TelemetryServicePrivate;

/// Subscribes to every open link, as long as this process is the store's writer, and moves batches
/// into the store: keeps the cursor, back-fills after a gap, corrects clocks (offset re-estimated
/// by minimum round trip; skew over 2 s is reported).
class TelemetryService : public QObject {
    Q_OBJECT

public:
    TelemetryService(Workspace *workspace, TelemetryStore *store, QObject *parent = nullptr);
    ~TelemetryService() override;

    /// Metrics a node said it cannot give, with the reason.
    QList<QPair<QString, QString>> unsupported(const QString &target) const;
    qint64 newestSampleAt(const QString &target) const; ///< Unix ms, 0 = none
    /// Asks the node once; the node page calls it on its frame clock (2 s).
    Task<Result<QList<Process>>> processes(Context context, QString target);

Q_SIGNALS:
    void catalogueChanged(const QString &target);
    void sampleArrived(const QString &target);
    /// Some may come again after a link was lost.
    void kernelSaid(const QString &target, const std::vector<pilothouse::KernelMessage> &messages);
    void clockSet(const QString &target); ///< the node's wall clock jumped

private:
    void follow(const QString &target);
    std::unique_ptr<TelemetryServicePrivate> d;
};

} // namespace pilothouse
