// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/frame/paletteentries.h"

#include "core/acts/services.h"
#include "core/base/units.h"
#include "core/jobs/jobservice.h"
#include "core/models/jobmodel.h"

#include <QSet>

namespace pilothouse {

namespace {

/// Acts whose parameters a page asks for, and that page's tab. No tab: the palette leaves it out.
struct AskedOnPage {
    const char *act, *tab;
};
constexpr AskedOnPage askedOnPages[] = {{"job.launch", "launch"}, {"file.upload", "files"},
    {"file.download", "files"}, {"target.change", "connection"}, {"target.protect", "connection"},
    {"target.add", ""}, {"job.signal", ""}, {"exec.run", ""}};

const AskedOnPage *askedOnPage(const QString &act)
{
    for (const auto &one : askedOnPages) {
        if (act == QLatin1String(one.act))
            return &one;
    }
    return nullptr;
}

/// The first word of an act's id is what it is done to.
bool aboutTargets(const QString &act)
{
    return !act.startsWith(QLatin1String("job.")) && !act.startsWith(QLatin1String("alert."))
        && !act.startsWith(QLatin1String("file."));
}

/// What of a selection such an act is done to: each target once, whatever is selected there.
QList<ActRequest> targetsOf(const QList<ActRequest> &selection)
{
    QList<ActRequest> requests;
    QSet<QString> known;
    for (const auto &one : selection) {
        ActRequest request;
        request.target = one.target;
        if (!known.contains(one.target))
            requests << request;
        known.insert(one.target);
    }
    return requests;
}

QString subjectName(const PageContext &context, const ActRequest &request)
{
    if (request.subject.isEmpty())
        return context.feed->targetName(request.target);
    if (context.services != nullptr && context.services->jobs != nullptr) {
        const auto job = context.services->jobs->find(request.subject);
        if (job && !job->spec.name.isEmpty())
            return job->spec.name;
    }
    return request.subject;
}

QString selectionName(const PageContext &context, const QList<ActRequest> &selection)
{
    if (selection.size() != 1)
        return QObject::tr("%n selected", nullptr, int(selection.size()));
    return subjectName(context, selection.first());
}

} // namespace

QList<PaletteEntry> actEntries(const PageContext &context, const PaletteFocus &focus)
{
    QList<PaletteEntry> entries;
    ActRequest onTarget;
    onTarget.target = focus.target;
    const auto acts = context.acts->port()->acts();
    for (const auto &act : acts) {
        const auto *asked = askedOnPage(act.id);
        if (asked != nullptr && *asked->tab == '\0')
            continue;
        QList<ActRequest> requests;
        QString detail;
        Can can = Can::absent();
        if (!focus.target.isEmpty()) {
            requests = {onTarget};
            can = context.acts->canAll(act.id, requests);
            detail = context.feed->targetName(focus.target);
        }
        if (can.answer == Can::Answer::Absent && asked == nullptr && !focus.selection.isEmpty()) {
            requests = aboutTargets(act.id) ? targetsOf(focus.selection) : focus.selection;
            can = context.acts->canAll(act.id, requests);
            detail = selectionName(context, requests);
        }
        if (can.answer == Can::Answer::Absent)
            continue;
        PaletteEntry entry{u'>', act.title, detail, act.shortcut, can.reason, {}, act.id};
        if (asked != nullptr) {
            entry.run = [open = context.openTarget, target = focus.target,
                            tab = QString::fromLatin1(asked->tab)] { open(target, tab); };
        } else {
            entry.run
                = [menu = context.acts, id = act.id, requests] { menu->trigger(id, requests); };
        }
        entries << entry;
    }
    return entries;
}

QList<PaletteEntry> jobEntries(const PageContext &context)
{
    if (context.services == nullptr || context.services->jobs == nullptr)
        return {};
    QList<PaletteEntry> entries;
    const auto jobs = context.services->jobs->jobs();
    entries.reserve(jobs.size());
    QHash<QString, QString> names; // few targets, many jobs
    for (const auto &job : jobs) {
        auto name = names.constFind(job.target);
        if (name == names.constEnd())
            name = names.insert(job.target, context.feed->targetName(job.target));
        QStringList detail{jobOutcome(job), *name};
        if (job.submittedAt != 0)
            detail << QObject::tr("%1 ago").arg(
                formatAge(std::chrono::milliseconds(context.feed->now() - job.submittedAt)));
        const bool named = !job.spec.name.isEmpty();
        entries << PaletteEntry{u'#', named ? job.spec.name : job.id,
            detail.join(QStringLiteral(" · ")), {}, {},
            [open = context.openJob, id = job.id] { open(id); }, named ? job.id : QString()};
    }
    return entries;
}

} // namespace pilothouse
