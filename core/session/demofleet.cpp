// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/demofleet.h"

#include "core/base/paths.h"
#include "core/session/sockettransport.h"

#include <QCoreApplication>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <sys/resource.h>

namespace pilothouse {

static QString tr(const char *text)
{
    return QCoreApplication::translate("demo", text);
}

static auto failed(ErrorKind kind, const QString &message, const QString &cause = {})
{
    return fail({kind, QStringLiteral("demo"), message, cause, {}});
}

Result<DemoOptions> DemoOptions::parse(const QString &text)
{
    DemoOptions options;
    const auto parts = text.split(QLatin1Char(','), Qt::SkipEmptyParts);
    for (const auto &part : parts) {
        const QString key = part.section(QLatin1Char('='), 0, 0);
        const QString value = part.section(QLatin1Char('='), 1);
        bool good = !value.isEmpty();
        if (key == QLatin1String("nodes"))
            options.nodes = value.toInt(&good);
        else if (key == QLatin1String("gpus"))
            options.gpus = value.toInt(&good);
        else if (key == QLatin1String("history"))
            options.history = value.toInt(&good);
        else if (key == QLatin1String("seed"))
            options.seed = value.toULongLong(&good);
        else if (key == QLatin1String("time-factor"))
            options.timeFactor = value.toDouble(&good);
        else if (key == QLatin1String("scenario"))
            options.scenario = value;
        else if (key == QLatin1String("folder"))
            options.folder = value;
        else
            good = false;
        if (!good)
            return failed(ErrorKind::BadInput, tr("“%1” says nothing to --demo.").arg(part));
    }
    return options;
}

std::optional<Result<DemoOptions>> DemoOptions::take(QStringList &words)
{
    const QString plain = QStringLiteral("--demo"), with = plain + QLatin1Char('=');
    for (qsizetype i = 0; i < words.size() && words[i] != QLatin1String("--"); ++i) {
        if (words[i] != plain && !words[i].startsWith(with))
            continue;
        return parse(words.takeAt(i).mid(with.size()));
    }
    return std::nullopt;
}

Result<std::unique_ptr<DemoFleet>> DemoFleet::start(const DemoOptions &options)
{
    std::unique_ptr<DemoFleet> fleet(new DemoFleet);
    if (!fleet->m_temporary.isValid())
        return failed(ErrorKind::NoSpace, tr("No temporary folder can be made for the demo."),
            fleet->m_temporary.errorString());
    // A descriptor for each node, and the usual limit is 1,024.
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    QString folder = options.folder;
    if (folder.isEmpty()) {
        folder = fleet->m_temporary.filePath(QStringLiteral("fleet"));
        if (const auto running = fleet->run(options); !running)
            return fail(running.error());
    }
    if (const auto read = fleet->readFleet(folder); !read)
        return fail(read.error());
    paths::setRoot(fleet->folder());
    return fleet;
}

Result<> DemoFleet::run(const DemoOptions &options)
{
    const QString program = paths::bundled(QStringLiteral("pilothouse-sim"));
    if (program.isEmpty())
        return failed(ErrorKind::NotFound, tr("This installation has no pilothouse-sim."));
    QStringList arguments{QStringLiteral("--until-stdin-ends"), QStringLiteral("--dir"),
        m_temporary.filePath(QStringLiteral("fleet"))};
    if (!options.scenario.isEmpty())
        arguments << QStringLiteral("--scenario") << options.scenario;
    const auto add = [&](const char *name, const QString &value) {
        arguments << QLatin1String(name) << value;
    };
    const DemoOptions usual;
    if (options.scenario.isEmpty() || options.nodes != usual.nodes)
        add("--nodes", QString::number(options.nodes));
    if (options.scenario.isEmpty() || options.gpus != usual.gpus)
        add("--gpus", QString::number(options.gpus));
    if (options.scenario.isEmpty() || options.seed != usual.seed)
        add("--seed", QString::number(options.seed));
    if (options.scenario.isEmpty() || options.timeFactor != usual.timeFactor)
        add("--time-factor", QString::number(options.timeFactor));
    add("--history", QString::number(options.history));
    m_process.setProcessChannelMode(QProcess::SeparateChannels);
    m_process.start(program, arguments);
    while (!m_process.canReadLine()) {
        if (!m_process.waitForReadyRead(30'000))
            break;
    }
    if (m_process.readLine().trimmed() == "ready")
        return {};
    m_process.kill();
    m_process.waitForFinished();
    const QString said = QString::fromUtf8(m_process.readAllStandardError()).trimmed();
    return failed(ErrorKind::Internal, tr("The simulated fleet does not start."),
        said.isEmpty() ? m_process.errorString() : said);
}

Result<> DemoFleet::readFleet(const QString &folder)
{
    QFile file(folder + QStringLiteral("/fleet.json"));
    if (!file.open(QFile::ReadOnly))
        return failed(ErrorKind::NotFound, tr("There is no running fleet in this folder."),
            file.fileName() + QStringLiteral(": ") + file.errorString());
    const auto nodes
        = QJsonDocument::fromJson(file.readAll()).object().value(QLatin1String("nodes")).toArray();
    for (const auto &value : nodes) {
        const auto node = value.toObject();
        Target target;
        target.name = node.value(QLatin1String("name")).toString();
        target.id = QStringLiteral("sim:") + target.name;
        target.kind = TargetKind::Simulated;
        target.origin = tr("simulated");
        target.group = node.value(QLatin1String("cluster")).toString();
        target.host = folder + QLatin1Char('/') + node.value(QLatin1String("socket")).toString();
        m_targets << target;
    }
    if (m_targets.isEmpty())
        return failed(ErrorKind::BadReply, tr("The fleet in this folder has no node."), folder);
    return {};
}

DemoFleet::~DemoFleet()
{
    m_process.closeWriteChannel();
    if (m_process.state() != QProcess::NotRunning && !m_process.waitForFinished(3000)) {
        m_process.kill();
        m_process.waitForFinished();
    }
    paths::setRoot({});
}

static Task<Result<Connected>> connectSimulated(
    Context, Target target, Prompter *, StageSink report)
{
    StageReport resolved;
    resolved.stage = Stage::Resolve;
    resolved.state = StageState::Done;
    resolved.result = tr("a socket of this machine");
    report(resolved);
    Connected connected;
    connected.transport = std::make_shared<SocketTransport>(target.host);
    connected.why = tr("simulated: a socket of this machine");
    connected.summary = tr("%1, simulated").arg(target.name);
    co_return connected;
}

Connector DemoFleet::connector()
{
    return &connectSimulated;
}

} // namespace pilothouse
