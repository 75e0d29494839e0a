// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/nearest.h"

#include <algorithm>
#include <vector>

namespace pilothouse {

/// Insertions, deletions and replacements from one to the other.
static int distance(const QString &from, const QString &to)
{
    std::vector<int> row(std::size_t(to.size()) + 1);
    for (std::size_t i = 0; i < row.size(); ++i)
        row[i] = int(i);
    for (qsizetype i = 0; i < from.size(); ++i) {
        int corner = row[0];
        row[0] = int(i) + 1;
        for (std::size_t j = 1; j < row.size(); ++j) {
            const int above = row[j];
            const int replaced = corner + (from[i] != to[qsizetype(j) - 1]);
            row[j] = std::min({above + 1, row[j - 1] + 1, replaced});
            corner = above;
        }
    }
    return row.back();
}

QString nearestName(const QString &wrong, const QStringList &names)
{
    QString nearest;
    int least = std::max(2, int(wrong.size()) / 2) + 1;
    for (const auto &name : names) {
        const int far = wrong.size() > 2 && name.startsWith(wrong) ? 1 : distance(wrong, name);
        if (far < least) {
            least = far;
            nearest = name;
        }
    }
    return nearest;
}

} // namespace pilothouse
