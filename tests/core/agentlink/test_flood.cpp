// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "agents/wire/tickcodec.h"
#include "core/agentlink/agentchannel.h"
#include "core/agentlink/floodgate.h"
#include "core/transport/ioloop.h"
#include "tests/support/liveagent.h"

#include <QSignalSpy>
#include <QTest>

#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/server_posix.h>
#include <pilothouse/agent/v1/agent.grpc.pb.h>

#include <atomic>
#include <fcntl.h>
#include <sys/socket.h>
#include <thread>

using namespace pilothouse;
namespace proto = ::pilothouse::agent::v1;

namespace {

/// An agent of 1,000 series, as the tests' own process serves it. One that floods writes what a
/// socket takes; one that does not has a tick every few milliseconds.
class ServedAgent : public proto::Agent::Service {
public:
    explicit ServedAgent(bool floods)
        : m_floods(floods)
    {
        grpc::ServerBuilder builder;
        builder.RegisterService(this);
        m_server = builder.BuildAndStart();
        int ends[2];
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0)
            qFatal("socketpair");
        grpc::AddInsecureChannelFromFd(m_server.get(), ends[0]);
        client = makeAgentClient(Descriptor(ends[1]));
    }
    ~ServedAgent() override
    {
        client.reset();
        m_server->Shutdown(std::chrono::system_clock::now());
    }

    grpc::Status Subscribe(grpc::ServerContext *context, const proto::SubscribeRequest *,
        grpc::ServerWriter<proto::Batch> *out) override
    {
        wire::TickEncoder encoder;
        wire::Tick tick;
        tick.values.resize(1000);
        for (uint64_t number = 1; !context->IsCancelled();) {
            proto::Batch batch;
            if (number == 1) {
                for (std::size_t i = 0; i < tick.values.size(); ++i)
                    batch.mutable_catalogue()->add_series()->set_metric("m" + std::to_string(i));
            }
            batch.set_count(m_floods ? 200 : 1);
            for (uint32_t i = 0; i < batch.count(); ++i, ++number) {
                tick.number = number;
                tick.boottimeNs = int64_t(number) * 1'000'000;
                tick.wallNs = 1'790'000'000'000'000'000 + tick.boottimeNs;
                for (auto &value : tick.values)
                    value += int64_t(number % 2 == 0 ? 9000 : -9000);
                encoder.encode(tick, *batch.mutable_ticks());
            }
            if (!out->Write(batch))
                break;
            sent += batch.ByteSizeLong();
            if (!m_floods)
                std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        return grpc::Status::OK;
    }

    std::unique_ptr<AgentClient> client;
    std::atomic<std::size_t> sent{0}; ///< bytes

private:
    const bool m_floods;
    std::unique_ptr<grpc::Server> m_server;
};

} // namespace

class TestFlood : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void cleanupTestCase()
    {
        stopAgentThreads();
        IoLoop::instance().stop();
    }

    void theGateHasRoomForARing()
    {
        FloodGate gate;
        FloodGate::Clock::time_point now;
        gate.expect(1000);
        // Two hours at once, and then for ever what a busy agent sends.
        for (int i = 0; i < 7200; ++i)
            QVERIFY(gate.take(4 * 1000, now));
        for (int i = 0; i < 100'000; ++i)
            QVERIFY(gate.take(4 * 1000, now += std::chrono::milliseconds(100)));
        // 100 MB a second is another thing.
        int seconds = 0;
        while (gate.take(100'000'000, now += std::chrono::seconds(1)))
            ++seconds;
        QVERIFY2(seconds <= 1, qPrintable(QString::number(seconds)));
        QVERIFY(!gate.take(1, now += std::chrono::hours(1))); // and stays closed
    }

    void onlyTheOneThatFloodsIsLeft()
    {
        ServedAgent flooding(true), steady(false);
        QSignalSpy lost(flooding.client.get(), &AgentClient::lost);
        QSignalSpy steadyLost(steady.client.get(), &AgentClient::lost);
        std::optional<Error> why;
        int flooded = 0, heard = 0, heardMeanwhile = 0;
        TelemetryHandlers bad, good;
        bad.ticks = [&](const std::vector<AgentTick> &ticks, qint64, qint64) {
            flooded += int(ticks.size());
        };
        bad.ended = [&](const Error &error) { why = error; };
        good.ticks = [&](const std::vector<AgentTick> &ticks, qint64, qint64) {
            heard += int(ticks.size());
            heardMeanwhile += why ? 0 : int(ticks.size());
        };
        const auto good1 = steady.client->subscribe({}, 1, good);
        QVERIFY(eventually([&] { return heard > 0; }));
        heardMeanwhile = 0;
        auto bad1 = flooding.client->subscribe({}, 1, bad);
        QVERIFY(eventually([&] { return why.has_value(); }));
        QCOMPARE(why->kind, ErrorKind::Denied);
        QVERIFY(flooded > 0 && !why->message.isEmpty() && !why->next.isEmpty());
        QVERIFY(flooding.sent < 200'000'000);
        QVERIFY2(heardMeanwhile > 0, "the other stays live meanwhile");
        QCOMPARE(lost.size(), 1);
        QCOMPARE(lost.first().first().value<Error>().kind, ErrorKind::Denied);
        heard = 0;
        QVERIFY(eventually([&] { return heard > 10; }));
        QCOMPARE(steadyLost.size(), 0);
    }
};

QTEST_GUILESS_MAIN(TestFlood)
#include "test_flood.moc"
