// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/transport/connector.h"

namespace pilothouse {

class ChildProcess;

/// This machine: commands are children of ours. Same meaning as over SSH: own session, home folder,
/// ended with the transport. Never lost.
class LocalTransport : public Transport {
    Q_OBJECT

public:
    LocalTransport();
    ~LocalTransport() override;
    QString kind() const override { return QStringLiteral("local"); }
    Task<Result<Output>> run(Context context, Command command) override;
    Task<Result<std::shared_ptr<Descriptor>>> open(Context context, Command command) override;
    Task<Result<>> upload(
        Context context, QByteArray data, QString remotePath, Progress progress) override;
    void close() override;

private:
    struct Children; // I/O thread
    static Task<Result<Output>> start(
        std::shared_ptr<Children> children, Context context, Command command, Progress progress);
    std::shared_ptr<Children> m_children;
};

/// Stages after Resolve are Skipped: there is nothing to go through.
Task<Result<Connected>> connectLocal(Context context, Target target, StageSink report);

} // namespace pilothouse
