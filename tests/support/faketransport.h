// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/transport/transport.h"

namespace pilothouse {

/// A transport whose answers a test gives; what it does not answer goes to `real` when there is
/// one. Every call suspends, obeys its Context, and fails once the transport is lost or closed.
class FakeTransport : public Transport {
public:
    explicit FakeTransport(std::shared_ptr<Transport> real = nullptr);
    ~FakeTransport() override;

    /// nullopt = ask the real one (or exit 127 when there is none).
    std::function<std::optional<Result<Output>>(const Command &)> onRun;
    /// Sees a command before it is opened; may change it or refuse.
    std::function<Result<Command>(Command)> onOpen;
    /// Uploads are cut after this many bytes: the connection goes. -1 = never.
    qint64 cutUploadAt = -1;
    QStringList calls; ///< "run PROGRAM ARGUMENTS", "open ...", "upload PATH", "close"

    void lose(); ///< the connection goes: calls end with Unreachable, `lost` is emitted

    QString kind() const override { return QStringLiteral("fake"); }
    Task<Result<Output>> run(Context context, Command command) override;
    Task<Result<std::shared_ptr<Descriptor>>> open(Context context, Command command) override;
    Task<Result<>> upload(
        Context context, QByteArray data, QString remotePath, Progress progress) override;
    void close() override;

private:
    struct State {
        std::shared_ptr<Transport> real;
        bool gone = false;
    };
    static Error goneError();
    std::shared_ptr<State> m_state;
};

} // namespace pilothouse
