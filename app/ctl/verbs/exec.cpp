// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/desk.h"
#include "app/ctl/execends.h"
#include "app/ctl/output.h"
#include "app/ctl/verbs/verbs.h"

#include <QJsonArray>

namespace pilothouse::ctl {

static constexpr int oursFailed = 255;

static Task<int> runExec(Desk &desk, Invocation invocation)
{
    auto *all = &desk;
    const auto target = all->target(invocation.words.first());
    if (!target) {
        printError(target.error(), all->json());
        co_return oursFailed;
    }
    auto connecting = all->connectToAgent(*target);
    const auto link = co_await std::move(connecting);
    if (!link) {
        printError(link.error(), all->json());
        co_return oursFailed;
    }
    ActRequest request;
    request.target = target->id;
    request.parameters.insert(
        QStringLiteral("argv"), QJsonArray::fromStringList(invocation.words.mid(1)));
    request.parameters.insert(QStringLiteral("folder"), invocation.value("chdir"));
    if (!all->json()) // JSON holds the output itself
        request.ends = ownEnds(*all);
    auto running = all->run(QStringLiteral("exec.run"), request);
    const auto result = co_await std::move(running);
    if (!result) {
        printError(result.error(), all->json());
        co_return oursFailed;
    }
    if (all->json())
        printJson("exec", *result);
    const auto signal = result->value(QLatin1String("signal"));
    co_return signal.isNull() ? result->value(QLatin1String("exit_code")).toInt()
                              : 128 + signal.toInt();
}

const Verb execVerb{"exec", "ALIAS [OPTIONS] -- CMD...",
    QT_TRANSLATE_NOOP("ctl", "run a command there, with this program's input and output"),
    "exec lab -- tail -n 20 train.log", 2, -1, true,
    {{"chdir", "DIR", QT_TRANSLATE_NOOP("ctl", "working directory; home when left out")}}, &runExec,
    QT_TRANSLATE_NOOP("ctl",
        "Input, output and errors are passed on byte for byte, Ctrl-C as a signal. The command "
        "ends with\n"
        "this program; what shall go on belongs to “run”.")};

} // namespace pilothouse::ctl
