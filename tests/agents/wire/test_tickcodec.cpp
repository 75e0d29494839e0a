// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/wire/tickcodec.h"
#include "agents/wire/varint.h"

#include <QTest>
#include <random>

using namespace pilothouse::wire;

namespace {

using Random = std::mt19937_64;

int64_t anyValue(Random &random)
{
    switch (random() % 8) {
    case 0:
        return absent;
    case 1:
        return int64_t(random());
    case 2:
        return random() % 2 ? std::numeric_limits<int64_t>::max() : absent + 1;
    case 3:
        return 0;
    default:
        return int64_t(random() % 2001) - 1000;
    }
}

/// Ticks whose number of values grows and shrinks, with jumps in number and in both clocks.
std::vector<Tick> anyTicks(Random &random, int count)
{
    std::vector<Tick> ticks;
    Tick tick{random() % 100, 0, 0, {}};
    for (int i = 0; i < count; ++i) {
        tick.number = random() % 10 ? tick.number + 1 : random();
        tick.boottimeNs = random() % 10 ? tick.boottimeNs + 1000000000 : int64_t(random());
        tick.wallNs = random() % 10 ? tick.wallNs + 1000000003 : int64_t(random());
        if (random() % 4 == 0)
            tick.values.resize(random() % 40, absent);
        for (auto &value : tick.values) {
            if (random() % 3 == 0)
                value = anyValue(random);
        }
        ticks.push_back(tick);
    }
    return ticks;
}

std::string encoded(const std::vector<Tick> &ticks)
{
    std::string out;
    TickEncoder encoder;
    for (const auto &tick : ticks)
        encoder.encode(tick, out);
    return out;
}

} // namespace

class TestTickCodec : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void varintsComeBack_data()
    {
        QTest::addColumn<quint64>("value");
        for (int bit = 0; bit < 64; ++bit) {
            QTest::addRow("2^%d", bit) << (quint64(1) << bit);
            QTest::addRow("2^%d - 1", bit) << (quint64(1) << bit) - 1;
        }
        QTest::newRow("largest") << ~quint64(0);
    }
    void varintsComeBack()
    {
        QFETCH(quint64, value);
        std::string bytes;
        putVarint(value, bytes);
        std::string_view in = bytes;
        uint64_t back = 0;
        QVERIFY(takeVarint(in, back));
        QCOMPARE(back, value);
        QVERIFY(in.empty());
        in = std::string_view(bytes).substr(0, bytes.size() - 1);
        QVERIFY(!takeVarint(in, back));
    }

    void tooLongVarintsAreRefused()
    {
        const std::string bytes(9, '\xff');
        uint64_t value = 0;
        for (const char *tail : {"\x02", "\xff\x01", "\x80\x00"}) {
            const auto whole = bytes + tail;
            std::string_view in = whole;
            QVERIFY(!takeVarint(in, value));
        }
    }

    void anyTicksComeBack()
    {
        Random random(1);
        for (int round = 0; round < 500; ++round) {
            const auto ticks = anyTicks(random, 30);
            const auto bytes = encoded(ticks);
            std::string_view in = bytes;
            TickDecoder decoder;
            for (const auto &tick : ticks) {
                const auto back = decoder.decode(in);
                QVERIFY(back);
                QVERIFY(*back == tick);
            }
            QVERIFY(in.empty());
            QVERIFY(!decoder.decode(in));
        }
    }

    void streamsMayFollowEachOther()
    {
        Random random(2);
        const auto first = anyTicks(random, 5), second = anyTicks(random, 5);
        const auto bytes = encoded(first) + encoded(second);
        std::string_view in = bytes;
        TickDecoder decoder;
        for (int i = 0; i < 10; ++i)
            QVERIFY(decoder.decode(in) == (i < 5 ? first[i] : second[i - 5]));
    }

    void differencesNeedAKeyFrame()
    {
        Random random(3);
        const auto ticks = anyTicks(random, 2);
        std::string key, difference;
        TickEncoder encoder;
        encoder.encode(ticks[0], key);
        encoder.encode(ticks[1], difference);
        std::string_view in = difference;
        QVERIFY(!TickDecoder().decode(in));
        // Nor do they continue after damage.
        TickDecoder decoder;
        in = key;
        QVERIFY(decoder.decode(in));
        const std::string damaged = difference.substr(0, 1);
        in = damaged;
        QVERIFY(!decoder.decode(in));
    }

    void everyTruncationIsSeen()
    {
        Random random(4);
        for (int round = 0; round < 20; ++round) {
            const auto bytes = encoded(anyTicks(random, 1));
            for (std::size_t size = 0; size < bytes.size(); ++size) {
                const std::string cut(bytes, 0, size);
                std::string_view in = cut;
                QVERIFY(!TickDecoder().decode(in));
            }
        }
    }

    void hostileBytesEndInNothingOrABoundedTick()
    {
        Random random(5);
        for (int round = 0; round < 20000; ++round) {
            std::string bytes
                = round % 2 ? encoded(anyTicks(random, 4)) : std::string(random() % 64, 0);
            for (auto &byte : bytes) {
                if (round % 2 == 0 || random() % 16 == 0)
                    byte = char(random());
            }
            if (!bytes.empty() && round % 4 == 0)
                bytes[0] = 'K';
            std::string_view in = bytes;
            TickDecoder decoder;
            while (const auto tick = decoder.decode(in))
                QVERIFY(tick->values.size() <= TickDecoder::maxSeries);
        }
    }

    void hugeCountsAreRefused()
    {
        std::string bytes(4, '\0');
        bytes[0] = 'K';
        putVarint(TickDecoder::maxSeries + 1, bytes);
        std::string_view in = bytes;
        QVERIFY(!TickDecoder().decode(in));
        Tick tick;
        tick.values.resize(TickDecoder::maxSeries + 5, 7);
        const auto cut = encoded({tick});
        in = cut;
        const auto back = TickDecoder().decode(in);
        QVERIFY(back);
        QCOMPARE(back->values.size(), TickDecoder::maxSeries);
    }

    void unchangedTicksAreTiny()
    {
        Tick tick{1, 1000000000, 1700000000000000000, std::vector<int64_t>(700, 123456789)};
        std::string bytes;
        TickEncoder encoder;
        encoder.encode(tick, bytes);
        bytes.clear();
        tick.number += 1;
        tick.boottimeNs += 1000000000;
        tick.wallNs += 1000000000;
        encoder.encode(tick, bytes);
        QVERIFY2(bytes.size() <= 10, qPrintable(QString::number(bytes.size())));
    }
};

QTEST_GUILESS_MAIN(TestTickCodec)
#include "test_tickcodec.moc"
