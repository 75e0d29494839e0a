// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/filter.h"

#include <QTest>

#include <cmath>

using namespace pilothouse;

namespace {

constexpr double gib = 1024.0 * 1024 * 1024;

FilterFields fields()
{
    FilterFields all;
    all.mine = 8;
    all.columns = {{"node", "Node", CellKind::Text, {}, "where it is"},
        {"util", "Util", CellKind::Number, "ratio", "busy", {"busy", "utilisation", "utilization"}},
        {"memory", "Memory", CellKind::Number, "bytes"},
        {"idle", "Idle", CellKind::Number, "seconds"},
        {"owner", "Owner", CellKind::Text, {}, "who has it", {"person"}, {"me"}},
        {"state", "State", CellKind::Text, {}, {}, {}, {"idle", "busy", "bad"}},
        {"reserved", {}, CellKind::Number, "flag"},
        {"uuid", {}, CellKind::Text, {}, {}, {}, {}, false},
        {"mine", {}, CellKind::Number, "flag"}};
    return all;
}

struct Row {
    const char *node;
    double util, memory, idle;
    const char *owner, *state;
    double reserved;
};

const Row rows[] = {
    {"a1-n02", 0.97, 71 * gib, 0, "mia", "busy", 1},
    {"a1-n10", 0.04, 1 * gib, 11520, "lena", "idle", 1},
    {"a1-n1", NAN, NAN, NAN, "", "bad", NAN},
    {"b2 x", 0.40, 40 * gib, 5400, "oskar", "busy", 0},
};

} // namespace

class TestFilter : public QObject {
    Q_OBJECT

    std::unique_ptr<RowIndexModel> m_model;

