// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/why.h"

#include <QCoreApplication>

#include <csignal>
#include <cstring>

namespace pilothouse {

static QString tr(const char *text)
{
    return QCoreApplication::translate("why", text);
}

static Explanation bySignal(int signal)
{
    Explanation why;
    why.category = WhyCategory::Program;
    const char *name = sigabbrev_np(signal);
    const QString shown
        = name ? QStringLiteral("SIG%1").arg(QLatin1String(name)) : QString::number(signal);
    switch (signal) {
    case SIGKILL:
        why.sentence
            = tr("It was killed (SIGKILL): by somebody, or by the kernel for want of memory.");
        why.next = tr("Look at its memory and at the node's kernel lines around its end.");
        break;
    case SIGSEGV:
    case SIGBUS:
    case SIGILL:
    case SIGFPE:
    case SIGABRT:
        why.sentence = tr("It crashed (%1).").arg(shown);
        why.next
            = tr("The last lines of its log say where; native crashes are often a library that "
                 "does not fit the driver or the processor.");
        break;
    case SIGTERM:
    case SIGINT:
    case SIGHUP:
        why.category = WhyCategory::Cancelled;
        why.sentence = tr("It was told to end (%1).").arg(shown);
        break;
    default:
        why.sentence = tr("A signal ended it (%1).").arg(shown);
    }
    return why;
}

Explanation explainEnd(std::optional<int> exitCode, std::optional<int> signal)
{
    if (signal && *signal != 0)
        return bySignal(*signal);
    Explanation why;
    if (!exitCode)
        return why;
    why.category = WhyCategory::Program;
    if (*exitCode > 128 && *exitCode <= 128 + 64)
        return bySignal(*exitCode - 128);
    switch (*exitCode) {
    case 0:
        why.sentence = tr("It ended well.");
        break;
    case 126:
        why.sentence = tr("Its program could not be executed (exit code 126).");
        why.next = tr("Check that it is a program for this machine and has the right to execute.");
        break;
    case 127:
        why.sentence = tr("Its program was not found (exit code 127).");
        why.next = tr("Check its path, and that its environment is loaded where it runs.");
        break;
    default:
        why.sentence = tr("The program ended with exit code %1.").arg(*exitCode);
        why.next = tr("The last lines of its log say why.");
    }
    return why;
}

static QString raw(const std::optional<int> &value)
{
    return value ? QString::number(*value) : QString();
}

Explanation explainOwn(const Job &job)
{
    Explanation why;
    const auto quote = [&](const char *field, const QString &value) {
        if (!value.isEmpty())
            why.evidence << Explanation::Evidence{
                QStringLiteral("agent"), QString::fromLatin1(field), value};
    };
    switch (job.state) {
    case JobState::Queued:
        why.category = WhyCategory::Starting;
        why.sentence = tr("Its node has not said yet that it started.");
        break;
    case JobState::Running:
        why.category = WhyCategory::Running;
        why.sentence = tr("It runs.");
        break;
    case JobState::Succeeded:
    case JobState::Failed:
        why = explainEnd(job.exitCode, job.signal);
        if (why.sentence.isEmpty())
            why.sentence
                = job.reason.isEmpty() ? tr("It failed; nothing more is known.") : job.reason;
        break;
    case JobState::Cancelled:
        why.category = WhyCategory::Cancelled;
        why.sentence = tr("It was cancelled.");
        break;
    case JobState::Lost:
        why.category = WhyCategory::NodeFailed;
        why.sentence = tr("Its node went down or restarted while it ran.");
        why.next = tr("Run it again; look at the node's kernel lines first.");
        break;
    case JobState::Unknown:
        why.sentence = tr("What became of it is not known.");
        break;
    }
    quote("state", jobStateName(job.state));
    quote("exit_code", raw(job.exitCode));
    quote("signal", raw(job.signal));
    quote("reason", job.reason);
    return why;
}

} // namespace pilothouse
