// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/permit.h"
#include "core/base/task.h"

#include <QJsonObject>
#include <QString>

#include <functional>

namespace pilothouse {

class Services; // core/acts/services.h: workspace, store, ledger, jobs: what acts work on

/// What an act is about to be done to. Plain data; `parameters` are the act's own.
struct ActRequest {
    QString target; ///< Target::id, empty for acts on the console itself
    QString subject; ///< job id, path, device ...
    QJsonObject parameters;
    /// The typed confirmation for protected targets; compared with the target's name.
    QString typedName;
};

enum class Mutates { No, Locally, Yes }; ///< Yes: bytes that change the target leave
enum class Destructive { No, Yes };

struct Can {
    enum class Answer { Allowed, Refused, Absent } answer = Answer::Allowed;
    QString reason;
    static Can allowed() { return {}; }
    static Can refused(QString why) { return {Answer::Refused, std::move(why)}; }
    static Can absent() { return {Answer::Absent, {}}; }
    bool ok() const { return answer == Answer::Allowed; }
};

/// Something a user can do, as data. One entry in actTable(); menus, palette, shortcuts, ctl verbs,
/// "show the command" and the audit all come from it.
struct Act {
    const char *id; ///< "job.launch"
    const char *title; ///< translatable: "Launch job"
    const char *shortcut; ///< portable key sequence or ""
    Mutates mutates;
    Destructive destructive;
    const char *undo; ///< translatable sentence: "Cannot be undone." or what undoes it; "" if
                      ///< nothing changes
    Can (*can)(Services &, const ActRequest &);
    QString (*preview)(Services &, const ActRequest &); ///< native command or call as text
    /// Returns a JSON object with what came of it (job id, paths ...).
    Task<Result<QJsonObject>> (*run)(Context, Permit, Services &, ActRequest);
};

/// All acts, in the order of menus and palette.
const QList<const Act *> &actTable();
const Act *findAct(const QString &id);

} // namespace pilothouse
