// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/output.h"
#include "app/ctl/overview.h"
#include "app/ctl/verbs/verbs.h"

#include <unistd.h>

namespace pilothouse::ctl {

static Task<int> runTop(Desk &desk, Invocation invocation)
{
    auto *all = &desk;
    const auto target = all->target(invocation.words.first());
    if (!target)
        co_return failed(*all, target.error());
    auto connecting = all->connectTo(*target);
    const auto link = co_await std::move(connecting);
    if (!link)
        co_return failed(*all, link.error());
    const bool screen = ::isatty(STDOUT_FILENO) && !all->json();
    const QString name = all->targetName(target->id);
    TakeSample take = [all, screen, name](const Sample &sample) -> Result<bool> {
        if (all->json()) {
            printJson("top", overviewToJson(name, sample));
            return true;
        }
        if (screen) // home, and clear what is below
            writeAll(STDOUT_FILENO, "\x1b[H\x1b[J");
        const auto lines = overview(name, sample);
        for (const auto &line : lines)
            printLine(line);
        return true;
    };
    if (screen)
        writeAll(STDOUT_FILENO, "\x1b[2J");
    // Where nobody watches, one is enough unless more are asked for.
    const int count = invocation.number("samples", screen ? 0 : 1);
    auto following = followSamples(*all, *link, count, std::move(take));
    const auto done = co_await std::move(following);
    if (!done && screen && done.error().kind == ErrorKind::Cancelled)
        co_return 0; // Ctrl-C is how one leaves it
    co_return done ? 0 : failed(*all, done.error());
}

const Verb topVerb{"top", "ALIAS", QT_TRANSLATE_NOOP("ctl", "watch CPU, memory and GPUs of a host"),
    "top lab", 1, 1, false, {{"samples", "N", QT_TRANSLATE_NOOP("ctl", "end after so many")}},
    &runTop,
    QT_TRANSLATE_NOOP("ctl",
        "On a terminal it stays until Ctrl-C; elsewhere it prints one overview, or N with "
        "--samples N.\nA host without an agent gives basics by plain commands, every 2 s.")};

} // namespace pilothouse::ctl