    QString shown() const
    {
        QString numbers;
        for (int i = 0; i < 4; ++i) {
            if (m_model->rowOf(QString::number(i)) >= 0)
                numbers += QString::number(i);
        }
        return numbers;
    }
    static QStringList texts(const FilterOptions &options)
    {
        QStringList all;
        for (const auto &option : options.options)
            all << option.text;
        return all;
    }
    FilterOptions complete(const QString &text) const
    {
        return completeFilter(text, text.size(), fields(),
            [this](int column) { return columnValues(*m_model, column); });
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_model = std::make_unique<RowIndexModel>(fields().columns);
        RowIndexModel::Edit edit(m_model.get());
        for (int i = 0; i < 4; ++i) {
            const auto slot = edit.row(QString::number(i));
            edit.set(slot, 0, QString::fromUtf8(rows[i].node));
            edit.set(slot, 1, rows[i].util);
            edit.set(slot, 2, rows[i].memory);
            edit.set(slot, 3, rows[i].idle);
            edit.set(slot, 4, QString::fromUtf8(rows[i].owner));
            edit.set(slot, 5, QString::fromUtf8(rows[i].state));
            edit.set(slot, 6, rows[i].reserved);
            edit.set(slot, 7, QStringLiteral("GPU-mia-%1").arg(i));
            edit.set(slot, 8, i == 0 || i == 3 ? 1.0 : 0.0); // oskar is you, too, on that node
        }
    }
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void fits_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        QTest::addColumn<QString>("written");
        const auto row = [](const char *text, const char *expected, const char *written = "") {
            QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(expected)
                                << QString::fromUtf8(*written ? written : text);
        };
        row("  ", "0123", " ");
        row("util < 5", "1");
        row("util<5%", "1", "util < 5");
        row("UTIL >= 40", "03", "util >= 40");
        row("util = 40", "3");
        row("busy != 40 %", "01", "util != 40");
        row("util = unknown", "2");
        row("util != none", "013", "util != unknown");
        row("not util < 5", "023");
        row("memory >= 40GiB", "03", "memory >= 40");
        row("memory >= 40 GiB", "03", "memory >= 40");
        row("memory ≤ 1073741824 B", "1", "memory <= 1");
        row("memory > 42.9GB", "03", "memory > 39.953738451");
        row("idle > 1h30m", "1", "idle > 5400");
        row("idle >= 1.5h", "13", "idle >= 5400");
        row("owner = me", "03", "mine");
        row("person ~ me and util > 50", "0", "mine and util > 50");
        row("owner != me", "12", "not mine");
        row("not owner = me and reserved", "1", "not mine and reserved");
        row("mine", "03");
        row("owner = \"me\"", "", "owner = \"me\"");
        row("person != MIA", "123", "owner != MIA");
        row("owner = unknown", "2");
        row("owner ~ a", "013");
        row("owner !~ a", "2");
        row("node < a1-n10", "02");
        row("node = 'b2 x'", "3", "node = \"b2 x\"");
        row("reserved", "01");
        row("reserved = no", "3", "reserved = 0");
        row("reserved and util < 5", "1");
        row("mia", "0"); // not in the column that is not searched
        row("\"b2 x\" or mia", "03");
        row("busy", "03", "\"busy\"");
        row("a1 idle", "1", "a1 and \"idle\"");
        row("mia or lena and reserved or b2", "013", "mia or (lena and reserved) or b2");
        row("(mia or lena) and util > 50", "0");
        row("not (mia or lena)", "23");
        row("not not mia", "0");
        row("state != busy and not reserved", "2");
    }
    void fits()
    {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        QFETCH(QString, written);
        const auto node = parseFilter(text, fields());
        QVERIFY2(node, node ? "" : qPrintable(node.error().message));
        m_model->setFilter(compileFilter(*node, fields()));
        QCOMPARE(shown(), expected);
        const auto again = filterText(*node, fields());
        QCOMPARE(again, written.trimmed());
        const auto reparsed = parseFilter(again, fields());
        QVERIFY(reparsed);
        QCOMPARE(filterText(*reparsed, fields()), again);
    }

    void errorsSayWhere_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("from");
        QTest::addColumn<int>("length");
        QTest::newRow("no value") << "util <" << 5 << 1;
        QTest::newRow("no value, bracket") << "(util <= )" << 6 << 2;
        QTest::newRow("not a number") << "node ~ x util < blue" << 16 << 4;
        QTest::newRow("wrong unit") << "util < 5GiB" << 7 << 4;
        QTest::newRow("no field") << "colour = red" << 0 << 6;
        QTest::newRow("no operand") << "mia and" << 4 << 3;
        QTest::newRow("doubled or") << "mia or or x" << 7 << 2;
        QTest::newRow("open bracket") << "mia (a or b" << 4 << 1;
        QTest::newRow("stray bracket") << "mia) x" << 3 << 1;
        QTest::newRow("empty bracket") << "()" << 1 << 1;
        QTest::newRow("open quote") << "node = \"a" << 7 << 2;
        QTest::newRow("operator first") << "< 5" << 0 << 1;
        QTest::newRow("contains number") << "util ~ 5" << 5 << 1;
        QTest::newRow("unknown by order") << "util < unknown" << 7 << 7;
        QTest::newRow("flag") << "reserved = maybe" << 11 << 5;
        QTest::newRow("too deep") << QString(80, u'(') << 65 << 1;
        QTest::newRow("too long") << QString(5000, u'a') << 4096 << 904;
    }
    void errorsSayWhere()
    {
        QFETCH(QString, text);
        QFETCH(int, from);
        QFETCH(int, length);
        const auto node = parseFilter(text, fields());
        QVERIFY(!node);
        QCOMPARE(int(node.error().from), from);
        QCOMPARE(int(node.error().length), length);
        QVERIFY(!node.error().message.isEmpty());
    }

    void suggestsTheFieldThatWasMeant()
    {
        const auto node = parseFilter(QStringLiteral("utl < 5"), fields());
        QVERIFY(!node && node.error().message.contains(QStringLiteral("“util”")));
    }

    void quantities()
    {
        QCOMPARE(parseQuantity("1.5kW", "watts"), std::optional(1500.0));
        QCOMPARE(parseQuantity("85 c", "celsius"), std::optional(85.0));
        QCOMPARE(parseQuantity("2d 3h", "seconds"), std::optional(183600.0));
        QCOMPARE(parseQuantity("1980", "hertz"), std::optional(1.98e9));
        QCOMPARE(parseQuantity("-3", ""), std::optional(-3.0));
        for (const char *bad : {"", "x", "1x", "1h30", "1h2h x", "1e5", "--1", "1.2.3"})
            QCOMPARE(parseQuantity(bad, "seconds"), std::optional<double>());
        QCOMPARE(parseQuantity("1GiB1GiB", "bytes"), std::optional<double>());
    }

    void completes()
    {
        QCOMPARE(texts(complete("ut")), QStringList({"util"})); // once, for all its names
        QCOMPARE(texts(complete("utili")), QStringList({"util"}));
        QCOMPARE(texts(complete("pers")), QStringList({"owner"}));
        QCOMPARE(complete("mia and st").from, 8);
        QCOMPARE(texts(complete("mia and st")), QStringList({"state"}));
        QCOMPARE(texts(complete("state ")).first(), QStringLiteral("="));
        QVERIFY(texts(complete("util ")).contains("<="));
        QVERIFY(!texts(complete("state ")).contains("<="));
        QCOMPARE(texts(complete("state = b")), QStringList({"busy", "bad"}));
        QCOMPARE(
            texts(complete("owner = ")), QStringList({"me", "lena", "mia", "oskar", "unknown"}));
        QCOMPARE(texts(complete("node = b")), QStringList({"\"b2 x\""}));
        QCOMPARE(texts(complete("node = \"b")), QStringList({"\"b2 x\""}));
        QCOMPARE(texts(complete("memory > 40")), QStringList({"40GiB", "40MiB", "40KiB", "40TiB"}));
        QCOMPARE(texts(complete("(util < 5 ")), QStringList({")", "and", "or"}));
        QVERIFY(!texts(complete("util < 5 ")).contains(")"));
        QCOMPARE(texts(complete("reserved = ")), QStringList({"yes", "no", "unknown"}).mid(0, 2));
        QVERIFY(texts(complete("util")).contains(" <"));
        QVERIFY(texts(complete("not ")).contains("reserved"));
        QVERIFY(!texts(complete("not ")).contains("not"));
        // In the middle of a word the whole word is replaced.
        const auto middle = completeFilter("xx stat = y", 5, fields(), {});
        QCOMPARE(middle.from, 3);
        QCOMPARE(middle.to, 7);
        QCOMPARE(texts(middle), QStringList({"state"}));
    }
};

QTEST_GUILESS_MAIN(TestFilter)
#include "test_filter.moc"
