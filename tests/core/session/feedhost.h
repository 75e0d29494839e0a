// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/telemetryservice.h"
#include "core/session/workspace.h"
#include "core/telemetry/store.h"
#include "core/transport/localtransport.h"
#include "tests/support/liveagent.h"
#include "tests/support/seededring.h"

#include <QDateTime>

namespace pilothouse {

/// A console in small: workspace, store and telemetry service, with this machine as its target and
/// an agent home of its own.
class FeedHost {
public:
    FeedHost()
    {
        openStore();
        m_workspace = std::make_unique<Workspace>(
            m_folder.filePath(QStringLiteral("workspace.db")), nullptr);
        if (!m_workspace->load())
            qFatal("workspace");
        m_workspace->setDeployer(&deploy);
        m_workspace->setConnector(
            [this](Context context, Target target, Prompter *prompter, StageSink report) {
                return connectWhenUp(this, context, std::move(target), prompter, std::move(report));
            });
    }

    AgentHome home;
    bool up = true; ///< false: attempts to connect fail

    Workspace &workspace() { return *m_workspace; }
    Session &session() { return *m_workspace->session(QStringLiteral("local")); }
    TelemetryStore &store() { return *m_store; }
    TelemetryService &service() { return *m_service; }
    void startService()
    {
        m_service = std::make_unique<TelemetryService>(m_workspace.get(), m_store.get());
    }
    Result<std::shared_ptr<const Link>> open() { return QCoro::waitFor(session().open(Context())); }
    /// The process ends and another begins: everything but the files is new.
    void restartConsole()
    {
        closeStore();
        openStore();
    }
    QString folder() const { return m_folder.path(); } ///< workspace.db and the store's
    QString storeFolder() const { return m_folder.filePath(QStringLiteral("telemetry")); }
    void closeStore()
    {
        session().disconnect();
        m_service.reset();
        m_store.reset();
    }
    void reopenStore() { openStore(); }

    /// Columns of a node's series over [from, to), Unix ms; from disk too.
    std::vector<Column> columns(const QString &metric, qint64 from, qint64 to, int count)
    {
        SeriesDescription description;
        description.key = {QStringLiteral("local"), {}, metric};
        const auto id = m_store->series(description);
        if (!QCoro::waitFor(m_store->flush()))
            return {};
        const auto curves = QCoro::waitFor(m_store->query(Context(), {id}, from, to, count));
        return curves && curves->size() == 1 ? curves->front().columns : std::vector<Column>();
    }
    Column column(const QString &metric, qint64 from, qint64 to)
    {
        return columns(metric, from, to, 1).at(0);
    }

private:
    void openStore()
    {
        auto opened = TelemetryStore::openFolder(storeFolder());
        if (!opened)
            qFatal("store");
        m_store = std::move(*opened);
    }
    static Task<Result<QString>> deploy(Context context, Target,
        std::shared_ptr<Transport> transport, HostProbe probe, AgentBinary binary,
        Progress progress)
    {
        auto deployed = deployAgent(context, PermitForTests::make(), std::move(transport),
            std::move(probe), std::move(binary), std::move(progress));
        co_return co_await std::move(deployed);
    }
    static Task<Result<Connected>> connectWhenUp(
        FeedHost *host, Context context, Target target, Prompter *prompter, StageSink report)
    {
        if (!host->up)
            co_return fail(Error{ErrorKind::Unreachable, QStringLiteral("tcp"),
                QStringLiteral("It is down."), {}, {}});
        auto connecting = connectTransport(context, std::move(target), prompter, std::move(report));
        co_return co_await std::move(connecting);
    }

    QTemporaryDir m_folder;
    std::unique_ptr<TelemetryStore> m_store;
    std::unique_ptr<Workspace> m_workspace;
    std::unique_ptr<TelemetryService> m_service;
};

/// Everything in the 1 s part of the agent's ring, and live ticks as they come.
class RingReader {
public:
    explicit RingReader(AgentClient &agent)
    {
        TelemetryHandlers handlers;
        handlers.catalogue = [this](const AgentCatalogue &catalogue) { m_catalogue = catalogue; };
        handlers.ticks = [this](const std::vector<AgentTick> &ticks, qint64, qint64) {
            m_ticks.insert(m_ticks.end(), ticks.begin(), ticks.end());
        };
        handlers.ended = [](const Error &) {};
        m_stream = agent.subscribe({}, 0, std::move(handlers));
    }
    const std::vector<AgentTick> &ticks() const { return m_ticks; }
    quint64 newest() const { return m_ticks.empty() ? 0 : m_ticks.back().number; }
    /// The node-wide series' value in a tick, NaN = none.
    double value(const AgentTick &tick, const QString &metric) const
    {
        for (qsizetype i = 0; i < m_catalogue.series.size(); ++i) {
            const auto &series = m_catalogue.series[i];
            if (series.metric == metric && series.device.isEmpty()
                && i < qsizetype(tick.values.size()))
                return tick.values[std::size_t(i)];
        }
        return qQNaN();
    }

private:
    AgentCatalogue m_catalogue;
    std::vector<AgentTick> m_ticks;
    std::unique_ptr<AgentStream> m_stream;
};

} // namespace pilothouse
