// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/agentlink/agentchannel.h"
#include "core/session/sockettransport.h"

#include <QProcess>
#include <QTemporaryDir>

#include <memory>

namespace pilothouse {

/// A pilothouse-sim of a test, and the console's own client on its sockets.
class RunningSim {
public:
    /// Whether it said that it is ready.
    bool start(const QStringList &arguments, const QByteArray &scenario = {})
    {
        QStringList all{QStringLiteral("--dir"), m_folder.path(), QStringLiteral("--history"),
            QStringLiteral("0"), QStringLiteral("--until-stdin-ends")};
        if (!scenario.isEmpty()) {
            QFile file(m_folder.filePath(QStringLiteral("scenario.json")));
            if (!file.open(QFile::WriteOnly) || file.write(scenario) != scenario.size())
                return false;
            all << QStringLiteral("--scenario") << file.fileName();
        }
        m_process.start(QStringLiteral(PILOTHOUSE_BUILD "/agents/pilothouse-sim"), all + arguments);
        while (!m_process.canReadLine() && m_process.waitForReadyRead(60'000)) { }
        return m_process.readLine() == "ready\n";
    }
    ~RunningSim() { stop(); }
    /// Its exit code.
    int stop()
    {
        m_process.closeWriteChannel();
        if (m_process.state() != QProcess::NotRunning && !m_process.waitForFinished(30'000))
            m_process.kill();
        return m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
    }

    QString folder() const { return m_folder.path(); }
    QString socketOf(int node) const
    {
        return m_folder.filePath(QStringLiteral("node-%1.sock").arg(node, 4, 10, QLatin1Char('0')));
    }
    /// Null when the node does not answer. Nodes count from 1, as in their names.
    std::unique_ptr<AgentClient> connectTo(int node) const
    {
        SocketTransport transport(socketOf(node));
        auto opening = transport.open(Context(), Command());
        auto opened = QCoro::waitFor(std::move(opening));
        if (!opened)
            return nullptr;
        auto greeting = awaitMagic(Context(), (*opened)->get());
        if (!QCoro::waitFor(std::move(greeting)))
            return nullptr;
        return makeAgentClient(std::move(**opened));
    }
    qint64 processId() const { return m_process.processId(); }

private:
    QTemporaryDir m_folder;
    QProcess m_process;
};

} // namespace pilothouse
