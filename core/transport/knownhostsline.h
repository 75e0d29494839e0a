// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/transport/knownhosts.h"

#include <QByteArrayView>

namespace pilothouse {

/// One entry of a known_hosts file.
struct KnownHostsLine {
    enum class Marker { None, CertAuthority, Revoked };
    Marker marker = Marker::None;
    QByteArray names; ///< first field as written: a comma list of patterns, or "|1|salt|hash"
    HostKey key;

    /// OpenSSH's rule: any pattern matches and no negated one does. `name` in lower case.
    bool matches(const QByteArray &name) const;
    /// Names that stand for one host each: no pattern, no negation, not hashed.
    QStringList plainNames() const;
};

/// Nothing for blank lines, comments, and lines OpenSSH skips as broken.
std::optional<KnownHostsLine> parseKnownHostsLine(QByteArrayView line);

/// "|1|salt|hash" of a name; the salt has 20 bytes.
QByteArray hashedHostName(const QByteArray &name, const QByteArray &salt);

} // namespace pilothouse
