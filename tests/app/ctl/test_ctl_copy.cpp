// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/ctl/ctlpeer.h"

#include <QDateTime>
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QJsonArray>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

using namespace pilothouse;

/// Everything below a folder: kind, mode, time, and content or link text, one line each.
static QStringList picture(const QString &root)
{
    QStringList lines;
    QDirIterator walk(root, QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot,
        QDirIterator::Subdirectories);
    QStringList paths{root};
    while (walk.hasNext())
        paths << walk.next();
    paths.sort();
    for (const auto &path : paths) {
        struct stat info { };
        if (::lstat(QFile::encodeName(path).constData(), &info) != 0 || S_ISFIFO(info.st_mode))
            continue;
        QString what;
        if (S_ISLNK(info.st_mode)) {
            QByteArray text(4096, '\0');
            text.resize(::readlink(QFile::encodeName(path).constData(), text.data(), 4096));
            what = QStringLiteral("link to ") + QString::fromUtf8(text);
        } else {
            QFile file(path);
            if (S_ISREG(info.st_mode) && file.open(QFile::ReadOnly))
                what = QString::fromLatin1(file.readAll().toBase64());
            what += QStringLiteral(" %1 %2.%3")
                        .arg(info.st_mode, 0, 8)
                        .arg(info.st_mtim.tv_sec)
                        .arg(info.st_mtim.tv_nsec);
        }
        lines << path.mid(root.size()) + QStringLiteral(": ") + what;
    }
    return lines;
}

static bool makeFile(const QString &path, const QByteArray &bytes, qint64 seconds, unsigned mode)
{
    QFile file(path);
    return file.open(QFile::WriteOnly) && file.write(bytes) == bytes.size() && file.flush()
        && file.setFileTime(QDateTime::fromSecsSinceEpoch(seconds), QFile::FileModificationTime)
        && ::chmod(QFile::encodeName(path).constData(), mode) == 0;
}

/// Folders and long files by `pilothousectl cp` over SSH.
class TestCtlCopy : public QObject {
    Q_OBJECT

    std::unique_ptr<CtlHost> m_host;
    std::unique_ptr<CtlPeer> m_peer;

