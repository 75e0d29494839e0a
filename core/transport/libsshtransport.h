// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/transport/transport.h"

namespace pilothouse {

class SshSession;

/// Commands over one libssh session that is logged in.
class LibsshTransport : public Transport {
    Q_OBJECT

public:
    explicit LibsshTransport(std::shared_ptr<SshSession> session);
    ~LibsshTransport() override;
    QString kind() const override { return QStringLiteral("libssh"); }
    Task<Result<Output>> run(Context context, Command command) override;
    Task<Result<std::shared_ptr<Descriptor>>> open(Context context, Command command) override;
    Task<Result<>> upload(
        Context context, QByteArray data, QString remotePath, Progress progress) override;
    void close() override;

private:
    static Task<Result<Output>> start(
        std::shared_ptr<SshSession> session, Context context, Command command, Progress progress);
    const std::shared_ptr<SshSession> m_session;
    bool m_closed = false;
};

} // namespace pilothouse
