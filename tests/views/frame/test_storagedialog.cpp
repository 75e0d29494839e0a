// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/acts/services.h"
#include "core/telemetry/store.h"
#include "tests/gui/recorded.h"
#include "views/frame/mainwindow.h"
#include "views/frame/statusline.h"
#include "views/frame/storagedialog.h"
#include "views/theme/theme.h"

#include <QFile>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

class TestStorageDialog : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { Theme::install(Scheme::Dark); }
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void damageIsToldInTheWindow()
    {
        const QTemporaryDir folder;
        QFile torn(folder.filePath(QStringLiteral("000000000001.seg")));
        QVERIFY(torn.open(QFile::WriteOnly) && torn.write("no frames") == 9);
        torn.close();
        const auto store = TelemetryStore::openFolder(folder.path());
        QVERIFY(store);
        RecordedFeed feed{QJsonObject()};
        RecordedActs acts{QJsonObject()};
        Services services;
        services.store = store->get();
        MainWindow window(PageCatalog(), &services, &feed, &acts, {});
        window.show();
        const auto shown = [&] {
            const auto buttons = window.statusLine()->findChildren<QPushButton *>();
            for (auto *one : buttons) {
                if (one->isVisible() && one->text().contains(QStringLiteral("stored telemetry")))
                    return one;
            }
            return static_cast<QPushButton *>(nullptr);
        };
        QVERIFY(shown());
        QCOMPARE(shown()->text(), QStringLiteral("1 problem with stored telemetry"));
        shown()->click();
        auto *dialog = window.findChild<StorageDialog *>();
        QVERIFY(dialog && dialog->isVisible());
        auto *text = dialog->findChild<QPlainTextEdit *>();
        QVERIFY(text->toPlainText().startsWith(QStringLiteral("000000000001.seg: cut off at 0")));
        // A node names too many series: that is told in both while they are open.
        for (int i = 0; i <= 65'536; ++i)
            (*store)->series({{QStringLiteral("<b>flood</b>"), {}, QString::number(i)}, {}, {}});
        QTRY_COMPARE(shown()->text(), QStringLiteral("2 problems with stored telemetry"));
        QTRY_VERIFY(text->toPlainText().contains(QStringLiteral("<b>flood</b> names more than")));
        dialog->close();
    }

    void nothingIsSaidOfAWholeStore()
    {
        const QTemporaryDir folder;
        const auto store = TelemetryStore::openFolder(folder.path());
        QVERIFY(store);
        RecordedFeed feed{QJsonObject()};
        RecordedActs acts{QJsonObject()};
        Services services;
        services.store = store->get();
        MainWindow window(PageCatalog(), &services, &feed, &acts, {});
        window.show();
        const auto buttons = window.statusLine()->findChildren<QPushButton *>();
        for (const auto *one : buttons)
            QVERIFY(!one->isVisible() || !one->text().contains(QStringLiteral("telemetry")));
    }
};

QTEST_MAIN(TestStorageDialog)
#include "test_storagedialog.moc"
