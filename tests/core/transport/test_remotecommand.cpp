// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/remotecommand.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

// The login shells are real: each gets the line as sshd would hand it over, by -c.
class TestRemoteCommand : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void argumentsArriveUnchanged_data()
    {
        QTest::addColumn<QString>("shell");
        for (const char *shell : {"sh", "dash", "bash", "tcsh", "csh", "zsh", "fish", "ksh"})
            if (!QStandardPaths::findExecutable(QString::fromLatin1(shell)).isEmpty())
                QTest::newRow(shell) << QString::fromLatin1(shell);
    }
    void argumentsArriveUnchanged()
    {
        QFETCH(QString, shell);
        QStringList hostile{QStringLiteral("plain"), QString(), QStringLiteral("two words"),
            QStringLiteral("it's"), QStringLiteral("a\\'b"), QStringLiteral("\\"),
            QStringLiteral("$(id) `id` $HOME ${X}"), QStringLiteral("say \"hi\""),
            QStringLiteral("bang!here !! !1"), QStringLiteral("two\nlines\n"),
            QStringLiteral("tab\there\r"), QStringLiteral("100%s %b \\045"),
            QStringLiteral("*?[a-z]{x,y}~ ~/x"), QStringLiteral("a;b&c|d<e>f#g^h"),
            QStringLiteral("ümläut 中文 \U0001F600"), QStringLiteral("-n"), QStringLiteral("--")};
        for (int i = 1; i < 128; ++i)
            hostile << QStringLiteral("x%1y").arg(QChar(i));
        const Command command(
            QStringLiteral("/usr/bin/printf"), QStringList{QStringLiteral("%s\\0")} + hostile);
        const auto line = remoteCommandLine(command);
        QVERIFY(line);
        QProcess process;
        process.start(shell, {QStringLiteral("-c"), QString::fromLatin1(*line)});
        QVERIFY(process.waitForFinished());
        QList<QByteArray> got = process.readAllStandardOutput().split('\0');
        got.removeLast();
        QCOMPARE(got.size(), hostile.size());
        for (qsizetype i = 0; i < got.size(); ++i)
            QCOMPARE(QString::fromUtf8(got[i]), hostile[i]);
        MarkerFilter filter;
        QCOMPARE(filter.filter(process.readAllStandardError()), QByteArray());
        QVERIFY(filter.pid().value_or(0) > 0);
    }

    void exitCodesAreThoseOfTheCommand_data() { argumentsArriveUnchanged_data(); }
    void exitCodesAreThoseOfTheCommand()
    {
        QFETCH(QString, shell);
        const auto codeOf = [&](const Command &command) {
            QProcess process;
            process.start(
                shell, {QStringLiteral("-c"), QString::fromLatin1(*remoteCommandLine(command))});
            process.waitForFinished();
            return process.exitCode();
        };
        QCOMPARE(codeOf(Command(QStringLiteral("true"))), 0);
        QCOMPARE(codeOf(Command(
                     QStringLiteral("sh"), {QStringLiteral("-c"), QStringLiteral("exit 41")})),
            41);
        QCOMPARE(codeOf(Command(QStringLiteral("no-such-program"))), 127);
        QCOMPARE(codeOf(Command(QStringLiteral("/etc/passwd"))), 126);
    }

    void nulAndTooLongAreRefused()
    {
        const auto nul = remoteCommandLine(Command(QStringLiteral("a"), {QString(QChar(u'\0'))}));
        QCOMPARE(nul.error().kind, ErrorKind::BadInput);
        const auto longOne
            = remoteCommandLine(Command(QStringLiteral("a"), {QString(200'000, QLatin1Char('x'))}));
        QCOMPARE(longOne.error().kind, ErrorKind::BadInput);
    }

    void markerComesInPieces()
    {
        const QByteArray whole = "motd of the host\npilothouse-pid:4711\nerror: no\n";
        for (qsizetype cut = 0; cut <= whole.size(); ++cut) {
            MarkerFilter filter;
            QByteArray text = filter.filter(whole.left(cut));
            text += filter.filter(whole.mid(cut));
            QCOMPARE(text, QByteArray("error: no\n"));
            QCOMPARE(filter.pid(), std::optional<qint64>(4711));
        }
        MarkerFilter none;
        QCOMPARE(none.filter("no shell"), QByteArray());
        QCOMPARE(none.rest(), QByteArray("no shell"));
        QVERIFY(!none.pid());
    }

    void cutUploadLeavesNothing()
    {
        QTemporaryDir folder;
        const QByteArray data(100'000, 'a');
        const QString path = folder.filePath(QStringLiteral("a b/it's/$(x)/agent"));
        const Command whole = uploadCommand(data, path);
        for (int tenth = 0; tenth <= 10; ++tenth) {
            QProcess process;
            process.start(whole.program, whole.arguments);
            process.write(data.left(data.size() / 10 * tenth));
            process.closeWriteChannel();
            QVERIFY(process.waitForFinished());
            Output output{process.exitCode(), 0, {}, process.readAllStandardError(), false};
            QCOMPARE(bool(uploadResult(output, path)), tenth == 10);
            const QFileInfo file(path);
            QCOMPARE(file.exists(), tenth == 10);
            QCOMPARE(file.dir().entryList(QDir::Files).size(), tenth == 10 ? 1 : 0);
        }
        QCOMPARE(QFileInfo(path).size(), data.size());
        QCOMPARE(QFileInfo(path).permissions() & 0xfff,
            QFile::Permissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner
                | QFile::ReadUser | QFile::WriteUser | QFile::ExeUser)
                & 0xfff);
    }

    void uploadEndsAreToldApart()
    {
        const auto kindOf = [](int code, const char *err) {
            return uploadResult(Output{code, 0, {}, err, false}, QStringLiteral("x")).error().kind;
        };
        QCOMPARE(kindOf(68, "cat: write error: No space left on device"), ErrorKind::NoSpace);
        QCOMPARE(kindOf(68, "mkdir: cannot create: Disk quota exceeded"), ErrorKind::NoSpace);
        QCOMPARE(kindOf(68, "sh: cannot create x: Permission denied"), ErrorKind::Denied);
        QCOMPARE(kindOf(67, "x is a folder"), ErrorKind::Conflict);
        QCOMPARE(kindOf(65, "5 of 9 bytes arrived"), ErrorKind::BadReply);
    }
};

QTEST_GUILESS_MAIN(TestRemoteCommand)
#include "test_remotecommand.moc"
