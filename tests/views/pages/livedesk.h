// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/acts/actrunner.h"
#include "core/acts/services.h"
#include "core/jobs/jobservice.h"
#include "core/jobs/ledger.h"
#include "core/session/telemetryservice.h"
#include "core/session/workspace.h"
#include "core/telemetry/store.h"
#include "tests/support/agenthome.h"
#include "views/acts/runneracts.h"
#include "views/feed/workspacefeed.h"
#include "views/pages/page.h"

#include <QCoroTask>
#include <QJsonArray>
#include <QLabel>
#include <QTest>

#include <algorithm>

namespace pilothouse {

/// A whole console below its window, on the real agent of a home of its own: what pages get from
/// the window is written down in `opened` and `openedJobs`.
struct LiveDesk {
    LiveDesk()
    {
        qputenv("PILOTHOUSE_SSH_CONFIG", home.path(QStringLiteral("no-config")).toUtf8());
        workspace = std::make_unique<Workspace>(home.path(QStringLiteral("workspace.db")), nullptr);
        good = bool(workspace->load());
        store = std::move(*TelemetryStore::openFolder(home.path(QStringLiteral("telemetry"))));
        telemetry = std::make_unique<TelemetryService>(workspace.get(), store.get());
        ledger = std::move(*Ledger::openFile(home.path(QStringLiteral("ledger.db"))));
        jobs = std::make_unique<JobService>(workspace.get(), ledger.get());
        services.workspace = workspace.get();
        services.store = store.get();
        services.telemetry = telemetry.get();
        services.ledger = ledger.get();
        services.jobs = jobs.get();
        runner = std::make_unique<ActRunner>(services);
        services.runner = runner.get();
        port = std::make_unique<RunnerActs>(runner.get());
        feed = std::make_unique<WorkspaceFeed>(workspace.get(), telemetry.get());
        acts = new ActMenu(
            port.get(), [this](const QString &id) { return feed->targetName(id); }, &window);
        QObject::connect(feed.get(), &TargetFeed::statusChanged, acts, &ActMenu::refresh);
        context.services = &services;
        context.feed = feed.get();
        context.acts = acts;
        context.range = &range;
        context.openTarget
            = [this](const QString &target, const QString &tab) { opened << target + u'/' + tab; };
        context.openPage = [this](const QString &page) { opened << page; };
        context.openJob = [this](const QString &job) { openedJobs << job; };
    }
    ~LiveDesk()
    {
        if (auto *session = workspace->session(local))
            session->disconnect();
        // Programs keep their services until the last act has ended, and so must this.
        const auto ended = [this] {
            const auto all = runner->activities();
            return std::none_of(
                all.begin(), all.end(), [](const Activity &one) { return one.running(); });
        };
        if (!QTest::qWaitFor(ended, 60'000))
            qFatal("an act does not end");
    }

    /// Deploys and opens the agent of this machine. Why not; empty when it is open.
    QString connectHere()
    {
        const auto link = QCoro::waitFor(workspace->session(local)->open(Context()));
        return link ? (*link)->without : link.error().message + link.error().cause;
    }
    /// A page that gets what changes of `target`, as the window would pass it on.
    void watch(TargetPage *page, const QString &target)
    {
        QObject::connect(feed.get(), &TargetFeed::statusChanged, page, [this, page, target] {
            if (const auto status = feed->status(target))
                page->refresh(*status);
        });
    }
    Result<QJsonObject> run(const char *act, const QString &subject, const QJsonObject &parameters)
    {
        ActRequest request;
        request.target = local;
        request.subject = subject;
        request.parameters = parameters;
        return QCoro::waitFor(runner->run(Context(), QString::fromLatin1(act), request));
    }

    const QString local = QStringLiteral("local");
    AgentHome home;
    bool good = false;
    QWidget window;
    std::unique_ptr<Workspace> workspace;
    std::unique_ptr<TelemetryStore> store;
    std::unique_ptr<TelemetryService> telemetry;
    std::unique_ptr<Ledger> ledger;
    std::unique_ptr<JobService> jobs;
    Services services;
    std::unique_ptr<ActRunner> runner;
    std::unique_ptr<RunnerActs> port;
    std::unique_ptr<WorkspaceFeed> feed;
    ActMenu *acts = nullptr;
    TimeRange range;
    PageContext context;
    QStringList opened, openedJobs;
};

} // namespace pilothouse
