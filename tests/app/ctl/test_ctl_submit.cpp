// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/specyaml.h"
#include "tests/app/ctl/ctlhost.h"

#include <QFile>
#include <QJsonArray>
#include <QRegularExpression>
#include <QTest>

using namespace pilothouse;

static const QByteArray spec = "name: hello\n"
                               "command: [printf, '%s|%s', \"it's\", $(id)]\n"
                               "image: busybox:1.36\n"
                               "gpus: 2\n";

class TestCtlSubmit : public QObject {
    Q_OBJECT

    std::unique_ptr<CtlHost> m_host;

    QString put(const char *name, const QByteArray &text)
    {
        const QString path = m_host->file(QLatin1String(name));
        QFile file(path);
        if (!file.open(QFile::WriteOnly) || file.write(text) != text.size())
            qFatal("cannot write %s", name);
        return path;
    }

private Q_SLOTS:
    void initTestCase() { m_host = std::make_unique<CtlHost>(); }
    void cleanupTestCase() { m_host.reset(); }
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void eachEngineIsShown()
    {
        const auto file = put("hello.yaml", spec);
        const auto ran = m_host->run({QStringLiteral("submit"), file, QStringLiteral("--render")});
        QCOMPARE(ran.code, 0);
        for (const char *title : {"# Kubernetes\n", "# Ray\n", "# Docker\n", "# Bare host\n"})
            QVERIFY2(ran.out.contains(title), title);
        QVERIFY2(ran.err.contains("process: image: "), ran.err.constData());
        const auto told = m_host
                              ->run({QStringLiteral("submit"), file, QStringLiteral("--render"),
                                  QStringLiteral("--json")})
                              .json();
        QCOMPARE(
            told.value(QLatin1String("schema")).toString(), QStringLiteral("pilothouse.rendered"));
        const auto all = told.value(QLatin1String("rendered")).toArray();
        QVERIFY(all.size() >= 4);
        for (const auto &one : all)
            QVERIFY(!one[QLatin1String("text")].toString().isEmpty());
    }

    void oneEngineIsItsTextAlone()
    {
        const auto file = put("hello.yaml", spec);
        const auto ran = m_host->run({QStringLiteral("submit"), file, QStringLiteral("--render"),
            QStringLiteral("--on"), QStringLiteral("kubernetes")});
        QCOMPARE(ran.code, 0);
        QVERIFY2(ran.out.startsWith("apiVersion: batch/v1\n"), ran.out.constData());
        // What was rendered comes in again as it was.
        const auto back = m_host->run({QStringLiteral("import"), put("job.yaml", ran.out)});
        QCOMPARE(back.code, 0);
        auto read = specFromYaml(back.out);
        QVERIFY(read);
        QCOMPARE(read->texts.value(QStringLiteral("kubernetes")), ran.out);
        read->texts.clear();
        QVERIFY(*read == *specFromYaml(spec));
    }

    void mistakesHaveAPlace()
    {
        const auto file = put("bad.yaml", "name: x\ngpu_typ: h100\n");
        const auto ran = m_host->run({QStringLiteral("submit"), file, QStringLiteral("--render")});
        QCOMPARE(ran.code, 2);
        QVERIFY2(ran.err.contains("bad.yaml, line 2, column 1:"), ran.err.constData());
        QVERIFY(ran.err.contains("gpu_type"));
        const QStringList noKind{QStringLiteral("submit"), put("hello.yaml", spec),
            QStringLiteral("--render"), QStringLiteral("--on"), QStringLiteral("pbs")};
        QCOMPARE(m_host->run(noKind).code, 2);
        QCOMPARE(m_host->run({QStringLiteral("submit"), put("hello.yaml", spec)}).code, 2);
        QCOMPARE(m_host->run(words("submit /no/such/file --render")).code, 5);
        QCOMPARE(m_host->run({QStringLiteral("import"), put("hello.yaml", spec)}).code, 2);
    }

    void aBareHostRunsIt()
    {
        QByteArray plain = spec;
        plain.replace("image: busybox:1.36\n", "").replace("gpus: 2\n", "");
        const auto ran = m_host->run({QStringLiteral("submit"), put("plain.yaml", plain),
            QStringLiteral("--on"), QStringLiteral("local"), QStringLiteral("--wait")});
        QVERIFY2(ran.code == 0, ran.err.constData());
        QCOMPARE(ran.out, QByteArray("it's|$(id)"));
    }

    void whatAHostCannotDoIsNotDropped()
    {
        QByteArray withImage = spec;
        withImage.replace("gpus: 2\n", "");
        const QStringList submit{QStringLiteral("submit"), put("image.yaml", withImage),
            QStringLiteral("--on"), QStringLiteral("local"), QStringLiteral("--wait")};
        const auto refused = m_host->run(submit);
        QVERIFY(refused.code != 0);
        QVERIFY2(refused.err.contains("image: "), refused.err.constData());
        QCOMPARE(m_host->run(submit + QStringList{QStringLiteral("--accept")}).code, 0);
    }

    void secretsAndScriptsGoAlong()
    {
        put("token", "s3cr3t\n");
        const auto file = put("secret.yaml",
            "script: |\n  #!/bin/sh\n  printf '%s' \"$TOKEN\"\nsecrets:\n  TOKEN: {file: "
                + m_host->file(QStringLiteral("token")).toUtf8() + "}\n");
        const auto ran = m_host->run({QStringLiteral("submit"), file, QStringLiteral("--on"),
            QStringLiteral("local"), QStringLiteral("--wait")});
        QVERIFY2(ran.code == 0, ran.err.constData());
        QCOMPARE(ran.out, QByteArray("s3cr3t"));
        QVERIFY(!m_host->run(words("jobs --json")).out.contains("s3cr3t"));
    }
};

QTEST_GUILESS_MAIN(TestCtlSubmit)
#include "test_ctl_submit.moc"
