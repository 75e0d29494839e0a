// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/session/session.h"

#include <QList>
#include <QProcess>
#include <QTemporaryDir>

#include <memory>
#include <optional>

namespace pilothouse {

/// What a demo consists of. From a command line: --demo, or --demo=nodes=256,seed=7.
struct DemoOptions {
    int nodes = 64, gpus = 8, history = 900;
    quint64 seed = 1;
    double timeFactor = 1;
    QString scenario; ///< a file; empty = none
    QString folder; ///< of a pilothouse-sim that runs already; empty = one is started

    /// "" or "nodes=N,gpus=N,seed=N,time-factor=F,history=S,scenario=FILE,folder=FOLDER".
    static Result<DemoOptions> parse(const QString &text);
    /// Takes "--demo" and "--demo=..." out of `words`, up to "--"; nullopt when there is none.
    static std::optional<Result<DemoOptions>> take(QStringList &words);
};

/// A fleet of simulated nodes: pilothouse-sim as a child of this process, in a temporary folder
/// that also holds everything this program would else store in the user's (paths::setRoot). Both
/// go with this object, so it must outlive whatever has files there.
class DemoFleet {
public:
    /// Waits until the fleet is ready, some 100 ms for 64 nodes: before there is a window.
    static Result<std::unique_ptr<DemoFleet>> start(const DemoOptions &options);
    ~DemoFleet();

    QString folder() const { return m_temporary.path(); } ///< of what is stored
    const QList<Target> &targets() const { return m_targets; } ///< groups are the clusters
    /// Leads to a target's socket.
    static Connector connector();

private:
    DemoFleet() = default;
    Result<> run(const DemoOptions &options);
    Result<> readFleet(const QString &folder);

    QTemporaryDir m_temporary;
    QProcess m_process;
    QList<Target> m_targets;
};

} // namespace pilothouse
