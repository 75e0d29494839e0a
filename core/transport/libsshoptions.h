// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/transport/resolvedhost.h"

struct ssh_session_struct;

namespace pilothouse {

/// Host key algorithms with those first whose key type is known for the host, as OpenSSH orders
/// them: a server with several keys then shows the one that can be judged.
QStringList preferKnownTypes(QStringList algorithms, const QStringList &knownTypes);
/// Ciphers with AES-GCM first, ChaCha20 last and CBC dropped while others are left. Under the last
/// two a peer without strict key exchange is open to Terrapin, and libssh does not tell if it has
/// it. Beside AES-CTR libssh sets up a keyed digest anew for each packet, which costs a login more
/// than half of what its key exchange does.
QStringList preferSafeCiphers(QStringList ciphers);
/// Sets every option explicitly; no configuration file is read. Unsupported when libssh has none of
/// the algorithms that the configuration asks for (system ssh may).
Result<> setOptions(
    ssh_session_struct *session, const ResolvedHost &host, const QStringList &knownTypes);

} // namespace pilothouse
