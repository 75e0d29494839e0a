// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/slurm/slurmjson.h"

#include "core/engines/slurm/slurmvalues.h"

#include <QCoreApplication>

#include <algorithm>

#include <nlohmann/json.hpp>

namespace pilothouse {

using Json = nlohmann::json;

static Error broken(const QString &cause)
{
    return Error{ErrorKind::BadReply, QStringLiteral("slurm"),
        QCoreApplication::translate("slurm", "Slurm's JSON cannot be read."), cause, {}};
}

/// The first line that begins an object and parses up to the last brace.
static Json parsed(const QByteArray &bytes)
{
    // Slurm passes on what users wrote, in whatever encoding.
    const QByteArray text = bytes.isValidUtf8() ? bytes : QString::fromUtf8(bytes).toUtf8();
    const qsizetype end = text.lastIndexOf('}') + 1;
    qsizetype at = text.startsWith('{') ? 0 : text.indexOf("\n{") + 1;
    for (int tries = 0; tries < 16 && at < end; ++tries) {
        if (text[at] == '{') {
            auto json = Json::parse(text.cbegin() + at, text.cbegin() + end, nullptr, false);
            if (json.is_object())
                return json;
        }
        at = text.indexOf("\n{", at) + 1;
        if (at == 0)
            break;
    }
    return {};
}

static const Json &member(const Json &object, const char *name)
{
    static const Json nothing;
    if (!object.is_object())
        return nothing;
    const auto found = object.find(name);
    return found == object.end() ? nothing : *found;
}

/// A number, or the number in {"set": true, "infinite": false, "number": 5}; nothing for null, not
/// set and infinite.
static std::optional<qint64> number(const Json &value)
{
    if (value.is_number_integer())
        return value.is_number_unsigned() && value.get<quint64>() > quint64(INT64_MAX)
            ? std::nullopt
            : std::optional(value.get<qint64>());
    if (value.is_number_float()) {
        const double real = value.get<double>();
        return real > -9e15 && real < 9e15 ? std::optional(qint64(real)) : std::nullopt;
    }
    if (!value.is_object() || member(value, "infinite") == true || member(value, "set") == false)
        return std::nullopt;
    return member(value, "number").is_number() ? number(member(value, "number")) : std::nullopt;
}

static int small(const Json &value)
{
    return int(std::clamp<qint64>(number(value).value_or(0), 0, INT_MAX));
}

static QString text(const Json &value)
{
    if (value.is_string())
        return slurmWord(QString::fromStdString(value.get_ref<const std::string &>()));
    if (value.is_array() && !value.empty())
        return text(value.front());
    return {};
}

static QString text(const Json &object, const char *name)
{
    return text(member(object, name));
}

/// 768, or {"return_code": 3, "signal": {"signal_id": 0}}; the last with "id" since v0.0.40.
static SlurmExit exitOf(const Json &value)
{
    if (value.is_number())
        return slurmExit(QString::number(number(value).value_or(0)));
    SlurmExit exit;
    const Json &signal = member(value, "signal");
    const auto id
        = number(signal.contains("id") ? member(signal, "id") : member(signal, "signal_id"));
    if (id && *id > 0)
        exit.signal = int(std::min<qint64>(*id, 127));
    else if (const auto code = number(member(value, "return_code")))
        exit.code = int(std::clamp<qint64>(*code, 0, 255));
    return exit;
}

/// Of an array: "2_3", or "2_[4-9%2]" for those that wait.
static QString shownId(const Json &job, const QString &arrayId, const QString &rawId)
{
    if (arrayId.isEmpty())
        return rawId;
    const QString list = text(job, "array_task_string");
    if (!list.isEmpty())
        return arrayId + QStringLiteral("_[") + list + u']';
    const auto task = number(member(job, "array_task_id"));
    return task ? arrayId + u'_' + QString::number(*task) : arrayId;
}

static SlurmRecord recordOf(const Json &job)
{
    SlurmRecord record;
    record.rawId = QString::number(number(member(job, "job_id")).value_or(0));
    const qint64 array = number(member(job, "array_job_id")).value_or(0);
    record.id = shownId(job, array > 0 ? QString::number(array) : QString(), record.rawId);
    record.arrayId = array > 0 ? QString::number(array) : record.rawId;
    record.state = text(job, "job_state");
    record.reason = text(job, "state_reason");
    record.reasonText = text(job, "state_description");
    record.user = text(job, "user_name");
    record.partition = text(job, "partition");
    record.account = text(job, "account");
    record.qos = text(job, "qos");
    if (const auto priority = number(member(job, "priority")); priority && *priority >= 0)
        record.priority = quint64(*priority);
    record.submitted = number(member(job, "submit_time")).value_or(0);
    record.started = number(member(job, "start_time")).value_or(0);
    record.ended = number(member(job, "end_time")).value_or(0);
    const qint64 minutes = number(member(job, "time_limit")).value_or(0);
    record.timeLimitSeconds = minutes > 0 && minutes < INT_MAX / 60 ? int(minutes * 60) : 0;
    record.nodeCount = small(member(job, "node_count"));
    record.gres = text(job, "tres_per_node");
    record.allocated = text(job, "tres_alloc_str");
    if (record.allocated.isEmpty())
        record.allocated = text(job, "tres_req_str");
    const Json &nodes = member(job, "nodes");
    record.nodes = nodes.is_object() ? text(nodes, "list") : text(nodes);
    record.restarts = small(member(job, "restart_cnt"));
    const SlurmExit exit = exitOf(member(job, "exit_code"));
    record.exitCode = exit.code;
    record.signal = exit.signal;
    record.dependency = text(job, "dependency");
    record.name = text(job, "name");
    const Json &comment = member(job, "comment"); // an object in accounting
    record.comment = comment.is_object() ? text(comment, "job") : text(comment);
    record.output = text(job, "standard_output");
    record.folder = text(job, "current_working_directory");
    record.command = text(job, "command");
    return record;
}

/// Slurm's own errors in an answer that has no `list`.
static Error refusal(const Json &json)
{
    const Json &errors = member(json, "errors");
    if (errors.is_array() && !errors.empty()) {
        const Json &first = errors.front();
        QString cause = text(first, "error");
        if (cause.isEmpty())
            cause = text(first, "description");
        return broken(cause);
    }
    return broken({});
}

Result<QList<SlurmRecord>> slurmJsonJobs(const QByteArray &bytes)
{
    const Json json = parsed(bytes);
    const Json &jobs = member(json, "jobs");
    if (!jobs.is_array())
        return fail(json.is_object() ? refusal(json) : broken(QString::fromUtf8(bytes.left(500))));
    QList<SlurmRecord> records;
    records.reserve(qsizetype(jobs.size()));
    for (const Json &job : jobs) {
        if (!job.is_object() || number(member(job, "job_id")).value_or(0) <= 0)
            return fail(broken(QStringLiteral("job_id")));
        records << recordOf(job);
    }
    return records;
}

/// "mixed" with "DRAIN" among the flags, or ["MIXED", "DRAIN"], as sinfo writes it: "mixed+drain".
static QString nodeState(const Json &node)
{
    QStringList words;
    for (const char *name : {"state", "state_flags"}) {
        const Json &value = member(node, name);
        if (value.is_string())
            words << text(value).toLower();
        if (value.is_array()) {
            for (const Json &word : value)
                words << text(word).toLower();
        }
    }
    return words.join(u'+');
}

Result<QList<SlurmNode>> slurmJsonNodes(const QByteArray &bytes)
{
    const Json json = parsed(bytes);
    const Json &nodes = member(json, "nodes");
    if (!nodes.is_array())
        return fail(json.is_object() ? refusal(json) : broken(QString::fromUtf8(bytes.left(500))));
    QList<SlurmNode> all;
    for (const Json &one : nodes) {
        SlurmNode node;
        node.name = text(one, "name");
        if (node.name.isEmpty())
            return fail(broken(QStringLiteral("name")));
        node.state = nodeState(one);
        node.reason = text(one, "reason");
        node.gres = text(one, "gres");
        node.gresUsed = text(one, "gres_used");
        const Json &partitions = member(one, "partitions");
        if (!partitions.is_array() || partitions.empty())
            all << node;
        else
            for (const Json &partition : partitions) {
                node.partition = text(partition);
                all << node;
            }
    }
    return all;
}

QString slurmJsonParser(const QByteArray &bytes)
{
    const Json json = parsed(bytes);
    const Json &plugin = member(member(json, "meta"), "plugin");
    // "openapi/v0.0.38", or "data_parser": "data_parser/v0.0.40" beside it
    const QString parser = text(plugin, "data_parser");
    return (parser.isEmpty() ? text(plugin, "type") : parser).section(u'/', -1);
}

} // namespace pilothouse
