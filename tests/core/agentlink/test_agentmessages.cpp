// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "agents/wire/tickcodec.h"
#include "core/agentlink/convert.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace pilothouse;

class TestAgentMessages : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void statusBecomesKind_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<int>("kind");
        const auto row = [](const char *name, grpc::StatusCode code, ErrorKind kind) {
            QTest::newRow(name) << int(code) << int(kind);
        };
        row("unavailable", grpc::StatusCode::UNAVAILABLE, ErrorKind::Unreachable);
        row("not found", grpc::StatusCode::NOT_FOUND, ErrorKind::NotFound);
        row("invalid", grpc::StatusCode::INVALID_ARGUMENT, ErrorKind::BadInput);
        row("precondition", grpc::StatusCode::FAILED_PRECONDITION, ErrorKind::Conflict);
        row("exhausted", grpc::StatusCode::RESOURCE_EXHAUSTED, ErrorKind::NoSpace);
        row("unimplemented", grpc::StatusCode::UNIMPLEMENTED, ErrorKind::Unsupported);
        row("deadline", grpc::StatusCode::DEADLINE_EXCEEDED, ErrorKind::Timeout);
        row("denied", grpc::StatusCode::PERMISSION_DENIED, ErrorKind::Denied);
        row("data loss", grpc::StatusCode::DATA_LOSS, ErrorKind::BadReply);
        row("internal", grpc::StatusCode::INTERNAL, ErrorKind::Internal);
    }
    void statusBecomesKind()
    {
        QFETCH(int, code);
        QFETCH(int, kind);
        const auto error = toError(
            grpc::Status(grpc::StatusCode(code), "The file is not there."), QStringLiteral("read"));
        QCOMPARE(int(error.kind), kind);
        QCOMPARE(error.stage, QStringLiteral("read"));
        QVERIFY(!error.message.isEmpty());
        QVERIFY((error.message + error.cause).contains(QLatin1String("The file is not there."))
            || error.kind == ErrorKind::Timeout);
    }

    void cancelledIsOursOnlyWhenWeAsked()
    {
        const grpc::Status status(grpc::StatusCode::CANCELLED, "");
        QCOMPARE(toError(status, QStringLiteral("x"), true).kind, ErrorKind::Cancelled);
        QCOMPARE(toError(status, QStringLiteral("x"), false).kind, ErrorKind::Unreachable);
    }

    void textIsBoundedAndRepaired()
    {
        QCOMPARE(cleanText(std::string(5000, 'x')).size(), 1024);
        QVERIFY(cleanText("a\xff\xfe").startsWith(QLatin1Char('a')));
    }

    void catalogueOverTheCapIsCut()
    {
        proto::CatalogueReply reply;
        for (int i = 0; i < 100'000; ++i)
            reply.add_series()->set_metric("m" + std::to_string(i));
        const auto catalogue = toCatalogue(reply);
        QCOMPARE(catalogue.series.size(), qsizetype(wire::TickDecoder::maxSeries));
        QCOMPARE(catalogue.series.last().metric, QStringLiteral("m65535"));
        QCOMPARE(catalogue.unsupported.last().metric, QStringLiteral("34464 more series"));
    }

    void labelsOfAnyKindAreBounded()
    {
        proto::CatalogueReply reply;
        reply.add_series()->set_metric(std::string(1 << 20, 'x'));
        reply.add_series()->set_device("<b>\x01\x00\n&amp;");
        const auto catalogue = toCatalogue(reply);
        QCOMPARE(catalogue.series[0].metric.size(), 1024);
        QCOMPARE(catalogue.series[1].device.left(3), QStringLiteral("<b>")); // shown as it is
    }

    void badStepsAndTimesAreNotUsed()
    {
        proto::CatalogueReply reply;
        for (const double step : {0.0, -1.0, std::nan(""), std::numeric_limits<double>::infinity()})
            reply.add_series()->set_step(step);
        reply.add_series()->set_step(0.5);
        reply.mutable_coverage()->set_first_wall_ns(std::numeric_limits<int64_t>::min());
        const auto catalogue = toCatalogue(reply);
        for (int i = 0; i < 4; ++i)
            QCOMPARE(catalogue.series[i].step, 1.0);
        QCOMPARE(catalogue.series[4].step, 0.5);
        QCOMPARE(catalogue.firstWallNs, 0);
        proto::HelloReply hello;
        hello.set_wall_ns(std::numeric_limits<int64_t>::max());
        QCOMPARE(toFacts(hello).wallNs, 0);
    }

    void impossibleNumbersAreUnknown()
    {
        proto::Job job;
        job.mutable_spec()->set_gpus(std::numeric_limits<uint32_t>::max());
        job.set_submitted_ns(-1);
        job.set_ended_ns(std::numeric_limits<int64_t>::max());
        const auto taken = toJob(job);
        QCOMPARE(taken.spec.gpus, std::numeric_limits<int>::max());
        QCOMPARE(taken.submittedAt, 0);
        QCOMPARE(taken.endedAt, 0);
        proto::Process process;
        process.set_cpu_ratio(std::nan(""));
        QCOMPARE(toProcess(process).cpuRatio, 0.0);
        process.set_cpu_ratio(-1);
        QCOMPARE(toProcess(process).cpuRatio, 0.0);
        QVERIFY(std::isnan(inSteps(std::numeric_limits<int64_t>::max(), 1e300)));
        QCOMPARE(inSteps(-3, 0.5), -1.5);
    }

    void absentRollupsStayAbsent()
    {
        AgentCatalogue catalogue;
        catalogue.series = QList<SeriesInfo>(2);
        catalogue.series[0].step = 0.25;
        proto::RollupBatch row;
        row.set_seconds(30);
        for (const auto value : {int64_t(4), int64_t(8), int64_t(6)})
            row.add_values(value);
        for (int i = 0; i < 3; ++i)
            row.add_values(wire::absent);
        row.add_values(7); // a damaged tail: not three of them
        const auto rollup = toRollup(row, catalogue);
        QCOMPARE(rollup.min[0], 1.0);
        QCOMPARE(rollup.max[0], 2.0);
        QCOMPARE(rollup.last[0], 1.5);
        QVERIFY(
            std::isnan(rollup.min[1]) && std::isnan(rollup.max[1]) && std::isnan(rollup.last[1]));
        QCOMPARE(rollup.min.size(), std::size_t(2));
    }

    void jobsKeepWhatIsUnknownUnknown()
    {
        proto::Job from;
        from.set_id("a");
        from.set_state(proto::JobState(77));
        auto job = toJob(from);
        QCOMPARE(job.state, JobState::Unknown);
        QVERIFY(!job.exitCode && !job.signal && !job.peakMemoryBytes);
        from.set_state(proto::FAILED);
        from.set_has_exit(true);
        from.set_exit_code(3);
        QCOMPARE(*toJob(from).exitCode, 3);
        from.set_signal(9);
        job = toJob(from);
        QVERIFY(!job.exitCode);
        QCOMPARE(*job.signal, 9);
    }

    void specGoesOverUnchanged()
    {
        JobSpec spec;
        spec.name = QStringLiteral("é'\"$()");
        spec.script = QByteArray("#!/bin/sh\r\n\xff end", 16);
        spec.environment.insert(QStringLiteral("A"), QStringLiteral("b c"));
        spec.gpuUuids << QStringLiteral("GPU-1");
        spec.timeLimitSeconds = 60;
        const auto to = fromSpec(QStringLiteral("id"), spec);
        QCOMPARE(QByteArray::fromStdString(to.script()), spec.script);
        QCOMPARE(QString::fromStdString(to.name()), spec.name);
        QCOMPARE(QString::fromStdString(to.environment().at("A")), QStringLiteral("b c"));
        QCOMPARE(to.gpu_uuids(0), std::string("GPU-1"));
        QCOMPARE(to.time_limit_seconds(), 60u);
    }
};

QTEST_GUILESS_MAIN(TestAgentMessages)
#include "test_agentmessages.moc"
