// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/verb.h"

#include "app/ctl/verbs/verbs.h"

#include <algorithm>

namespace pilothouse::ctl {

const std::vector<const Verb *> &verbTable()
{
    static const std::vector<const Verb *> verbs{&targetsVerb, &addVerb, &removeVerb, &protectVerb,
        &configVerb, &testVerb, &connectVerb, &topVerb, &metricsVerb, &processesVerb, &runVerb,
        &jobsVerb, &logsVerb, &cancelVerb, &signalVerb, &rerunVerb, &forgetVerb, &gpuTestVerb,
        &alertsVerb, &ackVerb, &unackVerb, &snoozeVerb, &wakeVerb, &execVerb, &cpVerb,
        &agentDeployVerb, &agentStatusVerb, &agentRemoveVerb, &auditVerb, &firstRunVerb,
        &versionVerb};
    return verbs;
}

const Verb *takeVerb(QStringList &words)
{
    for (const int count : {2, 1}) {
        if (words.size() < count)
            continue;
        const QString name = words.mid(0, count).join(QLatin1Char(' '));
        for (const Verb *verb : verbTable()) {
            if (name == QLatin1String(verb->name)) {
                words = words.mid(count);
                return verb;
            }
        }
    }
    return nullptr;
}

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

QString nearestVerb(const QString &wrong)
{
    QString nearest;
    int least = std::max(2, int(wrong.size()) / 2) + 1;
    for (const Verb *verb : verbTable()) {
        const QString name = QString::fromLatin1(verb->name);
        const int far = distance(wrong, name.section(QLatin1Char(' '), 0, 0));
        if (far < least) {
            least = far;
            nearest = name;
        }
    }
    return nearest;
}

} // namespace pilothouse::ctl
