// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

#include <memory>

namespace pilothouse {

/// An SSH server that asks: passwords and keyboard-interactive rounds, which sshd can only do with
/// PAM or the system's accounts. Built on libssh's server side; any user may come. Every command
/// prints "ok" and ends with 0.
class PromptServer {
public:
    struct Field {
        QByteArray prompt;
        bool echo = false;
        QByteArray answer; ///< the right one
    };
    struct Script {
        QByteArray password; ///< empty = method not offered
        QList<QList<Field>> rounds; ///< keyboard-interactive; empty = not offered
        bool both = false; ///< first the password, then the rounds
    };
    /// `hostKey`: file of a private key.
    PromptServer(QString hostKey, Script script);
    ~PromptServer();
    quint16 port() const;
    /// Authentication requests that came in all, "none" included.
    int requests() const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace pilothouse
