// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/joblog.h"
#include "app/ctl/output.h"
#include "app/ctl/outputwatch.h"
#include "app/ctl/verbs/verbs.h"
#include "core/acts/resultjson.h"
#include "core/base/foreachlimited.h"
#include "core/base/units.h"
#include "core/jobs/jobjson.h"
#include "core/jobs/jobservice.h"

#include <QDateTime>
#include <QJsonArray>
#include <QSet>

#include <array>
#include <csignal>
#include <unistd.h>

namespace pilothouse::ctl {

using namespace std::chrono_literals;

/// Asks one target how its jobs are; what cannot be asked stays as it was, with its age.
static Task<> refreshTarget(Desk *desk, QString id)
{
    const auto target = desk->target(id);
    if (!target)
        co_return;
    auto connecting = desk->connectToAgent(*target);
    const auto link = co_await std::move(connecting);
    if (!link) {
        printSetback(
            about(link.error(), tr("%1 could not be asked: %2"), target->name), desk->json());
        co_return;
    }
    auto refreshing = desk->refresh(*target);
    const auto done = co_await std::move(refreshing);
    if (!done)
        printSetback(
            about(done.error(), tr("%1 could not be asked: %2"), target->name), desk->json());
}

/// "just now", "3 min ago"; nothing for a clock that went back.
static QString ago(qint64 milliseconds)
{
    if (milliseconds < 1000)
        return tr("just now");
    return tr("%1 ago").arg(formatAge(std::chrono::milliseconds(milliseconds)));
}

static Task<int> runJobs(Desk &desk, Invocation invocation)
{
    auto *all = &desk;
    QSet<QString> open;
    const auto known = all->services().jobs->jobs();
    for (const auto &job : known) {
        if (!jobEnded(job.state))
            open.insert(job.target);
    }
    if (!invocation.has("offline")) {
        all->prompter().setQuiet(true); // a list asks no questions
        std::vector<QString> targets(open.begin(), open.end());
        auto refreshing = forEachLimited(
            std::move(targets), 16, [all](QString id) { return refreshTarget(all, id); });
        co_await std::move(refreshing);
    }
    QJsonArray array;
    QList<QStringList> rows;
    const auto jobs = all->services().jobs->jobs();
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    for (const auto &job : jobs) {
        array.append(jobToJson(job, all->targetName(job.target)));
        QString state = jobSummary(job);
        if (!jobEnded(job.state) && job.seenAt > 0 && now - job.seenAt > 10'000)
            state
                += tr(" (seen %1 ago)").arg(formatAge(std::chrono::milliseconds(now - job.seenAt)));
        QStringList row;
        row << job.id << job.spec.name << all->targetName(job.target) << ago(now - job.submittedAt)
            << state;
        rows << row;
    }
    if (all->json()) {
        QJsonObject object;
        object.insert(QStringLiteral("jobs"), array);
        printJson("jobs", object);
        co_return 0;
    }
    if (rows.isEmpty()) {
        printNote(
            tr("No job was launched from here yet. Launch one: pilothousectl run ALIAS -- CMD"));
        co_return 0;
    }
    QStringList heads;
    heads << tr("ID") << tr("NAME") << tr("TARGET") << QLatin1Char('>') + tr("SUBMITTED")
          << tr("STATE");
    printTable(heads, rows);
    co_return 0;
}

static void printLogJson(quint64 offset, const QByteArray &data)
{
    QJsonObject object;
    object.insert(QStringLiteral("offset"), double(offset));
    putBytes(object, "text", "base64", data); // a chunk may be cut within a character
    printJson("log", object);
}

static Task<int> runLogs(Desk &desk, Invocation invocation)
{
    auto *all = &desk;
    auto reaching = all->reachJob(invocation.words.first());
    const auto job = co_await std::move(reaching);
    if (!job)
        co_return failed(*all, job.error());
    std::function<void(quint64, const QByteArray &)> take
        = [all](quint64 offset, const QByteArray &data) {
              if (all->json())
                  printLogJson(offset, data);
              else
                  writeAll(STDOUT_FILENO, data);
          };
    const auto watch = std::make_unique<OutputWatch>();
    const bool follow = invocation.has("f") || invocation.has("follow");
    auto reading = readWholeLog(*all, job->id, follow, std::move(take));
    const auto done = co_await std::move(reading);
    co_return done ? 0 : failed(*all, done.error());
}

/// Reaches a job's target, does an act to the job and prints what came of it.
Task<int> actOnJob(Desk &desk, QString act, QString name, QJsonObject parameters)
{
    auto *all = &desk;
    auto reaching = all->reachJob(name);
    const auto job = co_await std::move(reaching);
    if (!job)
        co_return failed(*all, job.error());
    ActRequest request;
    request.subject = job->id;
    request.parameters = parameters;
    auto acting = all->run(act, request);
    auto result = co_await std::move(acting);
    if (!result)
        co_return failed(*all, result.error());
    if (act == QLatin1String("job.cancel")) { // its end comes when TERM, or KILL, has worked
        auto ending = all->services().jobs->waitFor(all->context().within(15s), job->id);
        const auto ended = co_await std::move(ending);
        if (!ended)
            co_return failed(*all, ended.error());
        *result = jobToJson(*ended, all->targetName(ended->target));
    }
    if (all->json())
        printJson("job", *result);
    else if (const auto now = all->services().jobs->find(job->id); now)
        printLine(QStringLiteral("%1 %2").arg(now->id, jobSummary(*now)));
    else
        printLine(tr("%1 forgotten").arg(job->id));
    co_return 0;
}

static Task<int> runCancel(Desk &desk, Invocation invocation)
{
    auto acting
        = actOnJob(desk, QStringLiteral("job.cancel"), invocation.words.first(), QJsonObject());
    co_return co_await std::move(acting);
}

static Task<int> runForget(Desk &desk, Invocation invocation)
{
    auto acting
        = actOnJob(desk, QStringLiteral("job.forget"), invocation.words.first(), QJsonObject());
    co_return co_await std::move(acting);
}

/// "TERM", "SIGTERM", "term" or "15"; 0 = none.
static int signalNumber(const QString &text)
{
    struct Named {
        const char *name;
        int number;
    };
    static constexpr std::array names{Named{"HUP", SIGHUP}, Named{"INT", SIGINT},
        Named{"QUIT", SIGQUIT}, Named{"KILL", SIGKILL}, Named{"USR1", SIGUSR1},
        Named{"USR2", SIGUSR2}, Named{"TERM", SIGTERM}, Named{"CONT", SIGCONT},
        Named{"STOP", SIGSTOP}, Named{"TSTP", SIGTSTP}, Named{"WINCH", SIGWINCH}};
    QString name = text.toUpper();
    if (name.startsWith(QLatin1String("SIG")))
        name = name.mid(3);
    for (const auto &one : names) {
        if (name == QLatin1String(one.name))
            return one.number;
    }
    return text.toInt();
}

static Task<int> runSignal(Desk &desk, Invocation invocation)
{
    auto *all = &desk;
    const int number = signalNumber(invocation.words[1]);
    if (number < 1 || number > 64) {
        const Error error{ErrorKind::BadInput, QStringLiteral("usage"),
            tr("“%1” is no signal.").arg(invocation.words[1]), {},
            tr("Give a name such as USR1, or a number from 1 to 64.")};
        co_return failed(*all, error);
    }
    QJsonObject parameters;
    parameters.insert(QStringLiteral("signal"), number);
    auto acting
        = actOnJob(*all, QStringLiteral("job.signal"), invocation.words.first(), parameters);
    co_return co_await std::move(acting);
}

const Verb jobsVerb{"jobs", "", QT_TRANSLATE_NOOP("ctl", "list the jobs of all targets"),
    "jobs --json", 0, 0, false,
    {{"offline", nullptr,
        QT_TRANSLATE_NOOP("ctl", "contact nobody: what is known here, with its age")}},
    &runJobs,
    QT_TRANSLATE_NOOP("ctl",
        "Newest first. Asks the targets of jobs that have not ended; who cannot be reached is "
        "named on\n"
        "stderr, and his jobs are shown as last known. Times are this machine's.")};
const Verb logsVerb{"logs", "[-f] JOB", QT_TRANSLATE_NOOP("ctl", "print a job's log"),
    "logs -f train", 1, 1, false,
    {{"f", nullptr, QT_TRANSLATE_NOOP("ctl", "stay until the job has ended")},
        {"follow", nullptr, QT_TRANSLATE_NOOP("ctl", "the same")}},
    &runLogs,
    QT_TRANSLATE_NOOP("ctl",
        "The bytes as they were written. With --json one object per piece, with its offset.")};
const Verb cancelVerb{"cancel", "JOB",
    QT_TRANSLATE_NOOP("ctl", "end a job: TERM, then KILL after 10 s"), "cancel train", 1, 1, false,
    {}, &runCancel,
    QT_TRANSLATE_NOOP(
        "ctl", "Ends every process of the job. A job that has ended already stays as it is.")};
const Verb signalVerb{"signal", "JOB SIGNAL", QT_TRANSLATE_NOOP("ctl", "send a job a signal"),
    "signal train USR1", 2, 2, false, {}, &runSignal,
    QT_TRANSLATE_NOOP("ctl",
        "SIGNAL is a name or a number: USR1, SIGUSR1, 10. It goes to the job's main process.")};
const Verb forgetVerb{"forget", "JOB", QT_TRANSLATE_NOOP("ctl", "remove an ended job and its log"),
    "forget train", 1, 1, false, {}, &runForget,
    QT_TRANSLATE_NOOP("ctl",
        "Takes the job out of the list here and its files off the node. Fails while it runs.")};

} // namespace pilothouse::ctl
