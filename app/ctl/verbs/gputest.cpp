// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/joblog.h"
#include "app/ctl/output.h"
#include "app/ctl/verbs/verbs.h"
#include "core/acts/exitcode.h"
#include "core/gputest/comparison.h"
#include "core/gputest/service.h"
#include "core/jobs/jobjson.h"

#include <QDateTime>
#include <QJsonArray>

namespace pilothouse::ctl {

/// Ours failed: the exit code is the test's own otherwise.
static int oursFailed(const Desk &desk, const Error &error)
{
    failed(desk, error);
    return 255;
}

static std::optional<GpuTestDevice> baselineOf(Desk &desk, const QString &device)
{
    auto *tests = desk.services().gpuTests;
    const auto run = tests ? tests->store().baseline(device) : std::nullopt;
    return run && *run ? std::optional((*run)->result) : std::nullopt;
}

/// One device beside its card's datasheet and its baseline.
static void printDevice(Desk &desk, const GpuTestDevice &device)
{
    const auto sheet = datasheetOf(device.name);
    printLine({});
    printLine(device.name + QStringLiteral("  ") + device.uuid);
    QList<QStringList> rows;
    const auto compared = compareGpuTest(device, sheet, baselineOf(desk, device.uuid));
    for (const auto &row : compared)
        rows << QStringList{row.title,
            row.value ? formatGpuTestFigure(row.value, row.bytes) : row.skipped,
            formatGpuTestFigure(row.published, row.bytes), formatGpuTestShare(row.share(), false),
            formatGpuTestFigure(row.baseline, row.bytes),
            formatGpuTestShare(row.drift(), true) + (row.slower() ? tr("  slower") : QString())};
    printTable(
        {tr("TEST"), tr("MEASURED"), tr("DATASHEET"), tr("OF IT"), tr("BASELINE"), tr("DRIFT")},
        rows);
    for (const auto &sentence : device.errors)
        printLine(tr("ERROR: %1").arg(sentence));
    for (const auto &sentence : device.warnings)
        printLine(tr("Note: %1").arg(sentence));
    if (sheet)
        printLine(tr("Datasheet: %1, %2").arg(sheet->title, sheet->source));
}

static QJsonObject comparedToJson(Desk &desk, const GpuTestDevice &device)
{
    const auto number = [](const std::optional<double> &value) {
        return value ? QJsonValue(*value) : QJsonValue();
    };
    QJsonArray rows;
    const auto compared
        = compareGpuTest(device, datasheetOf(device.name), baselineOf(desk, device.uuid));
    for (const auto &row : compared) {
        QJsonObject one;
        one.insert(QStringLiteral("figure"), row.figure);
        one.insert(QStringLiteral("value"), number(row.value));
        one.insert(QStringLiteral("published"), number(row.published));
        one.insert(QStringLiteral("baseline"), number(row.baseline));
        one.insert(QStringLiteral("slower"), row.slower());
        rows << one;
    }
    QJsonObject json;
    json.insert(QStringLiteral("result"), device.json);
    json.insert(QStringLiteral("compared"), rows);
    return json;
}

/// Progress lines of the job's log; the rest is shown in our own way.
static std::function<void(quint64, const QByteArray &)> progressPrinter()
{
    return [rest = std::make_shared<QByteArray>()](quint64, const QByteArray &data) {
        *rest += data;
        for (auto end = rest->indexOf('\n'); end >= 0; end = rest->indexOf('\n')) {
            const QByteArray line = rest->left(end);
            rest->remove(0, end + 1);
            if (line.mid(3, 3) == " % ")
                printNote(QString::fromUtf8(line.left(200)));
        }
        if (rest->size() > 65536)
            rest->clear();
    };
}

static Task<int> follow(Desk &desk, QString id)
{
    auto *all = &desk;
    auto reading = readWholeLog(
        *all, id, true, all->json() ? [](quint64, const QByteArray &) {} : progressPrinter());
    const auto read = co_await std::move(reading);
    if (!read)
        co_return waitFailed(*all, read.error(), id);
    auto watching = watchToTheEnd(*all, id, false);
    const auto job = co_await std::move(watching);
    if (!job)
        co_return waitFailed(*all, job.error(), id);
    auto collecting = all->services().gpuTests->collect(all->context(), id);
    const auto result = co_await std::move(collecting);
    if (!result)
        co_return oursFailed(*all, result.error());
    if (all->json()) {
        QJsonObject json;
        json.insert(QStringLiteral("job"), jobToJson(*job, all->targetName(job->target)));
        json.insert(QStringLiteral("verdict"), result->verdict);
        json.insert(QStringLiteral("trouble"), orNull(result->trouble));
        json.insert(QStringLiteral("simulated"), result->simulated);
        QJsonArray devices;
        for (const auto &device : result->devices)
            devices << comparedToJson(*all, device);
        json.insert(QStringLiteral("devices"), devices);
        printJson("gputest", json);
        co_return jobExitCode(*job);
    }
    if (result->simulated)
        printNote(tr("Simulated: this node's driver is a stand-in for tests."));
    for (const auto &device : result->devices)
        printDevice(*all, device);
    for (const auto &sentence : result->errors)
        printLine(tr("ERROR: %1").arg(sentence));
    printLine(result->trouble.isEmpty() ? result->verdict
                                        : result->verdict + QStringLiteral(": ") + result->trouble);
    co_return jobExitCode(*job);
}

/// What was stored of a target's devices; contacts nobody.
static int printHistory(Desk &desk, const Target &target)
{
    auto &store = desk.services().gpuTests->store();
    const auto devices = store.devices(target.id);
    if (!devices)
        return failed(desk, devices.error());
    QJsonArray json;
    for (const auto &device : *devices) {
        const auto runs = store.runs(device);
        const auto baseline = store.baseline(device);
        if (!runs || !baseline)
            return failed(desk, runs ? baseline.error() : runs.error());
        QList<QStringList> rows;
        for (const auto &run : *runs) {
            const auto figure = [&](const char *name, bool bytes) {
                const auto found = run.result.figures.constFind(QLatin1String(name));
                return formatGpuTestFigure(
                    found == run.result.figures.constEnd() ? std::nullopt : std::optional(*found),
                    bytes);
            };
            const bool first = *baseline && (*baseline)->id == run.id;
            rows << QStringList{QDateTime::fromMSecsSinceEpoch(run.time).toString(
                                    QStringLiteral("yyyy-MM-dd HH:mm")),
                run.verdict + (run.simulated ? tr(" (simulated)") : QString())
                    + (first ? tr(" (baseline)") : QString()),
                figure("device_copy_bytes_per_second", true),
                figure("gemm_fp32_flops_per_second", false), figure("load_flops_per_second", false),
                run.job};
            QJsonObject one;
            one.insert(QStringLiteral("device"), device);
            one.insert(QStringLiteral("time_ms"), run.time);
            one.insert(QStringLiteral("job"), run.job);
            one.insert(QStringLiteral("baseline"), first);
            one.insert(QStringLiteral("result"), run.result.json);
            json << one;
        }
        if (desk.json())
            continue;
        printLine(device + QStringLiteral("  ") + runs->value(0).result.name);
        printTable(
            {tr("TIME"), tr("VERDICT"), tr("MEMORY COPY"), tr("FP32"), tr("LOAD"), tr("JOB")},
            rows);
    }
    if (desk.json()) {
        QJsonObject object;
        object.insert(QStringLiteral("runs"), json);
        printJson("gputest.history", object);
    } else if (devices->isEmpty()) {
        printNote(tr("No GPU of %1 has been tested yet.").arg(target.name));
    }
    return 0;
}

static Task<int> runGpuTest(Desk &desk, Invocation invocation)
{
    auto *all = &desk;
    const auto target = all->target(invocation.words.first());
    if (!target)
        co_return oursFailed(*all, target.error());
    if (!all->services().gpuTests) {
        Error shut{ErrorKind::Internal, QStringLiteral("gputest"),
            tr("The results of GPU tests cannot be opened."), {}, {}};
        co_return oursFailed(*all, shut);
    }
    if (invocation.has("history"))
        co_return printHistory(*all, *target);
    auto connecting = all->connectToAgent(*target);
    const auto link = co_await std::move(connecting);
    if (!link)
        co_return oursFailed(*all, link.error());
    ActRequest request;
    request.target = target->id;
    request.parameters.insert(QStringLiteral("gpus"), invocation.number("gpus", 1));
    request.parameters.insert(QStringLiteral("seconds"), invocation.number("seconds", 60));
    request.parameters.insert(
        QStringLiteral("devices"), QJsonArray::fromStringList(invocation.values("device")));
    auto launching = all->run(QStringLiteral("gpu.check"), request);
    const auto told = co_await std::move(launching);
    if (!told)
        co_return oursFailed(*all, told.error());
    auto following = follow(*all, told->value(QLatin1String("id")).toString());
    co_return co_await std::move(following);
}

const Verb gpuTestVerb{"gputest", "ALIAS",
    QT_TRANSLATE_NOOP("ctl", "check GPUs: bandwidth, matrix products, memory, sustained load"),
    "gputest lab --gpus 8 --seconds 300", 1, 1, true,
    {{"gpus", "N", QT_TRANSLATE_NOOP("ctl", "so many that are free (1)")},
        {"device", "UUID", QT_TRANSLATE_NOOP("ctl", "this one; may be given again")},
        {"seconds", "N", QT_TRANSLATE_NOOP("ctl", "time for all of it (60)")},
        {"history", nullptr, QT_TRANSLATE_NOOP("ctl", "what was found before, without a test")}},
    &runGpuTest,
    QT_TRANSLATE_NOOP("ctl",
        "Launches the test as a job, follows it and prints figures beside the card's datasheet and "
        "its own\nbaseline. The node needs a driver and nothing else.")};

} // namespace pilothouse::ctl
