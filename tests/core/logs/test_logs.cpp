// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/logs/ansitext.h"
#include "core/logs/logbuffer.h"

#include <QRandomGenerator>
#include <QTest>

using namespace pilothouse;

class TestLogs : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void sgrBecomesSpans()
    {
        TextStyle style;
        const auto line = styledLine("\x1b[1;31mloss\x1b[0m 0.25 \x1b[38;2;1;2;3mrgb\x1b[m", style);
        QCOMPARE(line.text, QStringLiteral("loss 0.25 rgb"));
        QCOMPARE(line.spans.size(), 2);
        QCOMPARE(line.spans[0].style.foreground, 1);
        QVERIFY(line.spans[0].style.bold);
        QCOMPARE(line.spans[0].length, 4);
        QCOMPARE(line.spans[1].style.foreground, 0x1000000 | 0x010203);
        QCOMPARE(style, TextStyle());
    }

    void styleGoesOnOverLines()
    {
        LogBuffer log;
        log.append(0, "\x1b[32mgreen\nstill\x1b[0m\nplain\n");
        QCOMPARE(log.line(1).spans.value(0).style.foreground, 2);
        QVERIFY(log.line(2).spans.isEmpty());
    }

    void otherControlsAreMarks_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("shown");
        QTest::newRow("cursor") << QByteArray("a\x1b[2Jb") << QStringLiteral("a␛[2Jb");
        QTest::newRow("title") << QByteArray("\x1b]0;x\x07") << QStringLiteral("␛]0;x␇");
        QTest::newRow("overwrite") << QByteArray("50%\r100%") << QStringLiteral("50%␍100%");
        QTest::newRow("line end") << QByteArray("dos\r") << QStringLiteral("dos");
        QTest::newRow("nul") << QByteArray("a\0b", 3) << QStringLiteral("a␀b");
        QTest::newRow("c1") << QByteArray("\xc2\x9b"
                                          "31m")
                            << QStringLiteral("⟪U+009B⟫31m");
        QTest::newRow("bidi") << QByteArray("a\xe2\x80\xae"
                                            "b")
                              << QStringLiteral("a⟪U+202E⟫b");
        QTest::newRow("unfinished") << QByteArray("a\x1b[31") << QStringLiteral("a␛[31");
        QTest::newRow("broken utf-8") << QByteArray("a\xff") << QStringLiteral("a\uFFFD");
    }
    void otherControlsAreMarks()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, shown);
        TextStyle style;
        QCOMPARE(styledLine(bytes, style).text, shown);
    }

    void nothingRandomLeavesAControl()
    {
        auto *random = QRandomGenerator::global();
        for (int round = 0; round < 3000; ++round) {
            QByteArray bytes(random->bounded(200), '\0');
            for (auto &byte : bytes)
                byte = random->bounded(3) == 0 ? "\x1b[;m0123"[random->bounded(8)]
                                               : char(random->bounded(256));
            TextStyle style;
            const auto line = styledLine(bytes, style);
            for (const QChar c : line.text)
                QVERIFY(c.unicode() >= 0x20 && (c.unicode() < 0x7F || c.unicode() >= 0xA0));
            for (const auto &span : line.spans)
                QVERIFY(span.start >= 0 && span.start + span.length <= line.text.size());
        }
    }

    void piecesMakeTheSameLines()
    {
        QByteArray whole;
        for (int i = 0; i < 500; ++i)
            whole += "step " + QByteArray::number(i) + (i % 7 == 0 ? "\x1b[31m" : "") + "\n";
        LogBuffer once, pieces;
        once.append(0, whole);
        for (qsizetype at = 0; at < whole.size();) {
            const qsizetype length = std::min<qsizetype>(
                QRandomGenerator::global()->bounded(1, 40), whole.size() - at);
            pieces.append(quint64(at), whole.mid(at, length));
            pieces.append(quint64(std::max<qsizetype>(0, at - 5)),
                whole.mid(std::max<qsizetype>(0, at - 5), 5)); // sent again
            at += length;
        }
        QCOMPARE(pieces.lineCount(), once.lineCount());
        for (qsizetype i = 0; i < once.lineCount(); ++i) {
            QCOMPARE(pieces.rawLine(i), once.rawLine(i));
            QCOMPARE(pieces.line(i).spans.size(), once.line(i).spans.size());
        }
    }

    void tenMegabyteLineIsKeptAndCutWhenShown()
    {
        LogBuffer log;
        log.append(0, QByteArray(10 * 1024 * 1024, 'x') + "\nnext\n");
        QCOMPARE(log.rawLine(0).size(), 10 * 1024 * 1024);
        QVERIFY(log.line(0).cut);
        QCOMPARE(log.rawLine(1), QByteArray("next"));
    }

    void headIsDroppedOverTheLimit()
    {
        LogBuffer log(1000);
        QByteArray all;
        for (int i = 0; i < 300; ++i) {
            const QByteArray line = "line " + QByteArray::number(i) + '\n';
            log.append(quint64(all.size()), line);
            all += line;
        }
        QVERIFY(log.firstOffset() > 0);
        QCOMPARE(log.endOffset(), quint64(all.size()));
        QByteArray kept;
        for (qsizetype i = 0; i < log.lineCount(); ++i)
            kept += log.rawLine(i) + (i + 1 < log.lineCount() ? "\n" : "");
        QCOMPARE(kept, all.mid(qsizetype(log.firstOffset())));
    }

    void findsTheFirstError()
    {
        LogBuffer log;
        log.append(0,
            "start\nselftest: 0 errors\nTraceback (most recent call last):\nRuntimeError: CUDA "
            "error\n");
        QCOMPARE(log.firstError().value_or(-1), qsizetype(2));
        QCOMPARE(log.firstError(3).value_or(-1), qsizetype(3));
        QCOMPARE(log.matching(QStringLiteral("cuda")).size(), std::size_t(1));
    }
};

QTEST_GUILESS_MAIN(TestLogs)
#include "test_logs.moc"
