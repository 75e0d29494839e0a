// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/agentlink/convert.h"

#include "agents/wire/tickcodec.h"

#include <QCoreApplication>
#include <QDateTime>

#include <algorithm>
#include <cmath>
#include <limits>

namespace pilothouse {

QString cleanText(const std::string &text, std::size_t limit)
{
    return QString::fromUtf8(text.data(), qsizetype(std::min(text.size(), limit)));
}

namespace {

/// A count or time limit of a peer as ours; too large to be meant becomes the largest there is.
int toInt(quint32 value)
{
    return int(std::min(value, quint32(std::numeric_limits<int>::max())));
}

/// A measurement that cannot be negative; what is no such number becomes 0.
double toAmount(double value)
{
    return std::isfinite(value) && value > 0 ? value : 0;
}

/// 0 = not yet or unknown, and so is an impossible time.
qint64 toTime(qint64 ns)
{
    return plausible(ns) ? ns : 0;
}

Device toDevice(const proto::Device &from)
{
    Device device;
    device.uuid = cleanText(from.uuid());
    device.name = cleanText(from.name());
    device.kind = cleanText(from.kind());
    device.driver = cleanText(from.driver());
    device.trouble = cleanText(from.trouble());
    device.parent = cleanText(from.parent());
    device.index = toInt(from.index());
    device.memoryBytes = from.memory_bytes();
    device.powerLimitWatts = toAmount(from.power_limit_watts());
    device.simulated = from.simulated();
    return device;
}

} // namespace

double inSteps(qint64 raw, double step)
{
    // A step of 0.01 divides by 100: 35 becomes 0.35, and not the 0.35000000000000003 that
    // multiplying gives and the store cannot pack.
    const double divisor = std::round(1 / step);
    const bool exact = divisor > 1 && divisor < 1e9 && std::abs(divisor * step - 1) < 1e-9;
    const double value = exact ? double(raw) / divisor : double(raw) * step;
    return raw == wire::absent || !std::isfinite(value) ? std::nan("") : value;
}

NodeFacts toFacts(const proto::HelloReply &reply)
{
    NodeFacts facts;
    facts.agentVersion = cleanText(reply.agent_version());
    facts.protocol = reply.protocol();
    facts.hostName = cleanText(reply.host_name());
    facts.machineId = cleanText(reply.machine_id());
    facts.bootId = cleanText(reply.boot_id());
    facts.user = cleanText(reply.user());
    facts.uid = reply.uid();
    facts.os = cleanText(reply.os());
    facts.kernel = cleanText(reply.kernel());
    facts.arch = cleanText(reply.arch());
    facts.home = cleanText(reply.home(), 4096);
    facts.cpuModel = cleanText(reply.cpu_model());
    facts.cpuCount = reply.cpu_count();
    facts.memoryBytes = reply.memory_bytes();
    facts.wallNs = toTime(reply.wall_ns());
    facts.boottimeNs = toTime(reply.boottime_ns());
    facts.startedNs = toTime(reply.started_ns());
    for (const auto &capability : reply.capabilities())
        facts.capabilities << cleanText(capability);
    for (const auto &warning : reply.warnings())
        facts.warnings << cleanText(warning);
    for (const auto &device : reply.devices())
        facts.devices << toDevice(device);
    return facts;
}

static SeriesKind toKind(proto::MetricKind kind)
{
    if (kind == proto::COUNTER)
        return SeriesKind::Counter;
    return kind == proto::STATE ? SeriesKind::State : SeriesKind::Gauge;
}

AgentCatalogue toCatalogue(const proto::CatalogueReply &reply)
{
    constexpr int most = int(wire::TickDecoder::maxSeries);
    AgentCatalogue catalogue;
    catalogue.ringId = cleanText(reply.ring_id());
    catalogue.version = reply.version();
    for (int i = 0; i < std::min(most, reply.series_size()); ++i) {
        const auto &from = reply.series(i);
        SeriesInfo info;
        info.metric = cleanText(from.metric());
        info.device = cleanText(from.device());
        info.unit = cleanText(from.unit());
        info.kind = toKind(from.kind());
        info.step = std::isfinite(from.step()) && from.step() > 0 ? from.step() : 1;
        catalogue.series << info;
    }
    for (const auto &from : reply.unsupported())
        catalogue.unsupported << Unsupported{
            cleanText(from.metric()), cleanText(from.device()), cleanText(from.reason())};
    if (reply.series_size() > most)
        catalogue.unsupported << Unsupported{
            QCoreApplication::translate(
                "agentlink", "%n more series", nullptr, reply.series_size() - most),
            {},
            QCoreApplication::translate(
                "agentlink", "the node names more series than are taken from one node")};
    catalogue.firstWallNs = toTime(reply.coverage().first_wall_ns());
    catalogue.rollupFirstWallNs = toTime(reply.coverage().rollup_first_wall_ns());
    return catalogue;
}

AgentRollup toRollup(const proto::RollupBatch &row, const AgentCatalogue &catalogue)
{
    AgentRollup result;
    result.startWallNs = toTime(row.start_wall_ns());
    result.seconds = int(std::clamp(row.seconds(), 1u, 86400u));
    const std::size_t count = std::min<std::size_t>(
        std::size_t(catalogue.series.size()), std::size_t(row.values_size()) / 3);
    for (auto *values : {&result.min, &result.max, &result.last})
        values->assign(count, std::nan(""));
    for (std::size_t i = 0; i < count; ++i) {
        const double step = catalogue.series[qsizetype(i)].step;
        const auto value
            = [&](int offset) { return inSteps(row.values(int(i) * 3 + offset), step); };
        result.min[i] = value(0);
        result.max[i] = value(1);
        result.last[i] = value(2);
    }
    return result;
}

Process toProcess(const proto::Process &from)
{
    Process process;
    process.pid = from.pid();
    process.parent = from.parent();
    process.user = cleanText(from.user());
    process.command = cleanText(from.command());
    process.job = cleanText(from.job());
    process.cpuRatio = toAmount(from.cpu_ratio());
    process.memoryBytes = from.memory_bytes();
    process.startedNs = toTime(from.started_ns());
    process.cgroup = cleanText(from.cgroup());
    process.startTicks = from.start_ticks();
    process.state = cleanText(from.state(), 1);
    process.waitsFor = cleanText(from.waits_for(), 64);
    for (const auto &use : from.gpus())
        process.gpus << GpuUse{cleanText(use.device()), use.memory_bytes(), use.memory_known(),
            use.has_busy_ratio() ? toAmount(use.busy_ratio()) : -1};
    return process;
}

GpuShare toShare(const proto::GpuAccount &from)
{
    GpuShare share;
    share.gpuSeconds = toAmount(from.gpu_seconds());
    if (from.has_busy_gpu_seconds())
        share.busySeconds = toAmount(from.busy_gpu_seconds());
    if (from.has_energy_joules())
        share.energyJoules = toAmount(from.energy_joules());
    return share;
}

KernelMessage toMessage(const proto::KernelEvent &from)
{
    KernelMessage message;
    message.at = toTime(from.wall_ns()) / 1'000'000;
    message.kernelUs = std::max<qint64>(0, from.kernel_us());
    message.kind = cleanText(from.kind(), 64);
    message.device = cleanText(from.device(), 256);
    message.line = cleanText(from.line());
    message.xid = toInt(from.xid());
    message.times = std::clamp(toInt(from.times()), 1, 1'000'000);
    return message;
}

static JobState toState(proto::JobState state)
{
    switch (state) {
    case proto::QUEUED:
        return JobState::Queued;
    case proto::RUNNING:
        return JobState::Running;
    case proto::SUCCEEDED:
        return JobState::Succeeded;
    case proto::FAILED:
        return JobState::Failed;
    case proto::CANCELLED:
        return JobState::Cancelled;
    case proto::LOST:
        return JobState::Lost;
    default:
        return JobState::Unknown;
    }
}

Job toJob(const proto::Job &from)
{
    Job job;
    job.id = cleanText(from.id());
    job.user = cleanText(from.user());
    job.spec.name = cleanText(from.spec().name(), 64 * 1024);
    for (const auto &word : from.spec().argv())
        job.spec.argv << cleanText(word, 1024 * 1024);
    job.spec.interpreter = cleanText(from.spec().interpreter());
    job.spec.folder = cleanText(from.spec().folder(), 4096);
    for (const auto &[name, value] : from.spec().environment())
        job.spec.environment.insert(cleanText(name), cleanText(value, 1024 * 1024));
    job.spec.gpus = toInt(from.spec().gpus());
    for (const auto &uuid : from.spec().gpu_uuids())
        job.spec.gpuUuids << cleanText(uuid);
    job.spec.timeLimitSeconds = toInt(from.spec().time_limit_seconds());
    job.state = toState(from.state());
    if (from.has_exit() && from.signal() == 0)
        job.exitCode = from.exit_code();
    if (from.signal() != 0)
        job.signal = from.signal();
    job.submittedAt = toTime(from.submitted_ns()) / 1'000'000;
    job.startedAt = toTime(from.started_ns()) / 1'000'000;
    job.endedAt = toTime(from.ended_ns()) / 1'000'000;
    if (from.peak_memory_bytes() != 0)
        job.peakMemoryBytes = from.peak_memory_bytes();
    for (const auto &uuid : from.gpu_uuids())
        job.gpuUuids << cleanText(uuid);
    if (from.has_gpu_seconds())
        job.gpuSeconds = toAmount(from.gpu_seconds());
    if (from.has_busy_gpu_seconds())
        job.busyGpuSeconds = toAmount(from.busy_gpu_seconds());
    if (from.has_energy_joules())
        job.energyJoules = toAmount(from.energy_joules());
    job.reason = cleanText(from.reason());
    job.logBytes = from.log_bytes();
    job.seenAt = QDateTime::currentMSecsSinceEpoch();
    return job;
}

proto::JobSpec fromSpec(const QString &id, const JobSpec &spec)
{
    proto::JobSpec to;
    to.set_client_id(id.toStdString());
    to.set_name(spec.name.toStdString());
    for (const auto &word : spec.argv)
        to.add_argv(word.toStdString());
    to.set_script(spec.script.toStdString());
    to.set_interpreter(spec.interpreter.toStdString());
    to.set_folder(spec.folder.toStdString());
    for (auto it = spec.environment.begin(); it != spec.environment.end(); ++it)
        (*to.mutable_environment())[it.key().toStdString()] = it.value().toStdString();
    to.set_gpus(quint32(spec.gpus));
    for (const auto &uuid : spec.gpuUuids)
        to.add_gpu_uuids(uuid.toStdString());
    to.set_time_limit_seconds(quint32(spec.timeLimitSeconds));
    return to;
}

FileInfo toFileInfo(const proto::FileInfo &from)
{
    FileInfo info;
    info.path = cleanText(from.path(), 8192);
    info.kind = cleanText(from.kind());
    info.size = from.size();
    info.modifiedNs = from.modified_ns();
    info.mode = from.mode();
    info.linkTarget = cleanText(from.link_target(), 8192);
    info.error = cleanText(from.error());
    return info;
}

proto::FileInfo fromFileInfo(const FileInfo &from)
{
    proto::FileInfo info;
    info.set_path(from.path.toStdString());
    info.set_kind(from.kind.toStdString());
    info.set_size(from.size);
    info.set_modified_ns(from.modifiedNs);
    info.set_mode(from.mode);
    info.set_link_target(from.linkTarget.toStdString());
    return info;
}

static ErrorKind kindOf(grpc::StatusCode code)
{
    switch (code) {
    case grpc::StatusCode::UNAVAILABLE:
        return ErrorKind::Unreachable;
    case grpc::StatusCode::NOT_FOUND:
        return ErrorKind::NotFound;
    case grpc::StatusCode::INVALID_ARGUMENT:
        return ErrorKind::BadInput;
    case grpc::StatusCode::FAILED_PRECONDITION:
    case grpc::StatusCode::ALREADY_EXISTS:
    case grpc::StatusCode::ABORTED:
        return ErrorKind::Conflict;
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
        return ErrorKind::NoSpace;
    case grpc::StatusCode::UNIMPLEMENTED:
        return ErrorKind::Unsupported;
    case grpc::StatusCode::PERMISSION_DENIED:
    case grpc::StatusCode::UNAUTHENTICATED:
        return ErrorKind::Denied;
    case grpc::StatusCode::DEADLINE_EXCEEDED:
        return ErrorKind::Timeout;
    case grpc::StatusCode::CANCELLED:
        return ErrorKind::Cancelled;
    case grpc::StatusCode::DATA_LOSS:
        return ErrorKind::BadReply;
    default:
        return ErrorKind::Internal;
    }
}

Error toError(const grpc::Status &status, const QString &stage, bool askedToStop)
{
    const QString said = cleanText(status.error_message());
    auto kind = kindOf(status.error_code());
    if (kind == ErrorKind::Cancelled && !askedToStop)
        kind = ErrorKind::Unreachable;
    switch (kind) {
    case ErrorKind::Unreachable:
        return {kind, stage,
            QCoreApplication::translate(
                "agentlink", "The connection to the node's agent was lost."),
            said,
            QCoreApplication::translate(
                "agentlink", "It is tried again by itself; what runs on the node is not touched.")};
    case ErrorKind::Cancelled:
        return cancelled(stage);
    case ErrorKind::Timeout:
        return timedOut(
            stage, QCoreApplication::translate("agentlink", "The agent did not answer in time."));
    case ErrorKind::Internal:
        return {kind, stage,
            QCoreApplication::translate("agentlink", "The agent reported a failure."),
            QStringLiteral("%1 (code %2)").arg(said).arg(int(status.error_code())), {}};
    case ErrorKind::Unsupported:
        return {kind, stage,
            QCoreApplication::translate("agentlink", "The agent on this node cannot do that."),
            said,
            QCoreApplication::translate("agentlink", "Deploy this console's agent to the node.")};
    default:
        return {kind, stage,
            said.isEmpty()
                ? QCoreApplication::translate("agentlink", "The agent refused without a reason.")
                : said,
            {}, {}};
    }
}

} // namespace pilothouse
