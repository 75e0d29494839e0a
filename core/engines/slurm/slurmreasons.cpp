// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/slurm/slurmreasons.h"

#include <QCoreApplication>

#include <csignal>

namespace pilothouse {

static QString tr(const char *text)
{
    return QCoreApplication::translate("slurm", text);
}

namespace {

/// Reasons that begin so; the longest first where one begins like another.
struct Known {
    const char *begins;
    WhyCategory category;
    const char *sentence, *next;
};

using enum WhyCategory;
constexpr Known known[] = {
    {"None", Starting, QT_TRANSLATE_NOOP("slurm", "The scheduler has not looked at it yet."),
        QT_TRANSLATE_NOOP("slurm", "Look again in a few seconds.")},
    {"Prolog", Starting, QT_TRANSLATE_NOOP("slurm", "Its nodes are being prepared."), ""},
    {"Cleaning", Starting,
        QT_TRANSLATE_NOOP("slurm", "Its last attempt is still being cleaned up."), ""},
    {"BootFail", NodeFailed, QT_TRANSLATE_NOOP("slurm", "A node did not boot for it."), ""},
    {"Resources", Resources,
        QT_TRANSLATE_NOOP("slurm", "What it asks for is in use by other jobs; it is next in line."),
        QT_TRANSLATE_NOOP("slurm",
            "Wait, or ask for less: fewer GPUs, or a shorter time limit that "
            "fits into a gap.")},
    {"Priority", Priority,
        QT_TRANSLATE_NOOP("slurm", "Jobs with a higher priority wait for the same resources."),
        QT_TRANSLATE_NOOP("slurm",
            "Wait, or give it a shorter time limit so that it fits into a "
            "gap.")},
    {"DependencyNeverSatisfied", Dependency,
        QT_TRANSLATE_NOOP("slurm", "A job it waits for ended in a way that never lets it start."),
        QT_TRANSLATE_NOOP("slurm", "Cancel it, and launch it again after the other one.")},
    {"Dependency", Dependency, QT_TRANSLATE_NOOP("slurm", "It waits for another job."),
        QT_TRANSLATE_NOOP("slurm", "Look at the job it waits for.")},
    {"JobHeldUser", Held, QT_TRANSLATE_NOOP("slurm", "Its owner holds it back."),
        QT_TRANSLATE_NOOP("slurm", "Release it.")},
    {"JobHeldAdmin", Held, QT_TRANSLATE_NOOP("slurm", "An administrator holds it back."),
        QT_TRANSLATE_NOOP("slurm", "Ask the cluster's administrators.")},
    {"JobHoldMaxRequeue", Held,
        QT_TRANSLATE_NOOP("slurm", "It was started again too often and is held now."),
        QT_TRANSLATE_NOOP("slurm", "Find out why it fails, then release it.")},
    {"JobLaunchFailure", NodeFailed, QT_TRANSLATE_NOOP("slurm", "Slurm could not start it."),
        QT_TRANSLATE_NOOP("slurm", "Look at the state of its nodes.")},
    {"BeginTime", Time, QT_TRANSLATE_NOOP("slurm", "It is not to begin before a certain time."),
        QT_TRANSLATE_NOOP("slurm", "Wait, or change its begin time.")},
    {"ReservationDeleted", Time, QT_TRANSLATE_NOOP("slurm", "Its reservation is gone."),
        QT_TRANSLATE_NOOP("slurm", "Launch it again without the reservation.")},
    {"Reservation", Time, QT_TRANSLATE_NOOP("slurm", "Its reservation has not begun."), ""},
    {"Deadline", Time, QT_TRANSLATE_NOOP("slurm", "It can no longer end before its deadline."), ""},
    {"PartitionDown", Nodes, QT_TRANSLATE_NOOP("slurm", "Its partition starts no jobs now (DOWN)."),
        QT_TRANSLATE_NOOP("slurm", "Choose another partition, or wait until it is up.")},
    {"PartitionInactive", Nodes,
        QT_TRANSLATE_NOOP("slurm", "Its partition takes no jobs now (INACTIVE)."),
        QT_TRANSLATE_NOOP("slurm", "Choose another partition.")},
    {"PartitionTimeLimit", Limit,
        QT_TRANSLATE_NOOP("slurm", "Its time limit is longer than its partition allows."),
        QT_TRANSLATE_NOOP("slurm", "Give it a shorter time limit, or choose another partition.")},
    {"PartitionNodeLimit", TooLarge,
        QT_TRANSLATE_NOOP("slurm", "It asks for a number of nodes that its partition never gives."),
        QT_TRANSLATE_NOOP("slurm", "Ask for fewer nodes, or choose another partition.")},
    {"PartitionConfig", TooLarge,
        QT_TRANSLATE_NOOP("slurm", "It asks for more than its partition has."),
        QT_TRANSLATE_NOOP("slurm", "Ask for less, or choose another partition.")},
    {"BadConstraints", TooLarge, QT_TRANSLATE_NOOP("slurm", "No node has what it asks for."),
        QT_TRANSLATE_NOOP("slurm", "Ask for less, or for other features or GPUs.")},
    {"ReqNodeNotAvail", Nodes,
        QT_TRANSLATE_NOOP("slurm", "Nodes that it needs are down, drained or reserved."),
        QT_TRANSLATE_NOOP("slurm", "Take the nodes out of its request, or wait for them.")},
    {"Nodes_required", Nodes,
        QT_TRANSLATE_NOOP("slurm", "Nodes that it needs are down, drained or reserved."),
        QT_TRANSLATE_NOOP("slurm", "Ask the cluster's administrators about these nodes.")},
    {"NodeDown", Nodes, QT_TRANSLATE_NOOP("slurm", "A node that it needs is down."), ""},
    {"FrontEndDown", Nodes, QT_TRANSLATE_NOOP("slurm", "No front-end node is up."), ""},
    {"JobArrayTaskLimit", Limit,
        QT_TRANSLATE_NOOP("slurm", "As many tasks of its array run as it allows itself."),
        QT_TRANSLATE_NOOP("slurm", "Raise the number behind % of the array, or wait.")},
    {"InvalidAccount", Denied, QT_TRANSLATE_NOOP("slurm", "Its account is not valid."),
        QT_TRANSLATE_NOOP("slurm", "Choose another account.")},
    {"AccountNotAllowed", Denied,
        QT_TRANSLATE_NOOP("slurm", "Its account may not use this partition."),
        QT_TRANSLATE_NOOP("slurm", "Choose another account or partition.")},
    {"InvalidQOS", Denied, QT_TRANSLATE_NOOP("slurm", "Its QOS is not valid."),
        QT_TRANSLATE_NOOP("slurm", "Choose another QOS.")},
    {"QOSNotAllowed", Denied, QT_TRANSLATE_NOOP("slurm", "Its QOS may not use this partition."),
        QT_TRANSLATE_NOOP("slurm", "Choose another QOS or partition.")},
    {"Licenses", Resources, QT_TRANSLATE_NOOP("slurm", "A licence that it needs is in use."), ""},
    {"BurstBuffer", Resources, QT_TRANSLATE_NOOP("slurm", "It waits for its burst buffer."), ""},
    {"QOS", Limit, QT_TRANSLATE_NOOP("slurm", "A limit of its QOS is reached."),
        QT_TRANSLATE_NOOP("slurm", "Wait until others of these jobs end, or choose another QOS.")},
    {"Assoc", Limit, QT_TRANSLATE_NOOP("slurm", "A limit of its account or user is reached."),
        QT_TRANSLATE_NOOP(
            "slurm", "Wait until others of these jobs end, or choose another account.")},
    {"Max", Limit, QT_TRANSLATE_NOOP("slurm", "A limit of its account or QOS is reached."),
        QT_TRANSLATE_NOOP("slurm", "Wait until others of these jobs end.")},
    {"Grp", Limit, QT_TRANSLATE_NOOP("slurm", "A limit of its account or QOS is reached."),
        QT_TRANSLATE_NOOP("slurm", "Wait until others of these jobs end.")},
};

QString signalWords(int signal)
{
    switch (signal) {
    case SIGKILL:
        return tr("It was killed (signal 9): often by the kernel, when memory ran out.");
    case SIGSEGV:
        return tr("It crashed on a bad memory access (signal 11).");
    case SIGABRT:
        return tr("It ended itself (signal 6): the log says why.");
    case SIGBUS:
        return tr("It crashed on a bus error (signal 7): often a full /dev/shm.");
    default:
        return tr("It was ended by signal %1.").arg(signal);
    }
}

QString codeWords(int code)
{
    if (code == 126)
        return tr("A command could not be executed (exit code 126): is it a program?");
    if (code == 127)
        return tr("A command was not found (exit code 127): is its module or environment loaded?");
    if (code > 128 && code < 128 + 65)
        return signalWords(code - 128);
    return tr("It ended with exit code %1.").arg(code);
}

} // namespace

Explanation explainSlurmReason(const QString &reason)
{
    Explanation why;
    const QString word = reason.isEmpty() ? QStringLiteral("None") : reason;
    for (const auto &one : known) {
        if (!word.startsWith(QLatin1String(one.begins)))
            continue;
        why.category = one.category;
        why.sentence = tr(one.sentence);
        why.next = *one.next ? tr(one.next) : QString();
        return why;
    }
    if (word.contains(
            QLatin1String("held"), Qt::CaseInsensitive)) { // "launch failed requeued held"
        why.category = Held;
        why.sentence = tr("It is held: %1.").arg(word);
        why.next = tr("Find out why it could not start, then release it.");
        return why;
    }
    why.sentence = tr("Slurm gives \"%1\" as the reason.").arg(word);
    return why;
}

Explanation explainSlurmEnd(const SlurmRecord &record)
{
    Explanation why;
    const QString &state = record.state;
    if (state == QLatin1String("OUT_OF_MEMORY")) {
        why.category = OutOfMemory;
        why.sentence = tr("It used more memory than it had asked for.");
        why.next = tr("Ask for more memory, or let it use less.");
    } else if (state == QLatin1String("TIMEOUT") || state == QLatin1String("DEADLINE")) {
        why.category = TimedOut;
        why.sentence = state == QLatin1String("TIMEOUT")
            ? tr("Its time limit was over before it had ended.")
            : tr("Its deadline was over before it had ended.");
        why.next = tr("Give it more time, or let it go on from its last checkpoint.");
    } else if (state == QLatin1String("NODE_FAIL") || state == QLatin1String("BOOT_FAIL")
        || state == QLatin1String("LAUNCH_FAILED")) {
        why.category = NodeFailed;
        why.sentence = tr("One of its nodes failed.");
        why.next = tr("Start it again; look at the state of its nodes.");
    } else if (state == QLatin1String("PREEMPTED")) {
        why.category = Preempted;
        why.sentence = tr("A job with more rights took its place.");
        why.next = tr("Start it again: it goes on from its last checkpoint if it keeps any.");
    } else if (state == QLatin1String("CANCELLED") || state == QLatin1String("REVOKED")) {
        why.category = Cancelled;
        why.sentence = tr("It was cancelled.");
    } else if (record.reason == QLatin1String("BadConstraints")
        // Also said of a script that a signal ended: then it was started all right.
        || (record.reason == QLatin1String("JobLaunchFailure") && !record.signal)) {
        why = explainSlurmReason(record.reason);
    } else {
        why.category = Program;
        why.sentence = record.signal ? signalWords(*record.signal)
            : record.exitCode        ? codeWords(*record.exitCode)
                                     : tr("It failed; Slurm gives no exit code.");
        why.next = tr("Read the end of its log.");
    }
    return why;
}

} // namespace pilothouse
