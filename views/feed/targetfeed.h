// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/task.h"
#include "core/models/targetstatus.h"
#include "views/feed/knownfacts.h"

#include <QObject>
#include <QTimer>

namespace pilothouse {

struct Link;

/// Where views learn about targets: the live workspace, or a recorded one for pictures and tests.
class TargetFeed : public QObject {
    Q_OBJECT

public:
    explicit TargetFeed(QObject *parent = nullptr);
    virtual QList<TargetStatus> targets() const = 0;
    virtual std::optional<TargetStatus> status(const QString &id) const = 0;
    virtual qint64 now() const = 0; ///< Unix ms; all ages count from it
    virtual QString label() const { return {}; } ///< "recorded data"; empty when live
    /// Of the open link, else as remembered; none when it was never connected.
    virtual std::optional<KnownFacts> facts(const QString &id) const = 0;
    /// Asks the node once; Unreachable when it is not connected.
    virtual Task<Result<QList<Process>>> processes(Context context, QString id) = 0;
    /// For a GPU that has given nothing for `age` ms while its node is heard: asks the node why,
    /// the less often the longer; statusChanged tells when facts() has an answer.
    virtual void askWhyQuiet(const QString &id, qint64 age) = 0;
    virtual std::shared_ptr<const Link> link(const QString &id) const = 0; ///< null = none is open
    QString targetName(const QString &id) const;
    bool simulated() const; ///< any of them is: then everything shown is made up

Q_SIGNALS:
    void targetsChanged(); ///< which there are, or what is stored of them
    void statusChanged(const QString &id); ///< state, stages, samples
    /// That of any: at once, then every 100 ms at most, however many there are.
    void statusesChanged();

private:
    QTimer m_pause;
    bool m_more = false; ///< something changed in the pause
};

} // namespace pilothouse
