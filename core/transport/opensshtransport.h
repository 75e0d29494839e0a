// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/transport/transport.h"

namespace pilothouse {

class OpenSshMaster;

/// Commands over a control master of the system's ssh: each one is a small `ssh -S` child.
/// A command that died of signal n ends with 128 + n and signal 0: ssh does not tell more.
class OpenSshTransport : public Transport {
    Q_OBJECT

public:
    explicit OpenSshTransport(std::shared_ptr<OpenSshMaster> master);
    ~OpenSshTransport() override;
    QString kind() const override { return QStringLiteral("openssh"); }
    Task<Result<Output>> run(Context context, Command command) override;
    Task<Result<std::shared_ptr<Descriptor>>> open(Context context, Command command) override;
    Task<Result<>> upload(
        Context context, QByteArray data, QString remotePath, Progress progress) override;
    void close() override;

private:
    struct Shared;
    static Task<Result<Output>> start(
        std::shared_ptr<Shared> shared, Context context, Command command, Progress progress);
    const std::shared_ptr<Shared> m_shared;
};

} // namespace pilothouse
