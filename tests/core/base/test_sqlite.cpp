// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/sqlite.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;
using namespace pilothouse::sqlite;

class TestSqlite : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    int m_count = 0;
    QString freshFile() { return m_folder.filePath(QStringLiteral("%1.db").arg(++m_count)); }
    const QStringList m_first{QStringLiteral("CREATE TABLE t (k TEXT PRIMARY KEY, v, b BLOB)")};

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void valuesComeBack()
    {
        auto database = Database::open(freshFile(), Synchronous::Full, m_first);
        QVERIFY(database);
        auto insert = database->prepare("INSERT INTO t VALUES (?, ?, ?)");
        QVERIFY(insert);
        QVERIFY(insert->bind(QStringLiteral("ключ'\""))
                    .bind(qint64(1) << 60)
                    .bind(QByteArray("a\0b", 3))
                    .run());
        auto select = database->prepare("SELECT k, v, b FROM t WHERE k = ?");
        QVERIFY(select->bind(QStringLiteral("ключ'\"")).step().value_or(false));
        QCOMPARE(select->integer(1), qint64(1) << 60);
        QCOMPARE(select->blob(2), QByteArray("a\0b", 3));
        QVERIFY(!select->step().value_or(true));
    }

    void migratesOnceAndRefusesNewer()
    {
        const QString file = freshFile();
        QVERIFY(Database::open(file, Synchronous::Normal, m_first));
        const QStringList two = m_first + QStringList(QStringLiteral("ALTER TABLE t ADD COLUMN n"));
        QVERIFY(Database::open(file, Synchronous::Normal, two));
        QVERIFY(Database::open(file, Synchronous::Normal, two));
        const auto older = Database::open(file, Synchronous::Normal, m_first);
        QVERIFY(!older);
        QCOMPARE(older.error().kind, ErrorKind::Conflict);
    }

    void failedMigrationLeavesTheOldState()
    {
        const QString file = freshFile();
        QVERIFY(Database::open(file, Synchronous::Normal, m_first));
        const QStringList bad
            = m_first + QStringList(QStringLiteral("CREATE TABLE u (x); SELECT nonsense"));
        QVERIFY(!Database::open(file, Synchronous::Normal, bad));
        auto again = Database::open(file, Synchronous::Normal, m_first);
        QVERIFY(again);
        QVERIFY(!again->prepare("SELECT * FROM u"));
    }

    void transactionRollsBack()
    {
        auto database = Database::open(freshFile(), Synchronous::Full, m_first);
        const auto done = database->transaction([&]() -> Result<> {
            auto insert = database->prepare("INSERT INTO t (k) VALUES ('x')");
            if (auto ran = insert->run(); !ran)
                return ran;
            return fail(cancelled(QStringLiteral("test")));
        });
        QVERIFY(!done);
        auto count = database->prepare("SELECT count(*) FROM t");
        QVERIFY(count->step().value_or(false));
        QCOMPARE(count->integer(0), qint64(0));
    }

    void damageIsSaid()
    {
        const QString name = freshFile();
        QFile file(name);
        QVERIFY(file.open(QFile::WriteOnly));
        file.write(QByteArray(8192, 'x'));
        file.close();
        const auto opened = Database::open(name, Synchronous::Full, m_first);
        QVERIFY(!opened);
        QVERIFY(!opened.error().next.isEmpty());
    }

    void fileIsPrivate()
    {
        const QString name = freshFile();
        QVERIFY(Database::open(name, Synchronous::Full, m_first));
        QVERIFY(!(QFile::permissions(name) & (QFile::ReadGroup | QFile::ReadOther)));
    }
};

QTEST_GUILESS_MAIN(TestSqlite)
#include "test_sqlite.moc"
