// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QByteArray>
#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace pilothouse {

/// A public host key as the wire has it.
struct HostKey {
    QString type; ///< "ssh-ed25519"
    QByteArray blob; ///< decoded key blob
    QString fingerprint() const; ///< "SHA256:..." without padding, as ssh prints it
    bool operator==(const HostKey &) const = default;
};

enum class HostKeyVerdict { Known, Unknown, Changed, Revoked, OtherType };

struct KnownHostsAnswer {
    HostKeyVerdict verdict = HostKeyVerdict::Unknown;
    QString file; ///< of the matching (Known, Changed, Revoked) line
    int line = 0;
    std::optional<HostKey> known; ///< the old key when Changed
    QStringList alsoKnownAs; ///< other plain names with this very key
    QStringList knownTypes; ///< key types stored for this host, to prefer in negotiation
    bool hostCa = false; ///< an @cert-authority line matches the host: system ssh must judge
};

/// The name known_hosts uses: "name", or "[name]:port" when port is not 22. Lower case.
QString knownHostsName(const QString &host, quint16 port);

/// Judges `key` as OpenSSH does: hashed names, ports, patterns and negation, @revoked, several
/// files.
KnownHostsAnswer lookUpHostKey(
    const QStringList &files, const QString &name, const QString &address, const HostKey &key);
/// Key types known for a name and whether a host CA covers it; before any key was shown.
KnownHostsAnswer lookUpHost(const QStringList &files, const QString &name);

/// Appends one line (lock, O_APPEND, fsync; the file is made 0600, its folder 0700). Never
/// rewrites.
Result<> appendKnownHost(const QString &file, const QString &name, const HostKey &key, bool hashed);

} // namespace pilothouse
