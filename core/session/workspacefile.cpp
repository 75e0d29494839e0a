// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/workspacefile.h"

namespace pilothouse {

const QStringList &workspaceMigrations()
{
    static const QStringList migrations{QStringLiteral(R"(
CREATE TABLE targets (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, kind INTEGER NOT NULL, origin TEXT NOT NULL,
    grouped TEXT NOT NULL, favourite INTEGER NOT NULL, protection INTEGER NOT NULL, transport INTEGER NOT NULL,
    host TEXT NOT NULL, user TEXT NOT NULL, port INTEGER NOT NULL, identity_file TEXT NOT NULL,
    proxy_jump TEXT NOT NULL);
CREATE TABLE remembered (key TEXT PRIMARY KEY, json BLOB NOT NULL, time INTEGER NOT NULL);
)"),
        QStringLiteral(R"(
CREATE TABLE alerts (
    id TEXT PRIMARY KEY, target TEXT NOT NULL, device TEXT NOT NULL, node_name TEXT NOT NULL,
    device_name TEXT NOT NULL, rule TEXT NOT NULL, verdict TEXT NOT NULL, raw TEXT NOT NULL,
    times INTEGER NOT NULL, since INTEGER NOT NULL, last_seen INTEGER NOT NULL, ended INTEGER NOT NULL,
    acknowledged INTEGER NOT NULL DEFAULT 0, snoozed INTEGER NOT NULL DEFAULT 0);
CREATE TABLE examined (target TEXT PRIMARY KEY, time INTEGER NOT NULL);
)")};
    return migrations;
}

} // namespace pilothouse
