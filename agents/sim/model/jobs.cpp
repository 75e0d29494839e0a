// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/sim/model/jobs.h"

#include "agents/sim/model/hardware.h"

#include <algorithm>
#include <cstdio>
#include <iterator>

namespace pilothouse::sim {

static constexpr const char *people[] = {"mia", "jonas", "amara", "wei", "sofia", "tariq", "elena",
    "noah", "priya", "lukas", "hana", "diego", "inga", "kofi", "yuki", "oskar"};
static constexpr const char *models[] = {"llama-70b", "mixtral-8x7b", "vit-l16", "whisper-lg",
    "qwen-32b", "sdxl", "esm2-3b", "gemma-9b", "clip-h14", "mamba-2b"};

static WorkKind drawKind(Rng &rng)
{
    const double draw = rng.uniform();
    if (draw < 0.33)
        return WorkKind::Training;
    if (draw < 0.62)
        return WorkKind::Finetune;
    if (draw < 0.80)
        return WorkKind::Evaluation;
    return draw < 0.90 ? WorkKind::Inference : WorkKind::Notebook;
}

static void drawSize(Rng &rng, unsigned gpus, std::size_t clusterNodes, SimJob &job)
{
    const auto atMost = [&](unsigned count) { return std::min(gpus, count); };
    switch (job.work.kind) {
    case WorkKind::Training:
        job.perNode = gpus;
        if (clusterNodes >= 2 && rng.chance(0.3))
            job.nodeCount = 2 + unsigned(rng.below(std::max<std::size_t>(1, clusterNodes / 2 - 1)));
        break;
    case WorkKind::Finetune:
        job.perNode = atMost(1u << rng.below(3));
        break;
    case WorkKind::Inference:
        job.perNode = atMost(1u << rng.below(3));
        break;
    case WorkKind::Evaluation:
    case WorkKind::Notebook:
        break;
    }
}

/// Seconds at time factor 1.
static double drawLength(Rng &rng, WorkKind kind)
{
    switch (kind) {
    case WorkKind::Training:
        return rng.logUniform(1800, 8 * 3600);
    case WorkKind::Finetune:
        return rng.logUniform(600, 2 * 3600);
    case WorkKind::Evaluation:
        return rng.logUniform(180, 1200);
    case WorkKind::Inference:
        return rng.logUniform(2 * 3600, 12 * 3600);
    case WorkKind::Notebook:
        return rng.logUniform(3600, 6 * 3600);
    }
    return 600;
}

static void drawEnd(Rng &rng, SimJob &job)
{
    const double draw = rng.uniform();
    if (draw < 0.8)
        return;
    job.end *= rng.uniform(0.05, 0.8);
    if (draw < 0.92 && job.work.kind != WorkKind::Notebook) {
        job.outcome = JobOutcome::Failed;
        job.exitCode = 1;
    } else {
        job.outcome = JobOutcome::Cancelled;
        job.reason = "Cancelled by " + job.person + '.';
    }
}

static std::vector<std::string> commandOf(const SimJob &job, const std::string &model)
{
    const auto gpus = std::to_string(job.perNode);
    switch (job.work.kind) {
    case WorkKind::Training:
    case WorkKind::Finetune:
        return {"torchrun", "--nnodes=" + std::to_string(job.nodeCount), "--nproc-per-node=" + gpus,
            job.work.kind == WorkKind::Training ? "pretrain.py" : "finetune.py",
            "--config=" + model + ".yaml"};
    case WorkKind::Evaluation:
        return {"python3", "evaluate.py", "--model=" + model};
    case WorkKind::Inference:
        return {"python3", "-m", "vllm.entrypoints.openai.api_server", "--model=" + model,
            "--tensor-parallel-size=" + gpus};
    case WorkKind::Notebook:
        return {"jupyter", "lab", "--no-browser"};
    }
    return {};
}

std::string consolePerson(const SimOptions &options)
{
    return options.people.empty() ? people[0] : options.people[0];
}

SimJob makeJob(Rng &rng, const SimOptions &options, std::size_t clusterNodes, uint64_t number)
{
    SimJob job;
    const auto kind = drawKind(rng);
    job.work = makeWorkload(kind, rng);
    drawSize(rng, unsigned(options.gpus), clusterNodes, job);
    job.end = drawLength(rng, kind) / options.timeFactor;
    // Few people hand in most of the jobs.
    const std::size_t count = options.people.empty() ? std::size(people) : options.people.size();
    const auto who = std::size_t(double(count) * rng.uniform() * rng.uniform());
    job.person = options.people.empty() ? people[who] : options.people[who];
    const std::string model = models[rng.below(std::size(models))];
    job.name = model + '-' + workName(kind);
    char id[40];
    std::snprintf(id, sizeof id, "sim-%016llx", static_cast<unsigned long long>(mix(number)));
    job.id = id;
    job.command = commandOf(job, model);
    drawEnd(rng, job);
    return job;
}

static const JobShare *shareOn(const SimJob &job, std::size_t node)
{
    const auto found = std::find_if(job.shares.begin(), job.shares.end(),
        [node](const JobShare &share) { return share.node == node; });
    return found == job.shares.end() ? nullptr : &*found;
}

std::string idOn(const SimJob &job, std::size_t node)
{
    const auto *share = shareOn(job, node);
    return job.nodeCount <= 1 || share == nullptr
        ? job.id
        : job.id + '.' + std::to_string(share - job.shares.data());
}

uint32_t gpusOn(const SimJob &job, std::size_t node)
{
    const auto *share = shareOn(job, node);
    return share == nullptr ? 0 : share->gpus;
}

std::map<std::string, std::string> environmentOn(const SimJob &job, std::size_t node)
{
    std::map<std::string, std::string> environment{
        {"USER", job.person}, {"WORLD_SIZE", std::to_string(job.perNode * job.nodeCount)}};
    const auto *share = shareOn(job, node);
    if (job.nodeCount > 1 && share != nullptr) {
        environment["MASTER_ADDR"] = nodeName(job.shares.front().node);
        environment["MASTER_PORT"] = std::to_string(20000 + job.work.seed % 10000);
        environment["NODE_RANK"] = std::to_string(share - job.shares.data());
    }
    return environment;
}

static constexpr unsigned headLines = 6;

/// Seconds from one line to the next.
static double linePause(const SimJob &job)
{
    return job.work.stepSeconds > 0 ? job.work.stepSeconds * 5 : 10;
}

static uint64_t linesUntil(const SimJob &job, double at)
{
    const double x = std::min(at, job.end) - job.start;
    if (!job.placed || x < 0)
        return 0;
    uint64_t lines = std::min<uint64_t>(headLines, uint64_t(1 + x));
    if (x > job.work.warmSeconds)
        lines = headLines + uint64_t((x - job.work.warmSeconds) / linePause(job));
    return lines + (at >= job.end ? 1 : 0);
}

uint64_t logBytes(const SimJob &job, double at)
{
    return linesUntil(job, at) * logLineBytes;
}

static std::string headLine(const SimJob &job, uint64_t line)
{
    switch (line) {
    case 0:
        return "simulated job " + job.id;
    case 1:
        return "name " + job.name + ", person " + job.person;
    case 2:
        return std::to_string(job.nodeCount) + " nodes x " + std::to_string(job.perNode) + " GPUs";
    case 3:
        return "command " + (job.command.empty() ? std::string() : job.command.front());
    case 4:
        return "reading configuration";
    default:
        return "loading weights and data";
    }
}

static std::string bodyLine(const SimJob &job, uint64_t index)
{
    char text[logLineBytes];
    const double x = job.work.warmSeconds + double(index) * linePause(job);
    const double noise = unit(mixed({job.work.seed, index}));
    if (job.work.stepSeconds > 0) {
        const auto step = (index + 1) * 5;
        std::snprintf(text, sizeof text, "step %8llu  loss %.4f  grad %.3f  %.2f s/step",
            static_cast<unsigned long long>(step), 1.7 + 9 / (1 + double(step) / 40) + 0.06 * noise,
            0.4 + noise, job.work.stepSeconds * (1 + 0.04 * noise));
    } else if (job.work.kind == WorkKind::Inference) {
        std::snprintf(text, sizeof text, "requests/s %.1f  waiting %d  tokens/s %.0f",
            40 * job.work.level(x) * (1 + noise), int(noise * 4), 5200 * job.work.level(x));
    } else {
        std::snprintf(
            text, sizeof text, "batch %llu done", static_cast<unsigned long long>(index + 1));
    }
    return text;
}

static std::string lastLine(const SimJob &job)
{
    switch (job.outcome) {
    case JobOutcome::Succeeded:
        return "done";
    case JobOutcome::Cancelled:
        return "ended by signal 15";
    case JobOutcome::Failed:
        return job.reason.empty() ? "torch.cuda.OutOfMemoryError: CUDA out of memory."
                                  : "RuntimeError: CUDA error: " + job.reason;
    }
    return {};
}

std::string logText(const SimJob &job, uint64_t offset, std::size_t limit, double at)
{
    std::string out;
    const uint64_t lines = linesUntil(job, at);
    const bool ended = job.placed && at >= job.end;
    for (uint64_t line = offset / logLineBytes; line < lines; ++line) {
        std::string text = ended && line + 1 == lines ? lastLine(job)
            : line < headLines                        ? headLine(job, line)
                                                      : bodyLine(job, line - headLines);
        text.resize(logLineBytes - 1, ' ');
        out += text + '\n';
        if (out.size() >= limit + logLineBytes)
            break;
    }
    const std::size_t skip = std::min<std::size_t>(out.size(), offset % logLineBytes);
    return out.substr(skip, limit);
}

} // namespace pilothouse::sim
