// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Judges: the docker program, whose call to the Engine API is caught and compared with ours; sh.
#include "core/base/shellwords.h"
#include "core/engines/docker/render.h"
#include "core/jobs/nameinengine.h"
#include "tests/support/judge.h"
#include "tests/support/randomspec.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

using namespace pilothouse;

static const QString id = QStringLiteral("01jdq4s6z8x9k2m3n4p5q6r7st");

/// Answers as a daemon does until a container is to be made, and keeps what was asked for.
class CatchingDaemon : public QTcpServer {
public:
    QByteArray created, target;

    CatchingDaemon()
    {
        connect(this, &QTcpServer::newConnection, this, [this] {
            auto *socket = nextPendingConnection();
            auto buffer = std::make_shared<QByteArray>();
            connect(socket, &QTcpSocket::readyRead, this, [this, socket, buffer] {
                *buffer += socket->readAll();
                answer(socket, *buffer);
            });
        });
    }

private:
    void answer(QTcpSocket *socket, QByteArray &buffer)
    {
        const auto end = buffer.indexOf("\r\n\r\n");
        if (end < 0)
            return;
        static const QRegularExpression length(
            QStringLiteral("content-length: *(\\d+)"), QRegularExpression::CaseInsensitiveOption);
        const auto size
            = length.match(QString::fromLatin1(buffer.left(end))).captured(1).toLongLong();
        if (buffer.size() < end + 4 + size)
            return;
        const QByteArray request = buffer.left(buffer.indexOf("\r\n"));
        const QByteArray body = buffer.mid(end + 4, size);
        buffer.clear();
        if (request.contains("/containers/create")) {
            created = body;
            target = request.split(' ').value(1);
            reply(socket, "400 Bad Request", "{\"message\":\"caught\"}");
        } else if (request.contains("/_ping")) {
            reply(socket, "200 OK", request.startsWith("HEAD") ? "" : "OK");
        } else {
            reply(socket, "404 Not Found", "{\"message\":\"no\"}");
        }
    }

    static void reply(QTcpSocket *socket, const QByteArray &status, const QByteArray &body)
    {
        socket->write("HTTP/1.1 " + status
            + "\r\nApi-Version: 1.41\r\nOstype: linux\r\nContent-Type: "
              "application/json\r\nContent-Length: "
            + QByteArray::number(body.size()) + "\r\n\r\n" + body);
    }
};

/// All of ours is there; docker adds its defaults.
static bool contains(const QJsonValue &theirs, const QJsonValue &ours)
{
    if (ours.isObject()) {
        const auto object = ours.toObject();
        for (auto it = object.begin(); it != object.end(); ++it) {
            if (!contains(theirs[it.key()], it.value()))
                return false;
        }
        return theirs.isObject();
    }
    if (!ours.isArray())
        return theirs == ours;
    const auto array = ours.toArray();
    for (qsizetype i = 0; i < array.size(); ++i) {
        if (!contains(theirs[i], array[i]))
            return false;
    }
    return theirs.toArray().size() == array.size();
}

/// docker shuffles the variables.
static QJsonObject withSortedEnv(const QByteArray &body)
{
    auto object = QJsonDocument::fromJson(body).object();
    QStringList variables;
    const auto env = object.value(QLatin1String("Env")).toArray();
    for (const auto &one : env)
        variables << one.toString();
    variables.sort();
    object.insert(QStringLiteral("Env"), QJsonArray::fromStringList(variables));
    return object;
}

class TestDockerRender : public QObject {
    Q_OBJECT

