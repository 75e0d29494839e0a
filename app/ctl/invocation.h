// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMap>
#include <QStringList>

namespace pilothouse::ctl {

/// One parsed command line: what stands behind the verb.
struct Invocation {
    QStringList words; ///< positional; everything behind "--" as it is
    QMap<QString, QStringList> options; ///< by long name; a flag has one empty value
    bool json = false;

    bool has(const char *option) const { return options.contains(QLatin1String(option)); }
    QString value(const char *option) const
    {
        return options.value(QLatin1String(option)).value(0);
    }
    QStringList values(const char *option) const { return options.value(QLatin1String(option)); }
    int number(const char *option, int fallback) const
    {
        return has(option) ? value(option).toInt() : fallback;
    }
};

} // namespace pilothouse::ctl
