// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/yaml/yamledit.h"
#include "core/yaml/yamlwrite.h"
#include "tests/support/hostile.h"

#include <QRegularExpression>
#include <QTest>

using namespace pilothouse;

static const QByteArray manifest = R"(# ours
apiVersion: batch/v1 # stays
kind: Job
metadata:
    name:   "old"     # odd blanks stay
    labels: {team: a, cost: 'x y'}
    annotations:
spec:
  template:
    spec:
      containers:
      - name: main

        # about the image
        image: repo/old:1
        args:
        - --lr
        - '0.1' # rate
        script: |
          one

          two
        resources: {}
      unknownThing: &here >-
        folded
        text
      again: *here
)";

class TestYamlEdit : public QObject {
    Q_OBJECT

    static YamlPath path(const QByteArray &text)
    {
        YamlPath path;
        const auto words = text.split('.');
        for (const auto &word : words) {
            bool number = false;
            const int at = word.toInt(&number);
            if (number)
                path << at;
            else
                path << word;
        }
        return path;
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void edits_data()
    {
        QTest::addColumn<QByteArray>("where");
        QTest::addColumn<QString>("value"); // null = take it out
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("after");
        const auto row = [](const char *name, const char *where, const QString &value,
                             const char *before, const char *after) {
            QTest::newRow(name) << QByteArray(where) << value << QByteArray(before)
                                << QByteArray(after);
        };
        row("quoted", "metadata.name", QStringLiteral("new"), "\"old\"", "new");
        row("plain", "apiVersion", QStringLiteral("v2"), "batch/v1", "v2");
        row("hostile", "kind", QStringLiteral("x: #\n'"), "kind: Job", "kind: |-\n  x: #\n  '");
        row("in flow", "metadata.labels.cost", QStringLiteral("a, b"), "'x y'", "\"a, b\"");
        row("added in flow", "metadata.labels.who", QStringLiteral("me"), "'x y'}",
            "'x y', who: me}");
        row("added below nothing", "metadata.annotations.a", QStringLiteral("b"), "annotations:\n",
            "annotations:\n      a: b\n");
        row("in a list", "spec.template.spec.containers.0.args.1", QStringLiteral("0.2"), "'0.1'",
            "\"0.2\"");
        row("appended", "spec.template.spec.containers.0.args.2", QStringLiteral("-x"),
            "'0.1' # rate\n", "'0.1' # rate\n        - -x\n");
        row("block", "spec.template.spec.containers.0.script", QStringLiteral("three\nfour\n"),
            "one\n\n          two\n", "three\n          four\n");
        row("below empty braces", "spec.template.spec.containers.0.resources.cpu",
            QStringLiteral("a"), " {}\n", "\n          cpu: a\n");
        row("taken out", "spec.template.spec.containers.0.image", QString(),
            "        image: repo/old:1\n", "");
        row("first taken out", "spec.template.spec.containers.0.name", QString(),
            "name: main\n\n        # about the image\n        image", "image");
        row("taken out of a list", "spec.template.spec.containers.0.args.0", QString(),
            "        - --lr\n", "");
        row("taken out of flow", "metadata.labels.cost", QString(), ", cost: 'x y'", "");
        row("many missing maps", "spec.template.metadata.labels.a", QStringLiteral("b"),
            "again: *here\n", "again: *here\n    metadata:\n      labels:\n        a: b\n");
    }

    void edits()
    {
        QFETCH(QByteArray, where);
        QFETCH(QString, value);
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, after);
        QCOMPARE(manifest.count(before), 1);
        auto editor = YamlEditor::open(manifest);
        QVERIFY(editor);
        const auto done = value.isNull() ? editor->remove(0, path(where))
                                         : editor->put(0, path(where), YamlNode::string(value));
        QVERIFY2(done, done ? "" : qPrintable(done.error().message));
        QCOMPARE(editor->text(), QByteArray(manifest).replace(before, after));
    }

    void whatCannotBeEditedStays()
    {
        auto editor = YamlEditor::open(manifest);
        QVERIFY(editor);
        for (const char *where : {"spec.template.spec.again.x", "kind.x", "spec.9"}) {
            const auto done = editor->put(0, path(where), YamlNode::string(QStringLiteral("x")));
            QVERIFY2(!done, where);
            QCOMPARE(done.error().kind, ErrorKind::Unsupported);
            QCOMPARE(editor->text(), manifest);
        }
        QVERIFY(editor->remove(0, path("no.such.thing")));
        QCOMPARE(editor->text(), manifest);
    }

    /// Whatever it does, the rest of the text means what it did.
    void randomEdits()
    {
        QRandomGenerator random(11);
        const QByteArrayList places{"metadata.name", "metadata.labels.team", "kind",
            "spec.template.spec.containers.0.image", "spec.template.spec.containers.0.args.0",
            "spec.template.spec.containers.0.script", "metadata.annotations.new", "spec.n",
            "spec.template.spec.containers.0.resources.limits.gpu"};
        int done = 0;
        for (int i = 0; i < 400; ++i) {
            const auto where = path(places[random.bounded(places.size())]);
            auto editor = YamlEditor::open(manifest);
            QVERIFY(editor);
            const auto value = YamlNode::string(hostileText(random));
            if (!editor->put(0, where, value))
                continue;
            ++done;
            QVERIFY(sameYaml(*editor->find(0, where), value));
            QVERIFY(editor->text().contains("# ours\n"));
            QVERIFY(
                editor->text().contains("unknownThing: &here >-\n        folded\n        text\n"));
        }
        QVERIFY2(done >= 396, QByteArray::number(done).constData());
    }
};

QTEST_GUILESS_MAIN(TestYamlEdit)
#include "test_yamledit.moc"
