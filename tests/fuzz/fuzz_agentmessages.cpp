// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// What an agent may send, decoded and checked as the console does it. The first byte chooses the
// message. Where several belong together each stands behind its size as two bytes, low byte first.
#include "core/agentlink/telemetrydecoder.h"

#include <cmath>
#include <cstdlib>

using namespace pilothouse;

namespace {

void require(bool holds)
{
    if (!holds)
        std::abort();
}

void checkText(const QString &text, qsizetype limit = 1024)
{
    require(text.size() <= limit && text == QString::fromUtf8(text.toUtf8()));
}

void checkNumber(double value)
{
    require(std::isfinite(value) || std::isnan(value));
}

void checkJob(const Job &job)
{
    checkText(job.id);
    checkText(job.spec.folder, 4096);
    checkText(job.reason);
    require(job.spec.gpus >= 0 && job.spec.timeLimitSeconds >= 0);
    require(job.submittedAt >= 0 && job.startedAt >= 0 && job.endedAt >= 0);
    require(!job.exitCode || !job.signal);
    require(!jobStateName(job.state).isEmpty());
}

void checkCatalogue(const AgentCatalogue &catalogue)
{
    checkText(catalogue.ringId);
    require(plausible(catalogue.firstWallNs) && plausible(catalogue.rollupFirstWallNs));
    require(catalogue.series.size() <= qsizetype(wire::TickDecoder::maxSeries));
    for (const auto &series : catalogue.series) {
        checkText(series.metric);
        require(std::isfinite(series.step) && series.step > 0);
    }
}

void checkFacts(const NodeFacts &facts)
{
    checkText(facts.hostName);
    checkText(facts.home, 4096);
    require(plausible(facts.wallNs) && plausible(facts.boottimeNs) && plausible(facts.startedNs));
    for (const auto &device : facts.devices) {
        checkText(device.uuid);
        require(device.index >= 0);
        require(std::isfinite(device.powerLimitWatts) && device.powerLimitWatts >= 0);
    }
}

template <typename Message> std::optional<Message> parsed(std::string_view in)
{
    Message message;
    if (!message.ParseFromArray(in.data(), int(in.size())))
        return {};
    return message;
}

/// Takes one sized message off the front; nothing when it cannot be parsed: gRPC ends there too.
template <typename Message> std::optional<Message> next(std::string_view &in)
{
    if (in.size() < 2)
        return {};
    const std::size_t size = std::uint8_t(in[0]) | std::size_t(std::uint8_t(in[1])) << 8;
    const auto bytes = in.substr(2, size);
    in.remove_prefix(2 + bytes.size());
    return parsed<Message>(bytes);
}

/// Batches of one subscription.
void checkStream(std::string_view in)
{
    TelemetryDecoder decoder(std::make_shared<FloodGate>());
    std::size_t series = 0, values = 0;
    while (const auto batch = next<proto::Batch>(in)) {
        const auto item = decoder(*batch);
        if (!item) {
            require(item.error().kind == ErrorKind::BadReply && !item.error().message.isEmpty());
            return;
        }
        require(plausible(item->sentWallNs) && plausible(item->sentBoottimeNs));
        if (item->catalogue) {
            checkCatalogue(*item->catalogue);
            series = std::size_t(item->catalogue->series.size());
        }
        require(item->ticks.size() == batch->count());
        for (const auto &tick : item->ticks) {
            require(plausible(tick.wallNs) && plausible(tick.boottimeNs));
            require(tick.values.size() <= series);
            values += tick.values.size() + 1;
            for (const double value : tick.values)
                checkNumber(value);
        }
        if (values > 1'000'000)
            return; // enough for one input
    }
}

/// A catalogue and rows of it.
void checkRollups(std::string_view in)
{
    const auto reply = next<proto::CatalogueReply>(in);
    if (!reply)
        return;
    const auto catalogue = toCatalogue(*reply);
    checkCatalogue(catalogue);
    while (const auto row = next<proto::RollupBatch>(in)) {
        const auto rollup = toRollup(*row, catalogue);
        require(rollup.seconds > 0 && plausible(rollup.startWallNs));
        require(rollup.min.size() <= std::size_t(catalogue.series.size()));
        require(rollup.min.size() == rollup.max.size() && rollup.min.size() == rollup.last.size());
        for (const auto *column : {&rollup.min, &rollup.max, &rollup.last})
            for (const double value : *column)
                checkNumber(value);
    }
}

void checkProcess(const Process &process)
{
    checkText(process.command);
    require(std::isfinite(process.cpuRatio) && process.cpuRatio >= 0);
    require(plausible(process.startedNs));
}

void checkFile(const FileInfo &info)
{
    checkText(info.path, 8192);
    checkText(info.linkTarget, 8192);
    checkText(info.error);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size == 0)
        return 0;
    const std::string_view in(reinterpret_cast<const char *>(data) + 1, size - 1);
    switch (data[0]) {
    case 'B':
        checkStream(in);
        break;
    case 'R':
        checkRollups(in);
        break;
    case 'H':
        if (const auto reply = parsed<proto::HelloReply>(in))
            checkFacts(toFacts(*reply));
        break;
    case 'J':
        if (const auto reply = parsed<proto::ListJobsReply>(in))
            for (const auto &job : reply->jobs())
                checkJob(toJob(job));
        break;
    case 'P':
        if (const auto reply = parsed<proto::ProcessesReply>(in))
            for (const auto &process : reply->processes())
                checkProcess(toProcess(process));
        break;
    case 'F':
        if (const auto reply = parsed<proto::ListFolderReply>(in))
            for (const auto &entry : reply->entries())
                checkFile(toFileInfo(entry));
        break;
    case 'E':
        if (const auto event = parsed<proto::JobEvent>(in))
            checkJob(toJob(event->job()));
        break;
    default:
        break;
    }
    return 0;
}