    Ran run(const char *line) const { return m_host->run(words(line)); }
    static int number(const Ran &ran, const char *key)
    {
        return ran.json().value(QLatin1String(key)).toInt(-1);
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (const QString why = Sshd::missing(); !why.isEmpty())
            QSKIP(qPrintable(why));
        m_host = std::make_unique<CtlHost>();
        m_peer = std::make_unique<CtlPeer>(*m_host);
        QVERIFY(m_peer->start());
        QCOMPARE(m_host->run(words("connect peer --host-key") << m_peer->fingerprint()).code, 0);
        const QString tree = m_host->file(QStringLiteral("tree"));
        QVERIFY(QDir().mkpath(tree + QStringLiteral("/a/empty")));
        QVERIFY(QDir().mkpath(tree + QStringLiteral("/b b")));
        QVERIFY(makeFile(tree + QStringLiteral("/a/one"), "one", 1'400'000'000, 0640));
        QVERIFY(makeFile(tree + QStringLiteral("/a/.hidden"), "", 1'400'000'001, 0600));
        QVERIFY(
            makeFile(tree + QStringLiteral("/b b/it's $x.sh"), "#!/bin/sh\n", 1'400'000'002, 0755));
        QVERIFY(
            makeFile(tree + QStringLiteral("/öäü"), QByteArray(700'000, 'x'), 1'400'000'003, 0444));
        QCOMPARE(
            ::symlink("a/one", QFile::encodeName(tree + QStringLiteral("/good")).constData()), 0);
        QCOMPARE(::symlink("/no/where",
                     QFile::encodeName(tree + QStringLiteral("/dangling")).constData()),
            0);
        QCOMPARE(
            ::symlink("..", QFile::encodeName(tree + QStringLiteral("/a/loop")).constData()), 0);
        QCOMPARE(::mkfifo(QFile::encodeName(tree + QStringLiteral("/pipe")).constData(), 0600), 0);
        QCOMPARE(::chmod(QFile::encodeName(tree + QStringLiteral("/a")).constData(), 0550), 0);
    }
    void cleanupTestCase()
    {
        // The read-only folder would stay behind.
        ::chmod(QFile::encodeName(m_host->file(QStringLiteral("tree/a"))).constData(), 0750);
        m_peer.reset();
        m_host.reset();
    }
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void aFolderNeedsTheOption()
    {
        for (const char *line : {"cp tree peer: --json", "cp peer:. back --json"}) {
            const auto ran = run(line);
            QCOMPARE(ran.code, 2);
            QCOMPARE(
                ran.error().value(QLatin1String("kind")).toString(), QStringLiteral("bad_input"));
            QVERIFY(
                ran.error().value(QLatin1String("next")).toString().contains(QStringLiteral("-r")));
        }
    }

    void aFolderGoesAndComesBackTheSame()
    {
        const auto expected = picture(m_host->file(QStringLiteral("tree")));
        const auto up = run("cp -r tree peer:copy --json");
        QVERIFY2(up.code == 0, up.err.constData());
        QCOMPARE(picture(m_peer->home(QStringLiteral("copy"))), expected);
        QCOMPARE(number(up, "files"), 4);
        QCOMPARE(number(up, "folders"), 4);
        QCOMPARE(number(up, "links"), 3);
        const auto left = up.json().value(QLatin1String("left_out")).toArray();
        QCOMPARE(left.size(), 1);
        QVERIFY(left[0].toString().startsWith(QStringLiteral("pipe: ")));

        QVERIFY(QDir().mkpath(m_host->file(QStringLiteral("into"))));
        const auto down = run("cp -r peer:copy into --json"); // a folder that is there: below it
        QVERIFY2(down.code == 0, down.err.constData());
        QCOMPARE(picture(m_host->file(QStringLiteral("into/copy"))), expected);
        QCOMPARE(number(down, "files"), 4);
    }

    void onlyWhatChangedIsSentAgain()
    {
        QVERIFY(makeFile(m_host->file(QStringLiteral("tree/b b/new")), "new", 1'400'000'009, 0600));
        const auto up = run("cp -r tree/. peer:copy --json");
        QVERIFY2(up.code == 0, up.err.constData());
        QCOMPARE(number(up, "files"), 1);
        QCOMPARE(number(up, "unchanged"), 4);
        const auto down = run("cp --recursive peer:copy into --json");
        QCOMPARE(number(down, "files"), 1);
        QCOMPARE(number(down, "unchanged"), 4);
        QCOMPARE(picture(m_host->file(QStringLiteral("into/copy"))),
            picture(m_host->file(QStringLiteral("tree"))));
        const auto human = run("cp -r tree/. peer:copy");
        QVERIFY2(human.err.contains("5 unchanged"), human.err.constData());
    }

    /// What fails is named and does not stop the rest; nothing is written through a link.
    void aLinkInTheWayIsNotFollowed()
    {
        QVERIFY(QDir().mkpath(m_host->file(QStringLiteral("elsewhere"))));
        QVERIFY(QDir().mkpath(m_host->file(QStringLiteral("trap"))));
        QVERIFY(QFile::link(
            m_host->file(QStringLiteral("elsewhere")), m_host->file(QStringLiteral("trap/a"))));
        const auto ran = run("cp -r peer:copy/. trap --json");
        QCOMPARE(ran.code, 1);
        QCOMPARE(ran.error().value(QLatin1String("kind")).toString(), QStringLiteral("conflict"));
        QVERIFY(QDir(m_host->file(QStringLiteral("elsewhere")))
                    .isEmpty(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot));
    }

    void oneBadFileDoesNotStopTheOthers()
    {
        QVERIFY(QDir().mkpath(m_peer->home(QStringLiteral("mixed/blocked"))));
        QVERIFY(QDir().mkpath(m_host->file(QStringLiteral("mixed"))));
        QVERIFY(
            makeFile(m_host->file(QStringLiteral("mixed/blocked")), "a folder is there", 1, 0600));
        QVERIFY(makeFile(m_host->file(QStringLiteral("mixed/fine")), "fine", 1, 0600));
        const auto ran = run("cp -r mixed/. peer:mixed --json");
        QCOMPARE(ran.code, 1);
        QVERIFY(ran.error()
                    .value(QLatin1String("cause"))
                    .toString()
                    .startsWith(QStringLiteral("blocked: ")));
        QVERIFY(QFile::exists(m_peer->home(QStringLiteral("mixed/fine"))));
        QVERIFY(QFileInfo(m_peer->home(QStringLiteral("mixed/blocked"))).isDir());
    }

    /// The connection dies each time another tenth has arrived; what arrived is not sent again.
    void anUploadCutAtEveryTenthGoesOn()
    {
        QByteArray bytes(60'000'000, '\0');
        QRandomGenerator random(11);
        random.fillRange(reinterpret_cast<quint32 *>(bytes.data()), bytes.size() / 4);
        QVERIFY(makeFile(m_host->file(QStringLiteral("long")), bytes, 1'400'000'000, 0600));
        const QDir there(m_peer->home(QString()));
        const auto arrived = [&there] {
            const auto partial = there.entryInfoList(
                {QStringLiteral(".long.*.partial")}, QDir::Files | QDir::Hidden);
            return partial.isEmpty() ? qint64(0) : partial.first().size();
        };
        int cuts = 0;
        for (int tenth = 1; tenth < 10; ++tenth) {
            const qint64 limit = bytes.size() * tenth / 10;
            if (arrived() >= limit)
                continue; // the cut before came late
            const qint64 before = arrived();
            const auto copying = m_host->start(words("cp long peer:long --json"));
            while (copying->state() == QProcess::Running && arrived() < limit)
                copying->waitForFinished(1);
            m_peer->sshd().killSessions();
            QVERIFY(copying->waitForFinished(60'000));
            if (copying->exitCode() == 0)
                break; // faster than the cut
            QCOMPARE(copying->exitCode(), 3);
            ++cuts;
            QVERIFY(!QFile::exists(m_peer->home(QStringLiteral("long")))); // never half of it
            QVERIFY(arrived() >= before);
        }
        QVERIFY(cuts > 0);
        QCOMPARE(run("cp long peer:long").code, 0);
        QFile copy(m_peer->home(QStringLiteral("long")));
        QVERIFY(copy.open(QFile::ReadOnly) && copy.readAll() == bytes);
        QCOMPARE(arrived(), 0);
    }

    void aDownloadThatWasCutGoesOn()
    {
        const QDir here(m_host->file(QString()));
        const auto arrived = [&here] {
            const auto partial = here.entryInfoList(
                {QStringLiteral(".back.*.partial")}, QDir::Files | QDir::Hidden);
            return partial.isEmpty() ? qint64(0) : partial.first().size();
        };
        const auto copying = m_host->start(words("cp peer:long back"));
        while (copying->state() == QProcess::Running && arrived() < 20'000'000)
            copying->waitForFinished(1);
        m_peer->sshd().killSessions();
        QVERIFY(copying->waitForFinished(60'000));
        if (copying->exitCode() != 0)
            QVERIFY(
                arrived() >= 20'000'000 && !QFile::exists(m_host->file(QStringLiteral("back"))));
        QCOMPARE(run("cp peer:long back").code, 0);
        QFile first(m_host->file(QStringLiteral("long"))),
            second(m_host->file(QStringLiteral("back")));
        QVERIFY(first.open(QFile::ReadOnly) && second.open(QFile::ReadOnly));
        QVERIFY(first.readAll() == second.readAll());
        QCOMPARE(arrived(), 0);
    }
};

QTEST_GUILESS_MAIN(TestCtlCopy)
#include "test_ctl_copy.moc"
