// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QList>
#include <QMetaType>
#include <QString>

#include <functional>
#include <optional>

namespace pilothouse {

/// The steps of a connection, in order. Local targets skip those between Resolve and Platform.
enum class Stage {
    Resolve,
    JumpHost,
    Tcp, ///< name and TCP
    Banner,
    HostKey,
    Authentication,
    Shell,
    Platform,
    Agent,
    Handshake,
    FirstSample,
};
QString stageTitle(Stage stage); ///< translated: "Resolve configuration", "Name and TCP", ...
QString stageId(Stage stage); ///< "resolve", "jump_host", "tcp", ... for --json and errors

enum class StageState { Waiting, Running, Done, Failed, Skipped };

/// One line of the connection page.
struct StageReport {
    Stage stage = Stage::Resolve;
    StageState state = StageState::Waiting;
    QString hop; ///< name of the jump host this line is about; empty = the target itself
    qint64 milliseconds = 0;
    QString result; ///< "OpenSSH 9.6p1 Ubuntu", "10.2.0.41:22 from bastion"
    double progress = -1; ///< 0..1 while a total is known
    std::optional<Error> error;
};

/// Receives reports as they happen, main thread. The same stage and hop replaces its line.
using StageSink = std::function<void(const StageReport &)>;

} // namespace pilothouse

Q_DECLARE_METATYPE(pilothouse::StageReport)
