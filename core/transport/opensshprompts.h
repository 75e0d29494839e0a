// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/prompter.h"

namespace pilothouse {

/// What one prompt of the ssh program means.
struct SshPrompt {
    enum class Kind {
        HostKey, ///< answered with "yes" or "no"
        Secret,
        Notice, ///< "Confirm user presence for key ...": ends by itself
    };
    Kind kind = Kind::Secret;
    HostKeyQuestion hostKey;
    SecretQuestion secret;
    QString cacheKey; ///< for SecretCache; empty = never remembered (codes, PINs)
};

/// Pure. `askpassKind` is $SSH_ASKPASS_PROMPT; `port` and `host` serve for what the text lacks.
SshPrompt parseSshPrompt(
    const QString &askpassKind, const QString &prompt, const QString &host, quint16 port);

} // namespace pilothouse
