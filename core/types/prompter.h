// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/secret.h"
#include "core/base/task.h"

#include <QList>
#include <QString>

namespace pilothouse {

/// An unknown host key, to be accepted or not. (A changed key is never asked: it stops.)
struct HostKeyQuestion {
    QString host; ///< as known_hosts names it: "name" or "[name]:port"
    QString type; ///< "ED25519"
    QString fingerprint; ///< "SHA256:..."
    QStringList alsoKnownAs; ///< other names in known_hosts with this very key
};

struct SecretQuestion {
    enum class Kind { Password, Passphrase, Interactive };
    Kind kind = Kind::Password;
    QString host; ///< which host of the chain asks
    QString title; ///< "Password for mia@10.2.0.41", keyboard-interactive name
    QString instruction;
    struct Field {
        QString prompt;
        bool echo = false;
    };
    QList<Field> fields;
    bool again = false; ///< the answer before was refused
};

enum class HostKeyAnswer { Reject, AcceptOnce, AcceptAndSave };

/// Asks the person at the window or the tty. Main thread. Asked once per host for all its channels:
/// callers go through SecretCache (core/transport/secretcache.h) which remembers for the process.
class Prompter {
public:
    virtual ~Prompter() = default;
    virtual Task<Result<HostKeyAnswer>> askHostKey(Context context, HostKeyQuestion question) = 0;
    /// One Secret per field. Cancelled when the person declines; Denied when nobody can be asked.
    virtual Task<Result<QList<Secret>>> askSecrets(Context context, SecretQuestion question) = 0;
};

} // namespace pilothouse
