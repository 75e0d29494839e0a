// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/recorded.h"

#include "core/jobs/jobjson.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>

namespace pilothouse {

QJsonObject readRecording(const QString &file)
{
    QFile text(file);
    if (!text.open(QIODevice::ReadOnly))
        return {};
    return QJsonDocument::fromJson(text.readAll()).object();
}

static std::optional<Error> errorOf(const QJsonValue &value)
{
    if (!value.isObject())
        return {};
    const auto text = [&](const char *key) { return value[QLatin1String(key)].toString(); };
    Error error;
    for (int i = 0; i <= int(ErrorKind::Internal); ++i) {
        if (errorKindName(ErrorKind(i)) == text("kind"))
            error.kind = ErrorKind(i);
    }
    error.stage = text("stage");
    error.message = text("message");
    error.cause = text("cause");
    error.next = text("next");
    return error;
}

static StageReport stageOf(const QJsonArray &row, const std::optional<Error> &error)
{
    static const QStringList states{"waiting", "running", "done", "failed", "skipped"};
    StageReport report;
    for (int i = 0; i <= int(Stage::FirstSample); ++i) {
        if (stageId(Stage(i)) == row.at(0).toString())
            report.stage = Stage(i);
    }
    report.state = StageState(states.indexOf(row.at(1).toString()));
    report.milliseconds = row.at(2).toInt();
    report.result = row.at(3).toString();
    report.hop = row.at(4).toString();
    report.progress = row.at(5).toDouble(-1);
    if (report.state == StageState::Failed)
        report.error = error;
    return report;
}

static TargetStatus statusOf(const QJsonObject &row, qint64 now)
{
    const auto text = [&](const char *key) { return row.value(QLatin1String(key)).toString(); };
    const auto ago = [&](const char *key) {
        const auto value = row.value(QLatin1String(key));
        return value.isDouble() ? now - qint64(value.toDouble()) : 0;
    };
    TargetStatus status;
    auto &target = status.target;
    target.id = text("id");
    target.name = text("name");
    target.origin = text("origin");
    target.group = text("group");
    target.favourite = row.value(QLatin1String("favourite")).toBool();
    if (text("kind") == QStringLiteral("local"))
        target.kind = TargetKind::Local;
    else if (text("kind") == QStringLiteral("manual"))
        target.kind = TargetKind::SshManual;
    for (const auto one : {Protection::Open, Protection::Protected, Protection::ReadOnly}) {
        if (protectionName(one) == text("protection"))
            target.protection = one;
    }
    for (const auto one : {TargetState::NotOpened, TargetState::Connecting, TargetState::Connected,
             TargetState::Stale, TargetState::Failed}) {
        if (targetStateName(one) == text("state"))
            status.state = one;
    }
    status.error = errorOf(row.value(QLatin1String("error")));
    const auto stages = row.value(QLatin1String("stages")).toArray();
    for (const auto &stage : stages)
        status.stages << stageOf(stage.toArray(), status.error);
    status.summary = text("summary");
    status.transportWhy = text("transport_why");
    status.agentVersion = text("agent_version");
    status.gpus = row.value(QLatin1String("gpus")).toInt(-1);
    status.cpus = row.value(QLatin1String("cpus")).toInt(-1);
    status.seenAt = ago("seen_ago");
    status.changedAt = ago("changed_ago");
    if (row.contains(QLatin1String("next_in")))
        status.nextAttemptAt = now + row.value(QLatin1String("next_in")).toInt();
    return status;
}

/// Rows of [pid, user, command, job, cores, bytes, [device, bytes] ...].
static QList<Process> processesOf(const QJsonArray &rows)
{
    QList<Process> all;
    for (const auto &value : rows) {
        const auto row = value.toArray();
        Process process;
        process.pid = quint32(row.at(0).toInt());
        process.user = row.at(1).toString();
        process.command = row.at(2).toString();
        process.job = row.at(3).toString();
        process.cpuRatio = row.at(4).toDouble();
        process.memoryBytes = quint64(row.at(5).toDouble());
        for (int i = 6; i < row.size(); ++i) {
            GpuUse use;
            use.device = row.at(i).toArray().at(0).toString();
            use.memoryBytes = quint64(row.at(i).toArray().at(1).toDouble());
            use.memoryKnown = true;
            process.gpus << use;
        }
        all << process;
    }
    return all;
}

RecordedFeed::RecordedFeed(const QJsonObject &recording)
    : m_label(recording.value(QLatin1String("label")).toString())
    , m_now(qint64(recording.value(QLatin1String("now")).toDouble()))
{
    const auto rows = recording.value(QLatin1String("targets")).toArray();
    for (const auto &row : rows)
        m_targets << statusOf(row.toObject(), m_now);
    const auto nodes = recording.value(QLatin1String("nodes")).toObject();
    for (auto it = nodes.begin(); it != nodes.end(); ++it) {
        const auto node = it->toObject();
        auto facts = factsFromJson(node);
        const auto ago
            = [&](const char *key) { return qint64(node.value(QLatin1String(key)).toDouble()); };
        facts.heardAt = m_now - ago("heard_ago");
        facts.live = node.value(QLatin1String("live")).toBool();
        facts.node.boottimeNs = ago("up_ms") * 1'000'000;
        facts.node.wallNs = facts.heardAt * 1'000'000;
        if (node.contains(QLatin1String("agent_up_ms")))
            facts.node.startedNs = facts.node.wallNs - ago("agent_up_ms") * 1'000'000;
        m_facts.insert(it.key(), facts);
        m_processes.insert(it.key(), processesOf(node.value(QLatin1String("processes")).toArray()));
    }
}

std::shared_ptr<const Link> RecordedFeed::link(const QString &id) const
{
    return m_links ? m_links->link(id) : nullptr;
}

std::optional<KnownFacts> RecordedFeed::facts(const QString &id) const
{
    const auto found = m_facts.constFind(id);
    return found == m_facts.constEnd() ? std::nullopt : std::optional(*found);
}

Task<Result<QList<Process>>> RecordedFeed::processes(Context, QString id)
{
    co_return m_processes.value(id);
}

std::optional<TargetStatus> RecordedFeed::status(const QString &id) const
{
    for (const auto &one : m_targets) {
        if (one.target.id == id)
            return one;
    }
    return {};
}

void RecordedFeed::replace(const QList<TargetStatus> &targets)
{
    m_targets = targets;
    Q_EMIT targetsChanged();
}

RecordedActs::RecordedActs(const QJsonObject &recording)
{
    const auto now = qint64(recording.value(QLatin1String("now")).toDouble());
    const auto rows = recording.value(QLatin1String("activities")).toArray();
    for (const auto &value : rows) {
        const auto row = value.toObject();
        const auto number
            = [&](const char *key) { return qint64(row.value(QLatin1String(key)).toDouble()); };
        Activity activity;
        activity.id = QString::number(m_activities.size());
        activity.act = row.value(QLatin1String("act")).toString();
        activity.title = row.value(QLatin1String("title")).toString();
        activity.target = row.value(QLatin1String("target")).toString();
        activity.preview = row.value(QLatin1String("preview")).toString();
        activity.note = row.value(QLatin1String("note")).toString();
        activity.startedAt = now - number("started_ago");
        if (row.contains(QLatin1String("finished_ago")))
            activity.finishedAt = now - number("finished_ago");
        activity.done = number("done");
        activity.total = number("total");
        activity.error = errorOf(row.value(QLatin1String("error")));
        m_activities << activity;
    }
}

QList<ActInfo> RecordedActs::acts() const
{
    const auto act = [](const char *id, const char *title, const char *keys, bool destructive) {
        ActInfo info;
        info.id = QLatin1String(id);
        info.title = QLatin1String(title);
        info.shortcut = QKeySequence(QLatin1String(keys));
        info.destructive = info.mutates = destructive;
        if (destructive)
            info.undo = QStringLiteral("Cannot be undone.");
        return info;
    };
    return {act("target.connect", "Connect", "Ctrl+O", false),
        act("target.disconnect", "Disconnect", "", false),
        act("target.test", "Test connection", "", false),
        act("target.add", "Add host", "Ctrl+N", false),
        act("target.change", "Change host", "", false),
        act("target.remove", "Remove host", "", true),
        act("target.protect", "Set protection", "", false),
        act("target.favourite", "Mark as favourite", "", false),
        act("terminal.open", "Open terminal", "Ctrl+T", false),
        act("agent.remove", "Remove agent", "", true),
        act("job.launch", "Launch job", "Ctrl+L", false),
        act("job.rerun", "Run again", "Ctrl+Shift+R", false),
        act("job.cancel", "Cancel job", "", true), act("job.signal", "Send signal", "", true),
        act("job.forget", "Forget job", "", true),
        act("file.upload", "Copy file to the target", "", true),
        act("file.download", "Copy file from the target", "", false)};
}

Can RecordedActs::can(const QString &act, const ActRequest &request) const
{
    if (judge)
        return judge(act, request);
    return refused.contains(act) ? Can::refused(QStringLiteral("Refused for a test."))
                                 : Can::allowed();
}

bool RecordedActs::needsTypedName(const QString &act, const ActRequest &) const
{
    return guarded.contains(act);
}

QString RecordedActs::preview(const QString &act, const ActRequest &request) const
{
    if (act == QStringLiteral("job.launch"))
        return commandText(specFromJson(request.parameters));
    return act == QStringLiteral("target.add")
        ? QStringLiteral("ssh ") + request.parameters.value(QLatin1String("host")).toString()
        : act + u' ' + request.target;
}

Task<Result<QJsonObject>> RecordedActs::run(Context, QString act, ActRequest request)
{
    runs.append({act, request});
    if (failure)
        co_return fail(*failure);
    co_return QJsonObject{{QStringLiteral("id"), request.target}};
}

} // namespace pilothouse
