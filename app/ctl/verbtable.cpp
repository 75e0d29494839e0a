// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/verb.h"

#include "app/ctl/verbs/verbs.h"
#include "core/base/nearest.h"

namespace pilothouse::ctl {

const std::vector<const Verb *> &verbTable()
{
    static const std::vector<const Verb *> verbs{&targetsVerb, &addVerb, &removeVerb, &protectVerb,
        &setVerb, &configVerb, &testVerb, &connectVerb, &topVerb, &metricsVerb, &processesVerb,
        &gpusVerb, &runVerb, &submitVerb, &importVerb, &jobsVerb, &logsVerb, &cancelVerb,
        &signalVerb, &rerunVerb, &forgetVerb, &enginesVerb, &whyVerb, &holdVerb, &releaseVerb,
        &requeueVerb, &gpuTestVerb, &alertsVerb, &ackVerb, &unackVerb, &snoozeVerb, &wakeVerb,
        &execVerb, &cpVerb, &agentDeployVerb, &agentStatusVerb, &agentRemoveVerb, &auditVerb,
        &storageVerb, &firstRunVerb, &versionVerb};
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

QString nearestVerb(const QString &wrong)
{
    QStringList names, first;
    for (const Verb *verb : verbTable()) {
        names << QString::fromLatin1(verb->name);
        first << names.last().section(QLatin1Char(' '), 0, 0);
    }
    const auto at = first.indexOf(nearestName(wrong, first));
    return at < 0 ? QString() : names[at];
}

} // namespace pilothouse::ctl