    static JobSpec expressible(QRandomGenerator &random)
    {
        auto spec = randomSpec(random, {true, false, false, false});
        spec.timeLimitSeconds = 0;
        spec.image = QStringLiteral("registry.local:5000/team/train:1.2");
        if (spec.script.startsWith("#!"))
            spec.interpreter.clear();
        if (random.bounded(3) == 0) {
            spec.gpuUuids = QStringList{QStringLiteral("GPU-1"), QStringLiteral("GPU-2")};
            spec.gpus = 2;
        }
        if (random.bounded(3) == 0)
            spec.secrets << SecretRef{
                QStringLiteral("TOKEN"), QStringLiteral("/s/") + hostileText(random, true), {}, {}};
        return spec;
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void readsBackAsItWas()
    {
        QRandomGenerator random(71);
        for (int i = 0; i < 400; ++i) {
            const auto spec = expressible(random);
            const auto job = renderDocker(spec, id);
            QVERIFY2(job, job ? "" : qPrintable(job.error().message));
            QCOMPARE(job->notes, QStringList());
            const auto run = parseDockerRun(QString::fromUtf8(job->text));
            QVERIFY2(run, run ? "" : qPrintable(run.error().message));
            QCOMPARE(*run, *dockerRunOf(spec, id));
            JobSpec base;
            base.gpus = spec.gpus; // named GPUs are not counted
            const auto read = readDocker(job->text, base);
            QVERIFY2(*read == spec, job->text.constData());
        }
    }

    void dockerAsksForTheSame()
    {
        if (QStandardPaths::findExecutable(QStringLiteral("docker")).isEmpty())
            QSKIP("no docker here");
        CatchingDaemon daemon;
        QVERIFY(daemon.listen(QHostAddress::LocalHost));
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("DOCKER_HOST"),
            QStringLiteral("tcp://127.0.0.1:%1").arg(daemon.serverPort()));
        QRandomGenerator random(72);
        for (int i = 0; i < 25; ++i) {
            const auto spec = expressible(random);
            const auto job = renderDocker(spec, id);
            QProcess shell;
            shell.setProcessEnvironment(environment);
            daemon.created.clear();
            shell.start(QStringLiteral("sh"), {QStringLiteral("-c"), QString::fromUtf8(job->text)});
            QTRY_COMPARE_WITH_TIMEOUT(shell.state(), QProcess::NotRunning, 60'000);
            const auto said = shell.readAllStandardError();
            QVERIFY2(said.contains("caught"), (said.left(400) + job->text).constData());
            const auto run = dockerRunOf(spec, id);
            const auto theirs = withSortedEnv(daemon.created);
            const auto ours = withSortedEnv(run->createBody());
            QVERIFY2(
                contains(theirs, ours), (daemon.created + '\n' + run->createBody()).constData());
            QVERIFY(daemon.target.contains("name=" + run->name.toLatin1()));
        }
    }

    void aTraining()
    {
        JobSpec spec;
        spec.name = QStringLiteral("bert");
        spec.argv
            = QStringList{QStringLiteral("python"), QStringLiteral("t.py"), QStringLiteral("it's")};
        spec.image = QStringLiteral("team/bert:1");
        spec.gpus = 2;
        spec.memoryBytes = quint64(64) << 30;
        spec.retries = 3;
        QCOMPARE(renderDocker(spec, id)->text,
            QByteArray(
                "docker run --detach --init --name bert-01jdq4s6z8x9k2m3n4p5q6r7st --label "
                "pilothouse.dev/job=01jdq4s6z8x9k2m3n4p5q6r7st --label pilothouse.dev/name=bert "
                "--gpus 2 --memory 68719476736 --ipc host --restart on-failure:3 --entrypoint "
                "python team/bert:1 t.py 'it'\\''s'\n"));
    }

    void editedLines()
    {
        JobSpec spec;
        spec.texts.insert(QStringLiteral("docker"),
            "docker run -d -m 2g --gpus=all -e A=b --entrypoint sh  img -c 'x y'\n");
        const auto job = renderDocker(spec, id);
        QVERIFY2(job, job ? "" : qPrintable(job.error().message));
        QCOMPARE(job->text, spec.texts.value(QStringLiteral("docker")));
        QVERIFY(job->call.contains(QLatin1String("pilothouse.dev/job=") + id));
        const auto run = dockerRunOf(spec, id);
        QCOMPARE(run->memoryBytes, quint64(2) << 30);
        QCOMPARE(run->gpus, -1);
    }

    void theFormEditsTheLine()
    {
        const QByteArray line
            = "docker run -d --name mine --ipc=private -m 2g -e A=b -e C=d --entrypoint "
              "sh img -c 'x y'\n";
        const auto before = readDocker(line, {});
        QVERIFY(before);
        auto after = *before;
        after.image = QStringLiteral("other");
        after.environment[QStringLiteral("A")] = QStringLiteral("e f");
        after.environment.remove(QStringLiteral("C"));
        after.gpus = 2;
        const auto edited = editDocker(line, *before, after);
        QVERIFY(edited);
        QCOMPARE(*edited,
            QByteArray("docker run --detach --name mine --gpus 2 --memory 2147483648 --ipc private "
                       "--env 'A=e f' --entrypoint sh other -c 'x y'\n"));
        QVERIFY(*readDocker(*edited, {}) == after);
    }

    void whatCannotBeSent_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QString>("says");
        QTest::newRow("privileged") << QByteArray("docker run --privileged img") << "--privileged";
        QTest::newRow("shell") << QByteArray("docker run $(cat x)") << "shell";
        QTest::newRow("two") << QByteArray("docker run --entrypoint a b; rm x") << "shell";
        QTest::newRow("no image") << QByteArray("docker run -d --init") << "no image";
        QTest::newRow("another") << QByteArray("podman run x y") << "docker run";
        QTest::newRow("pass through") << QByteArray("docker run -e HOME img") << "-e HOME";
        QTest::newRow("own program") << QByteArray("docker run img a") << "--entrypoint";
    }

    void whatCannotBeSent()
    {
        QFETCH(QByteArray, line);
        QFETCH(QString, says);
        JobSpec spec;
        spec.texts.insert(QStringLiteral("docker"), line);
        const auto job = renderDocker(spec, id);
        QVERIFY(!job);
        QVERIFY2(job.error().message.contains(says), qPrintable(job.error().message));
    }

    void whatItCannotSayIsSaid()
    {
        JobSpec spec;
        spec.argv << QStringLiteral("a");
        spec.image = QStringLiteral("i");
        spec.nodes = 2;
        spec.timeLimitSeconds = 1;
        spec.array = QStringLiteral("0-1");
        spec.after << JobDependency{};
        spec.checkpoints = spec.account = spec.queue = spec.qos = spec.gpuType
            = QStringLiteral("x");
        spec.priority = 0;
        spec.secrets << SecretRef{QStringLiteral("T"), QStringLiteral("~/t"), {}, {}};
        QCOMPARE(renderDocker(spec, id)->notes.size(), 11);
        spec.image.clear();
        QVERIFY(!renderDocker(spec, id));
        spec.image = QStringLiteral("--privileged");
        QVERIFY(!renderDocker(spec, id));
    }
};

QTEST_GUILESS_MAIN(TestDockerRender)
#include "test_dockerrender.moc"
