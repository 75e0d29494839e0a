// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/health/alert.h"

#include <QObject>

#include <memory>
#include <vector>

namespace pilothouse {

class AlertLogPrivate;
class HealthMonitor;

/// All alerts: what the monitor finds, with what a person said of it, kept in workspace.db across
/// restarts. Sees what another process (ctl) says within two seconds. Main thread.
class AlertLog : public QObject {
    Q_OBJECT

public:
    /// What a device is called ("GPU 7"), and its node.
    struct Names {
        QString node, device;
    };
    using Namer = std::function<Names(const QString &target, const QString &device)>;

    /// `clock` gives Unix ms; empty = the system's.
    explicit AlertLog(QObject *parent = nullptr, std::function<qint64()> clock = {});
    ~AlertLog() override;

    /// Without a file nothing outlives this object. Before watch().
    Result<> open(const QString &file);
    /// Takes what `monitor` finds from now on. `namer` may give empty names.
    void watch(HealthMonitor *monitor, Namer namer);

    const std::vector<Alert> &alerts() const; ///< by their first sight
    /// By id or the beginning of one; BadInput when several begin so.
    Result<Alert> find(const QString &idOrPrefix) const;
    /// Of those that hold: neither acknowledged nor snoozed.
    int openCount() const;
    /// When the target was examined last, by this process or the one that wrote the file; 0 =
    /// never.
    qint64 examinedAt(const QString &target) const;
    qint64 now() const;

    /// Conflict for one that has ended, NotFound for one that is not there: then none is changed.
    Result<> acknowledge(const QStringList &ids, bool acknowledged);
    /// `until`: Unix ms, Alert::untilChange, or 0 to take it back.
    Result<> snooze(const QStringList &ids, qint64 until);
    /// The targets that there are: alerts of others are over.
    void keepOnly(const QSet<QString> &targets);
    /// What passes by itself: snoozes that end, history, other processes. Every second by itself.
    void tick();

Q_SIGNALS:
    /// These of alerts() are new, other, or gone; or without ids, how some stand with time.
    /// Coalesced.
    void changed(const QStringList &ids);
    /// Findings that are new and nobody has acknowledged or snoozed.
    void raised(const QList<pilothouse::Alert> &alerts);

private:
    void take(const QString &target, bool heard);
    void letGo(const QString &target); ///< of GPUs that are gone, as a person knows
    Result<> say(const QStringList &ids, qint64 Alert::*what, qint64 value);
    void announce(const QStringList &ids);
    std::unique_ptr<AlertLogPrivate> d;
};

} // namespace pilothouse
