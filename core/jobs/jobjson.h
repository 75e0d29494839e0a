// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/job.h"

#include <QJsonObject>

namespace pilothouse {

/// A spec as stored in the ledger (script as base64). Unknown keys are ignored when read.
QJsonObject specToJson(const JobSpec &spec);
JobSpec specFromJson(const QJsonObject &json);

/// A job as `pilothousectl jobs --json` prints it: id, name, target, engine, state, exit_code,
/// signal, submitted_at, started_at, ended_at and more; unknown is null, times UTC RFC 3339.
QJsonObject jobToJson(const Job &job, const QString &targetName);

/// True for names of variables whose values must not be shown: token, secret, password, key,
/// credential.
bool looksSecret(const QString &variable);

/// What would be typed by hand: environment (secrets masked), folder and command line or script
/// name.
QString commandText(const JobSpec &spec);

} // namespace pilothouse
