// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/yaml/yamlread.h"
#include "core/yaml/yamlwrite.h"
#include "tests/support/hostile.h"
#include "tests/support/judge.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>

using namespace pilothouse;

static YamlNode randomTree(QRandomGenerator &random, int depth)
{
    const int kind = random.bounded(depth > 3 ? 3 : 6);
    if (kind == 0)
        return YamlNode::number(random.bounded(100'000) - 50'000);
    if (kind <= 2)
        return YamlNode::string(hostileText(random));
    const bool isMap = kind == 3 || depth == 0;
    YamlNode node = isMap ? YamlNode::map() : YamlNode::sequence();
    node.flow = !isMap && random.bounded(2) == 0;
    const int count = random.bounded(6);
    for (int i = 0; i < count; ++i) {
        auto value = randomTree(random, depth + 1);
        if (isMap)
            node.put(hostileText(random), std::move(value));
        else
            node.add(std::move(value));
    }
    return node;
}

static bool agrees(const YamlNode &node, const QJsonValue &json)
{
    if (node.isScalar())
        return node.isText() ? json == node.string() : json == node.text.toDouble();
    if (node.isSequence()) {
        const auto array = json.toArray();
        bool same = json.isArray() && std::size_t(array.size()) == node.items.size();
        for (std::size_t i = 0; same && i < node.items.size(); ++i)
            same = agrees(node.items[i], array[qsizetype(i)]);
        return same;
    }
    const auto object = json.toObject();
    bool same = json.isObject() && std::size_t(object.size()) == node.items.size();
    for (std::size_t i = 0; same && i < node.items.size(); ++i)
        same = agrees(node.items[i], object.value(node.keys[i].string()));
    return same;
}

class TestYaml : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void whatIsWrittenIsRead()
    {
        QRandomGenerator random(5);
        for (int i = 0; i < 3000; ++i) {
            const auto tree = randomTree(random, 0);
            const auto text = writeYaml(tree);
            const auto read = readYaml(text);
            QVERIFY2(read, read ? "" : qPrintable(read.error().message + QString::fromUtf8(text)));
            QCOMPARE(read->size(), std::size_t(1));
            QVERIFY2(sameYaml(tree, read->front()), text.constData());
        }
    }

    void pyYamlReadsTheSame()
    {
        QRandomGenerator random(6);
        QByteArray text;
        std::vector<YamlNode> trees;
        for (int i = 0; i < 400; ++i) {
            trees.push_back(randomTree(random, 0));
            text += "---\n" + writeYaml(trees.back());
        }
        const auto verdict = askPyYaml(text);
        if (!verdict || verdict->err.contains("No module named"))
            QSKIP("no PyYAML here");
        QVERIFY2(verdict->code == 0, verdict->err.right(600).constData());
        const auto documents = QJsonDocument::fromJson(verdict->out).array();
        QCOMPARE(std::size_t(documents.size()), trees.size());
        for (std::size_t i = 0; i < trees.size(); ++i)
            QVERIFY2(agrees(trees[i], documents[qsizetype(i)]), writeYaml(trees[i]).constData());
    }

    void kubectlReadsTheSame()
    {
        QRandomGenerator random(7);
        YamlNode data = YamlNode::map();
        for (int i = 0; i < 300; ++i)
            data.put(QStringLiteral("k%1").arg(i), YamlNode::string(hostileText(random)));
        YamlNode object = YamlNode::map(), metadata = YamlNode::map();
        metadata.put(QStringLiteral("name"), YamlNode::string(QStringLiteral("x")));
        object.put(QStringLiteral("apiVersion"), YamlNode::string(QStringLiteral("v1")));
        object.put(QStringLiteral("kind"), YamlNode::string(QStringLiteral("ConfigMap")));
        object.put(QStringLiteral("metadata"), metadata);
        object.put(QStringLiteral("data"), data);
        const QStringList arguments
            = QStringLiteral("annotate --local -f - -o json a=b").split(QLatin1Char(' '));
        const auto verdict = askJudge(QStringLiteral("kubectl"), arguments, writeYaml(object));
        if (!verdict)
            QSKIP("no kubectl here");
        QVERIFY2(verdict->code == 0, verdict->err.right(600).constData());
        const auto read
            = QJsonDocument::fromJson(verdict->out).object().value(QLatin1String("data"));
        QVERIFY(agrees(data, read));
    }

    void placesAreThoseOfAPerson()
    {
        const auto bad = readYaml("a: 1\nä: [1, 2\nb: 3\n");
        QVERIFY(!bad);
        QCOMPARE(bad.error().kind, ErrorKind::BadInput);
        QVERIFY2(bad.error().message.startsWith(QLatin1String("line 3, column ")),
            qPrintable(bad.error().message));
        const auto good = readYaml("ä: é\nb:\n  - ü: x\n");
        QVERIFY(good);
        const auto place
            = yamlPlace("ä: é\nb:\n  - ü: x\n", good->front().items[1].items[0].items[0].at);
        QCOMPARE(place.line, 3);
        QCOMPARE(place.column, 8);
    }

    void bombsAreRefused_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("says");
        QByteArray laughs = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n";
        for (int i = 1; i < 40; ++i) {
            const auto n = QByteArray::number(i), before = QByteArray::number(i - 1);
            laughs += 'a' + n + ": &a" + n + " [" + QByteArray("*a" + before + ", ").repeated(8)
                + "*a" + before + "]\n";
        }
        QByteArray deep = "a0: &a0 " + QByteArray(50, '[') + QByteArray(50, ']') + '\n';
        for (int i = 1; i < 2000; ++i)
            deep += "a" + QByteArray::number(i) + ": &a" + QByteArray::number(i) + " [*a"
                + QByteArray::number(i - 1) + "]\n";
        QTest::newRow("laughs") << laughs << "more than 100000 values";
        QTest::newRow("deep by aliases") << deep << "deeper than 64 levels";
        QTest::newRow("brackets") << QByteArray(1 << 19, '[') << "deeper than 64 levels";
        QTest::newRow("braces") << QByteArray(1 << 19, '{') << "deeper than 64 levels";
        QTest::newRow("dashes") << QByteArray("- ").repeated(1 << 18) << "deeper than 64 levels";
        QTest::newRow("questions") << QByteArray("? ").repeated(1 << 18) << "deeper than 64 levels";
        QTest::newRow("nested anchors") << QByteArray("&b [").repeated(20)
                + QByteArray("1, ").repeated(9'000)
                + QByteArray(20, ']') << "more than 100000 values";
        QTest::newRow("itself") << QByteArray("&a [*a]") << "inside of what it names";
        QTest::newRow("size") << QByteArray((1 << 20) + 1, ' ') << "larger than 1 MiB";
        QTest::newRow("values") << QByteArray("- 1\n").repeated(200'000)
                                << "more than 100000 values";
        QTest::newRow("NUL") << QByteArray("a: b\nc: \0d\n", 11) << "line 2, column 4: A control";
        QTest::newRow("yaml-cpp's own end") << QByteArray("a: b\x04\nc: d\n") << "line 1, column 5";
        QTest::newRow("escape") << QByteArray("a: \x1b[31m\n") << "0x1b";
        QTest::newRow("no UTF-8") << QByteArray("a: \xff\xfe\n") << "no UTF-8";
        QTest::newRow("twice") << QByteArray("a: 1\nb: 2\na: 3\n")
                               << "line 3, column 1: “a” is there twice";
    }

    void bombsAreRefused()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, says);
        const auto read = readYaml(text);
        QVERIFY(!read);
        QCOMPARE(read.error().kind, ErrorKind::BadInput);
        QVERIFY2(read.error().message.contains(says), qPrintable(read.error().message));
    }

    void whatReadersTakeForElseIsQuoted()
    {
        for (const char *word : {"", "~", "null", "Yes", "off", "0x1f", "1e3", "1:30", "2024-01-01",
                 "+_1", ".5", "-1", "<<", "=", "- a", "a: b", "a #b", "a:", "---", "*a"})
            QCOMPARE(yamlScalar(QLatin1String(word)), '"' + QByteArray(word) + '"');
        for (const char *word : {"a", "--lr", "-c", "team/bert:1", "a b", "NVIDIA-H100-80GB-HBM3"})
            QCOMPARE(yamlScalar(QLatin1String(word)), QByteArray(word));
    }

    void aliasesAreFollowed()
    {
        const auto read = readYaml("a: &x {k: 1}\nb: *x\n");
        QVERIFY(read);
        QVERIFY(sameYaml(read->front().items[0], read->front().items[1]));
        QVERIFY(read->front().items[1].aliased);
    }

    void bytesSurvive()
    {
        for (const QByteArray &bytes : {QByteArray("\0\xff", 2), QByteArray("plain"), QByteArray(),
                 QByteArray("#!/bin/sh\necho hi\n"), QByteArray("\xed\xa0\x80")}) {
            const auto read = readYaml("k:" + yamlBehindKey(yamlBytes(bytes), 0) + '\n');
            QVERIFY(read);
            QCOMPARE(bytesOfYaml(read->front().items[0]), bytes);
        }
    }
};

QTEST_GUILESS_MAIN(TestYaml)
#include "test_yaml.moc"
