// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// pilothousectl: the console's acts as commands.
#include "app/ctl/desk.h"
#include "app/ctl/output.h"
#include "app/ctl/parsing.h"
#include "app/ctl/signals.h"
#include "core/acts/exitcode.h"
#include "core/agentlink/agentchannel.h"
#include "core/session/demofleet.h"
#include "core/transport/ioloop.h"

#include <QCoreApplication>
#include <QTimer>

#include <csignal>

using namespace pilothouse;
using namespace pilothouse::ctl;

static int usageFailed(const Error &error, bool json)
{
    printError(error, json);
    return exitCode(ErrorKind::BadInput);
}

static Task<> runVerb(const Verb *verb, Desk *desk, Invocation invocation)
{
    auto running = verb->run(*desk, invocation);
    const int code = co_await std::move(running);
    QCoreApplication::exit(outputEnded().value_or(code));
}

static int run(const Verb *verb, const Invocation &invocation, const DemoFleet *demo)
{
    Desk desk;
    if (const auto opened = desk.open(invocation, demo); !opened) {
        printError(opened.error(), invocation.json);
        return verb->ownCode ? 255 : exitCode(opened.error().kind);
    }
    Signals signals_([&desk](int number) {
        if (desk.onSignal)
            desk.onSignal(number);
        else
            desk.stop();
    });
    whenOutputEnds([&desk] { desk.stop(); });
    // From the event loop, so that exit() finds it running.
    QTimer::singleShot(0, QCoreApplication::instance(),
        [verb, &desk, &invocation] { runVerb(verb, &desk, invocation); });
    return QCoreApplication::exec();
}

int main(int argc, char **argv)
{
    std::signal(SIGPIPE, SIG_IGN);
    QCoreApplication app(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("pilothousectl"));
    QCoreApplication::setApplicationVersion(QStringLiteral(PILOTHOUSE_VERSION));

    QStringList words = QCoreApplication::arguments().mid(1);
    const auto asked = DemoOptions::take(words);
    const auto command = words.mid(0, std::max<qsizetype>(0, words.indexOf(QStringLiteral("--"))));
    const bool json = (words.contains(QStringLiteral("--")) ? command : words)
                          .contains(QStringLiteral("--json"));
    const QString first = words.value(0);
    if (words.isEmpty() || first == QLatin1String("--help") || first == QLatin1String("-h")
        || first == QLatin1String("help")) {
        printLine(generalHelp());
        return words.isEmpty() ? exitCode(ErrorKind::BadInput) : 0;
    }
    if (first == QLatin1String("--version"))
        words[0] = QStringLiteral("version");
    const Verb *verb = takeVerb(words);
    if (!verb) {
        const QString nearest = nearestVerb(first);
        return usageFailed({ErrorKind::BadInput, QStringLiteral("usage"),
                               tr("There is no verb “%1”.").arg(first), {},
                               nearest.isEmpty() ? tr("pilothousectl --help lists them.")
                                                 : tr("Did you mean “%1”?").arg(nearest)},
            json);
    }
    const auto invocation = parse(*verb, words);
    if (!invocation)
        return usageFailed(invocation.error(), json);
    if (invocation->has("help")) {
        printLine(helpFor(*verb));
        return 0;
    }
    std::unique_ptr<DemoFleet> demo;
    if (asked) {
        auto started = *asked ? DemoFleet::start(**asked) : fail(asked->error());
        if (!started) {
            printError(started.error(), invocation->json);
            return exitCode(started.error().kind);
        }
        demo = std::move(*started);
    }
    const int code = run(verb, *invocation, demo.get());
    stopAgentThreads();
    IoLoop::instance().stop();
    return code;
}
