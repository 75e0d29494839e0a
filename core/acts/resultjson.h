// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>

namespace pilothouse {

class Session;
struct Link;

/// What the act "target.test" gives: target, clock_skew_ms, stages. After a failure as well: the
/// stages tell how far it came.
QJsonObject testToJson(const Session &session);
/// What "target.connect" gives: the same and what the link knows, all of it null without one.
QJsonObject connectionToJson(const Session &session, const Link *link);

/// Bytes that should be text: in `text`, with `base64` null, or the other way round where they are
/// not UTF-8.
void putBytes(QJsonObject &object, const char *text, const char *base64, const QByteArray &bytes);

} // namespace pilothouse
