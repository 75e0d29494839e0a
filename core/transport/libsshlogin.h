// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/transport/keyfiles.h"
#include "core/transport/libsshauth.h"
#include "core/transport/sshagent.h"

#include <QSet>

namespace pilothouse {

/// What a server said to one authentication request.
enum class AuthState {
    Accepted,
    Partial, ///< right, and more is wanted
    Refused,
    Asks, ///< keyboard-interactive: prompts came
};
struct AuthAnswer {
    AuthState state = AuthState::Refused;
    unsigned int methods = 0; ///< SSH_AUTH_METHOD_* that may go on
};

/// One login in progress, shared by its coroutines. Main thread.
struct Login {
    Context context;
    std::shared_ptr<SshSession> session;
    std::shared_ptr<ResolvedHost> host;
    Prompter *prompter = nullptr;
    unsigned int methods = 0;
    QStringList won; ///< methods that were accepted
    QStringList tried; ///< what was refused, for the error
    QSet<QByteArray> refusedKeys; ///< blobs
    std::optional<Error> notAsked; ///< nobody was there to answer
    QString where() const; ///< "mia@10.2.0.41"
};
using LoginPtr = std::shared_ptr<Login>;

/// libssh's answer as ours; nullopt while it is not there yet. I/O thread.
std::optional<Result<AuthAnswer>> authAnswer(SshSession &session, int rc);

/// A key that can be offered without asking anybody anything, before all others.
struct FirstKey {
    QString name; ///< "public key ~/.ssh/id_ed25519"
    KeyFile file; ///< Ready
};
/// Nothing when an agent, a token or a passphrase comes first.
Task<std::optional<FirstKey>> firstKey(LoginPtr login);

/// One method with all its keys or tries: Accepted, Partial or Refused. A lost connection and a
/// person who declines are errors.
Task<Result<AuthAnswer>> tryPublicKeys(LoginPtr login);
Task<Result<AuthAnswer>> tryInteractive(LoginPtr login);
Task<Result<AuthAnswer>> tryPassword(LoginPtr login);

} // namespace pilothouse
