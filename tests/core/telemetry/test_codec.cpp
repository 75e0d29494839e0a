// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/codec.h"
#include "core/telemetry/frame.h"
#include "core/telemetry/rowcodec.h"

#include <QTest>

#include <cmath>
#include <limits>
#include <random>

using namespace pilothouse;

class TestCodec : public QObject {
    Q_OBJECT

    static bool roundTrips(const std::vector<double> &values, std::size_t *size = nullptr)
    {
        Bytes out;
        ByteWriter write(out);
        codec::encodeColumn(values, write);
        if (size)
            *size = out.size();
        std::vector<double> back(values.size());
        ByteReader in(out);
        if (!codec::decodeColumn(in, back) || in.left() != 0)
            return false;
        for (std::size_t i = 0; i < values.size(); ++i)
            if (std::isnan(values[i])
                    ? !std::isnan(back[i])
                    : std::bit_cast<quint64>(values[i]) != std::bit_cast<quint64>(back[i]))
                return false;
        return true;
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void columnsComeBackBitForBit()
    {
        const double nan = std::numeric_limits<double>::quiet_NaN();
        const double most = std::numeric_limits<double>::max();
        QVERIFY(roundTrips({}));
        QVERIFY(roundTrips({nan, nan}));
        QVERIFY(roundTrips({0.0, -0.0, 0.1, 1.0 / 3, -1e300, most, -most, 5e-324}));
        QVERIFY(roundTrips({9007199254740991, -9007199254740991, 0}));
        QVERIFY(roundTrips({nan, 640.123, nan, 640.5, nan}));
        std::mt19937_64 random(7);
        for (int round = 0; round < 300; ++round) {
            std::vector<double> values;
            const int kind = round % 6;
            double walk = 500;
            for (int i = 0; i < 300; ++i) {
                walk += double(int(random() % 2001) - 1000) / 100;
                double value = walk;
                if (kind == 1)
                    value = std::round(walk * 1000) / 1000;
                else if (kind == 2)
                    value = double(qint64(random() % 100)) * 1e6;
                else if (kind == 3)
                    value = std::bit_cast<double>(
                        (quint64(random()) & ~(quint64(0x7ff) << 52)) | (quint64(1000) << 52));
                else if (kind == 4)
                    value = 81'559'289'856.0;
                else if (kind == 5)
                    value = double(random() >> 12);
                values.push_back(random() % 10 == 0 && kind != 4 ? nan : value);
            }
            QVERIFY(roundTrips(values));
        }
    }

    void constantsAndRampsAreSmall()
    {
        std::vector<double> constant(512, 81'559'289'856.0), ramp;
        for (int i = 0; i < 512; ++i)
            ramp.push_back(1e12 + i * 4096.0);
        std::size_t size = 0;
        QVERIFY(roundTrips(constant, &size));
        QVERIFY2(size < 16, qPrintable(QString::number(size)));
        QVERIFY(roundTrips(ramp, &size));
        QVERIFY2(size < 530, qPrintable(QString::number(size)));
    }

    void theBestCodecIsTaken()
    {
        // Noise of 12 bits around a level costs 1.5 bytes, a counter of it no more, tenths of a
        // degree that creep a fraction of a byte, and thirds (no decimals) are XORed.
        std::mt19937 random(5);
        std::vector<double> level, counter, creep, thirds;
        double sum = 1e9, heat = 40;
        for (int i = 0; i < 4096; ++i) {
            level.push_back(double(600'000 + random() % 4096) / 1000);
            counter.push_back(sum += double(600'000 + random() % 4096));
            heat += double(int(random() % 3) - 1) / 10;
            creep.push_back(std::round(heat * 10) / 10);
            thirds.push_back(double(i / 100) / 3);
        }
        std::size_t size = 0;
        QVERIFY(roundTrips(level, &size));
        QVERIFY2(size < 4096 * 1.6, qPrintable(QString::number(size)));
        QVERIFY(roundTrips(counter, &size));
        QVERIFY2(size < 4096 * 1.8, qPrintable(QString::number(size)));
        QVERIFY(roundTrips(creep, &size));
        QVERIFY2(size < 4096 * 0.35, qPrintable(QString::number(size)));
        QVERIFY(roundTrips(thirds, &size));
        QVERIFY2(size < 4096 * 0.5, qPrintable(QString::number(size)));
    }

    void journalRowsComeBackBitForBit()
    {
        std::mt19937_64 random(9);
        for (const std::size_t cells : {1, 7, 136}) {
            std::vector<double> values;
            for (std::size_t i = 0; i < cells * 40; ++i) {
                const double above = i < cells ? 0 : values[i - cells];
                const int kind = int(random() % 8);
                values.push_back(kind == 0 ? std::bit_cast<double>(quint64(random()))
                        : kind == 1        ? std::numeric_limits<double>::quiet_NaN()
                        : kind == 2        ? double(random() % 1000) / 10
                        : kind == 3        ? -0.0
                                           : above);
            }
            Bytes out;
            codec::encodeRowValues(values, cells, out);
            std::vector<double> back(values.size());
            ByteReader in(out);
            QVERIFY(codec::decodeRowValues(in, cells, back));
            QCOMPARE(in.left(), std::size_t(0));
            QCOMPARE(std::memcmp(values.data(), back.data(), values.size() * sizeof(double)), 0);
            for (std::size_t cut = 0; cut < out.size(); cut += 1 + cut / 16) {
                ByteReader shorter(ByteSpan(out).first(cut));
                QVERIFY(!codec::decodeRowValues(shorter, cells, back));
            }
        }
    }

    void hostileBytesAreRefusedOrDecoded()
    {
        std::mt19937 random(3);
        std::vector<double> out(100);
        for (int round = 0; round < 20000; ++round) {
            Bytes bytes(random() % 200);
            for (auto &byte : bytes)
                byte = std::uint8_t(random());
            ByteReader in(bytes);
            codec::decodeColumn(in, out);
            QVERIFY(in.left() <= bytes.size());
            ByteReader rows(bytes);
            codec::decodeRowValues(rows, 10, out);
            QVERIFY(rows.left() <= bytes.size());
        }
    }

    void walkFindsFramesBehindDamage()
    {
        Bytes file, body(100, 'x');
        std::vector<std::size_t> starts;
        for (int i = 0; i < 5; ++i) {
            starts.push_back(file.size());
            appendFrame(
                file, {.kind = FrameKind::Rows, .rows = 1, .minTime = i, .maxTime = i}, {}, body);
        }
        file[starts[2] + 9] ^= 1; // a header
        file[starts[3] + FrameHeader::size + 5] ^= 1; // a body
        file.insert(file.end(), 30, 0);
        const auto readAt = [&](std::uint64_t offset, std::size_t size) {
            const auto from = std::min<std::size_t>(offset, file.size());
            const auto count = std::min(size, file.size() - from);
            return Bytes(
                file.begin() + std::ptrdiff_t(from), file.begin() + std::ptrdiff_t(from + count));
        };
        std::vector<qint64> found;
        const auto walk = walkFrames(
            readAt, 0, true, [&](auto, const auto &header) { found.push_back(header.minTime); });
        QCOMPARE(found, (std::vector<qint64>{0, 1, 4}));
        QCOMPARE(walk.damage.size(), std::size_t(2));
        QCOMPARE(walk.tail, std::uint64_t(30));
        QCOMPARE(walk.end, std::uint64_t(file.size() - 30));
    }
};

QTEST_GUILESS_MAIN(TestCodec)
#include "test_codec.moc"
