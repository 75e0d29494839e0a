// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/recorded.h"
#include "views/common/errorbox.h"
#include "views/frame/demoentry.h"
#include "views/frame/inventoryview.h"
#include "views/frame/mainwindow.h"
#include "views/pages/catalog.h"
#include "views/theme/theme.h"

#include <QDialog>
#include <QFile>
#include <QMenu>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

/// The demo fleet is a click away, and says in the window why it does not come.
class TestDemoEntry : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_simulator; ///< a file of that name is enough to be offered

    QString script(const char *name, const QByteArray &body)
    {
        QFile file(m_folder.filePath(QString::fromLatin1(name)));
        if (!file.open(QFile::WriteOnly))
            return {};
        file.write("#!/bin/sh\n" + body);
        file.close();
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        return file.fileName();
    }
    static bool offered(const MainWindow &window)
    {
        const auto entries = window.paletteEntries();
        return std::any_of(entries.begin(), entries.end(), [](const PaletteEntry &entry) {
            return entry.title == QLatin1String("Open the demo fleet");
        });
    }

private Q_SLOTS:
    void initTestCase()
    {
        Theme::install(Scheme::Light);
        m_simulator = QCoreApplication::applicationDirPath() + QStringLiteral("/pilothouse-sim");
    }
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
        QFile file(m_simulator);
        QVERIFY(file.open(QFile::WriteOnly));
    }
    void cleanup() { QFile::remove(m_simulator); }

    void itIsInPaletteAndMenu()
    {
        RecordedFeed feed{QJsonObject()};
        RecordedActs acts{QJsonObject()};
        MainWindow with(pageCatalog(), nullptr, &feed, &acts, {});
        QVERIFY(offered(with));
        with.show();
        auto *inventory = with.findChild<InventoryView *>();
        for (auto *button : inventory->findChildren<QPushButton *>())
            if (button->accessibleName() == QLatin1String("Inventory menu"))
                button->click();
        auto *menu = inventory->findChild<QMenu *>();
        QVERIFY(menu != nullptr);
        const auto actions = menu->actions();
        menu->close();
        QVERIFY(std::any_of(actions.begin(), actions.end(), [](const QAction *action) {
            return action->text() == QLatin1String("Open the demo fleet");
        }));
        QFile::remove(m_simulator); // an installation without it
        MainWindow without(pageCatalog(), nullptr, &feed, &acts, {});
        QVERIFY(!offered(without));
        QVERIFY(!canStartDemo(feed));
    }

    void itStartsAWindowOfItsOwn()
    {
        QWidget window;
        const QString out = m_folder.filePath(QStringLiteral("arguments"));
        startDemo(&window, script("good", "echo \"$@\" > " + out.toUtf8() + "\n"));
        QFile file(out);
        QTRY_VERIFY(file.exists() && file.size() > 0);
        QVERIFY(file.open(QFile::ReadOnly));
        QCOMPARE(file.readAll().trimmed(), QByteArray("--demo"));
        QTest::qWait(600); // it has ended without a word: no failure
        QVERIFY(window.findChildren<QDialog *>().isEmpty());
    }

    void whatStopsItIsShown_data()
    {
        QTest::addColumn<QString>("program");
        QTest::addColumn<QString>("cause");
        QTest::newRow("ends at once")
            << script("bad", "echo 'pilothouse: no temporary folder' >&2\nexit 1\n")
            << QStringLiteral("pilothouse: no temporary folder");
        QTest::newRow("no program")
            << QStringLiteral("/nowhere/pilothouse") << QStringLiteral("/nowhere/pilothouse");
    }

    void whatStopsItIsShown()
    {
        QFETCH(QString, program);
        QFETCH(QString, cause);
        QWidget window;
        window.show();
        startDemo(&window, program);
        QTRY_VERIFY(window.findChild<ErrorBox *>() != nullptr);
        auto *box = window.findChild<ErrorBox *>();
        QVERIFY(box->isVisible());
        QVERIFY2(box->report().contains(cause), qPrintable(box->report()));
    }
};

QTEST_MAIN(TestDemoEntry)
#include "test_demoentry.moc"
