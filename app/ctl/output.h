// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QByteArray>
#include <QJsonObject>
#include <QStringList>

namespace pilothouse::ctl {

QString tr(const char *text);

/// All of it, waiting where the reader is slow. False once nobody reads any more.
bool writeAll(int descriptor, const QByteArray &bytes);
/// A line for people. Control characters that came from elsewhere are shown as "?".
void printLine(const QString &line);
void printNote(const QString &line); ///< to stderr
/// One object on one line, with `"schema":"pilothouse.NAME","version":1` in it.
void printJson(const char *schema, QJsonObject object);
/// On stderr; as one JSON object when `json`.
void printError(const Error &error, bool json);
/// Columns aligned by their widest cell. A head that begins with ">" stands above numbers: its
/// column is aligned at the right, so that units stand below each other.
void printTable(const QStringList &heads, const QList<QStringList> &rows);

QJsonObject errorToJson(const Error &error);
QJsonValue orNull(const QString &text);

} // namespace pilothouse::ctl
