// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/theme/tokens.h"

#include <QIcon>

namespace pilothouse {

/// One of resources/icons by its name ("refresh"), painted in `token`'s colour of the scheme in
/// force when it is painted; disabled icons use Text3, icons on a primary button OnPrimary.
QIcon icon(const QString &name, Token token = Token::Text2);

/// For the style: the same icon on the accent.
QIcon iconOnPrimary(const QIcon &icon);

} // namespace pilothouse
