// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QByteArray>
#include <QJsonObject>
#include <QStringList>

#include <functional>
#include <optional>

namespace pilothouse::ctl {

QString tr(const char *text);

/// All of it, waiting where the reader is slow. False once nobody reads any more, or there is no
/// room for it.
bool writeAll(int descriptor, const QByteArray &bytes);
/// The first write to stdout that fails calls endOutput(): from then on nothing is printed, errors
/// neither. `then` is called once.
void whenOutputEnds(std::function<void()> then);
void endOutput(int error); ///< an errno; EPIPE = nobody reads, which is not said
/// The program's exit code after that: 141, as of one that SIGPIPE ended, or 1 when the output
/// could not be written. nullopt while stdout is well.
std::optional<int> outputEnded();
/// A line for people. Control characters that came from elsewhere are shown as "?".
void printLine(const QString &line);
void printNote(const QString &line); ///< to stderr
/// One object on one line, with `"schema":"pilothouse.NAME","version":1` in it.
void printJson(const char *schema, QJsonObject object);
/// On stderr; as one JSON object when `json`.
void printError(const Error &error, bool json);
/// The same of what ends nothing: for people its message alone.
void printSetback(const Error &error, bool json);
/// The same error with its target's name in the message; `sentence` has %1 for the name and %2 for
/// the message.
Error about(Error error, const QString &sentence, const QString &name);
/// Columns aligned by their widest cell. A head that begins with ">" stands above numbers: its
/// column is aligned at the right, so that units stand below each other.
void printTable(const QStringList &heads, const QList<QStringList> &rows);

QJsonObject errorToJson(const Error &error);
QJsonValue orNull(const QString &text);

} // namespace pilothouse::ctl
