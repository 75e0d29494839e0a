// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTextDocument>

namespace pilothouse {

/// For setToolTip(): names come from nodes and people, and a tool tip must not read them as markup.
inline QString plainToolTip(const QString &text)
{
    return Qt::mightBeRichText(text)
        ? QStringLiteral("<qt>") + text.toHtmlEscaped() + QStringLiteral("</qt>")
        : text;
}

} // namespace pilothouse
