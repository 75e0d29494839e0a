// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/fileinfo.h"

#include <QList>

namespace pilothouse {

/// How a file here looks, links not followed, as the agent describes one there; kind is empty when
/// it is missing.
FileInfo localInfo(const QString &path);

/// Everything below a folder here, parents first, names sorted; `path` is relative to it. A folder
/// that cannot be read is there once more, without a kind and with `error`. Blocking.
QList<FileInfo> walkLocalTree(const QString &root);

/// Makes a folder or link, or gives a folder its mode and time, as the agent's PlaceFiles does:
/// what is not of that kind is left alone and is an error, links are never followed. 0 = left as it
/// is. Empty when it worked, else why not.
QString placeLocally(const QString &path, const FileInfo &entry);

} // namespace pilothouse
