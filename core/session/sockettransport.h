// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/transport/transport.h"

namespace pilothouse {

/// A unix socket of this machine on which an agent greets and serves by itself, as those of
/// pilothouse-sim do: no shell, nothing to put there. Never lost by itself; the agent's client
/// tells when its connection goes.
class SocketTransport : public Transport {
    Q_OBJECT

public:
    explicit SocketTransport(QString path);
    QString kind() const override { return QStringLiteral("socket"); }
    bool servesAgent() const override { return true; }
    Task<Result<Output>> run(Context context, Command command) override; ///< Unsupported
    /// Connects; the command does not matter. Unreachable when nobody listens.
    Task<Result<std::shared_ptr<Descriptor>>> open(Context context, Command command) override;
    Task<Result<>> upload(Context context, QByteArray data, QString remotePath,
        Progress progress) override; ///< Unsupported
    void close() override { }

private:
    QString m_path;
};

} // namespace pilothouse
