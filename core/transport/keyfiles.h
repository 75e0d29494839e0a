// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/secret.h"

#include <QByteArray>
#include <QString>

#include <memory>
#include <optional>

struct ssh_key_struct;

namespace pilothouse {

/// What is known of an identity file. Keys are shared by all sessions and never changed.
struct KeyFile {
    enum class State {
        Missing,
        Ready, ///< `key` can sign
        Encrypted, ///< needs a passphrase
        WrongPassphrase,
        Unreadable, ///< no key that libssh understands, or none but its public half
    };
    State state = State::Missing;
    std::shared_ptr<ssh_key_struct> publicKey; ///< null when only the private file tells
    std::shared_ptr<ssh_key_struct> key;
    QByteArray publicBlob; ///< of publicKey; empty when unknown
};

/// Reads the file and its `.pub`, and remembers decrypted keys by path, size and time of change.
/// Decrypting takes up to a second of CPU by design: call it through offload().
KeyFile readKeyFile(const QString &path, const Secret &passphrase = {});
/// What readKeyFile would give at once: a decrypted key of a file that has not changed since.
std::optional<KeyFile> rememberedKeyFile(const QString &path);
/// Drops all decrypted keys.
void forgetKeys();

} // namespace pilothouse
