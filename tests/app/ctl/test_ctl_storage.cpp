// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/storeoptions.h"
#include "tests/app/ctl/ctlhost.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QTest>

using namespace pilothouse;

/// The verb that checks stored telemetry.
class TestCtlStorage : public QObject {
    Q_OBJECT

    static bool fill(const QString &folder)
    {
        auto store = TelemetryStore::openFolder(folder);
        if (!store || !(*store)->writable())
            return false;
        const auto id = (*store)->series({{QStringLiteral("t"), {}, QStringLiteral("a")}, {}, {}});
        const qint64 now = QDateTime::currentMSecsSinceEpoch();
        std::vector<StoreTick> ticks;
        for (int i = 0; i < 3000; ++i)
            ticks.push_back({now - 1000 * i, {double(i % 17)}});
        (*store)->append({id}, ticks);
        return QCoro::waitFor((*store)->flush()).has_value();
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void damageIsListed()
    {
        const CtlHost host;
        auto ran = host.run(words("storage"));
        QCOMPARE(ran.code, 0); // nothing is stored yet
        const QString folder = host.file(QStringLiteral("data/pilothouse/telemetry"));
        QVERIFY(!QDir(folder).exists());
        QVERIFY(fill(folder));
        QVERIFY(fill(folder)); // the journal of the first goes into a segment
        ran = host.run(words("storage --json"));
        QCOMPARE(ran.code, 0);
        QCOMPARE(ran.json().value(QLatin1String("damage")).toArray().size(), 0);
        QFile segment(folder + QStringLiteral("/000000000001.seg"));
        QVERIFY(segment.open(QFile::ReadWrite));
        QVERIFY(segment.size() > 400);
        QVERIFY(segment.seek(segment.size() / 2) && segment.write("\x5a\xa5\x5a", 3) == 3);
        segment.close();
        // Beside a console that is open.
        auto console = TelemetryStore::openFolder(folder);
        QVERIFY(console && (*console)->writable());
        ran = host.run(words("storage --json"));
        QCOMPARE(ran.code, 1);
        const auto damage = ran.json().value(QLatin1String("damage")).toArray();
        QCOMPARE(damage.size(), 1);
        QVERIFY(damage.first().toString().startsWith(QStringLiteral("000000000001.seg: damaged")));
        ran = host.run(words("storage"));
        QCOMPARE(ran.code, 1);
        QVERIFY(ran.out.startsWith("000000000001.seg: damaged"));
    }
};

QTEST_GUILESS_MAIN(TestCtlStorage)
#include "test_ctl_storage.moc"
