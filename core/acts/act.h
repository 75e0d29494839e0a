// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/permit.h"
#include "core/base/task.h"

#include <QJsonObject>
#include <QString>

#include <functional>
#include <memory>

namespace pilothouse {

class ExecStream;
class Services; // core/acts/services.h: workspace, store, ledger, jobs: what acts work on

/// The live ends of an act that talks while it runs (exec.run). Main thread.
struct ExecEnds {
    std::function<void(const QByteArray &)> out, err;
    /// The command's input and signals; null again when it has ended.
    std::function<void(ExecStream *)> running;
    std::function<void()> sent; ///< some of the input that waited has left; may be null
};

/// What an act is about to be done to. Plain data; `parameters` are the act's own.
struct ActRequest {
    QString target; ///< Target::id, empty for acts on the console itself
    QString subject; ///< job id, path, device ...
    QJsonObject parameters;
    /// The typed confirmation for protected targets; compared with the target's name.
    QString typedName;
    std::shared_ptr<ExecEnds> ends; ///< null: the act's output is in its result
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
    /// Target::id that it is really about, whatever the request says; null: the request's.
    QString (*targetOf)(Services &, const ActRequest &) = nullptr;
};

/// All acts, in the order of menus and palette.
const QList<const Act *> &actTable();
const Act *findAct(const QString &id);

} // namespace pilothouse
