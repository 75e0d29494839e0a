// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/job.h"

#include <QJsonObject>

namespace pilothouse {

/// A spec as stored in the ledger: snake_case keys, script and texts as base64. When it is read,
/// unknown keys are ignored and missing ones are at their default (one node, one task).
QJsonObject specToJson(const JobSpec &spec);
JobSpec specFromJson(const QJsonObject &json);

/// A job as `pilothousectl jobs --json` prints it: id, name, target, engine, state, exit_code,
/// signal, submitted_at, started_at, ended_at, gpu_seconds, energy_joules and more; unknown is
/// null, times UTC RFC 3339.
QJsonObject jobToJson(const Job &job, const QString &targetName);

/// True for names of variables and options whose values must not be shown: those with token,
/// secret, password, credential, key or auth in them. The stored spec keeps the values, since a job
/// must be able to run again (ledger.db is 0600); previews and the audit show "***".
bool looksSecret(const QString &variable);

/// A command line's words quoted for a shell, the values of NAME=value, --name=value and
/// "--name value" masked where the name looks secret.
QStringList maskedWords(const QStringList &argv);

/// What would be typed by hand: environment (secrets masked), folder and command line or script
/// name.
QString commandText(const JobSpec &spec);

} // namespace pilothouse
