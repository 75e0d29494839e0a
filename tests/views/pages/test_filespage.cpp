// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/ioloop.h"
#include "tests/views/pages/livedesk.h"
#include "views/common/emptystate.h"
#include "views/files/filemodel.h"
#include "views/files/filespage.h"
#include "views/files/transferlist.h"
#include "views/theme/theme.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QClipboard>
#include <QDir>
#include <QFile>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>

using namespace pilothouse;

static FileInfo entry(const QString &path, const QString &kind, quint64 size = 0, qint64 ns = 1)
{
    FileInfo file;
    file.path = path;
    file.kind = kind;
    file.size = size;
    file.modifiedNs = ns;
    file.mode = 0644;
    return file;
}

class TestFilesPage : public QObject {
    Q_OBJECT

    static QStringList names(const QAbstractItemModel *model)
    {
        QStringList all;
        for (int row = 0; row < model->rowCount(); ++row)
            all << model->index(row, FileModel::Name).data().toString();
        return all;
    }
    static void write(const QString &path, const QByteArray &text)
    {
        QDir().mkpath(QFileInfo(path).path());
        QFile file(path);
        QVERIFY(file.open(QFile::WriteOnly));
        file.write(text);
    }
    static QByteArray read(const QString &path)
    {
        QFile file(path);
        return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray();
    }
    static QPushButton *button(QWidget *in, const QString &text)
    {
        const auto all = in->findChildren<QPushButton *>();
        for (auto *one : all) {
            if (one->text() == text)
                return one;
        }
        return nullptr;
    }

    static QPushButton *shownButton(QWidget *in, const QString &text)
    {
        const auto all = in->findChildren<QPushButton *>();
        for (auto *one : all) {
            if (one->text() == text && one->isVisibleTo(in))
                return one;
        }
        return nullptr;
    }
    static bool says(QWidget *in, const QString &text)
    {
        const auto labels = in->findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(), [&](const QLabel *label) {
            return label->isVisibleTo(in) && label->text().contains(text);
        });
    }
    static void select(QTableView *table, const QString &name)
    {
        for (int row = 0; row < table->model()->rowCount(); ++row) {
            if (table->model()->index(row, FileModel::Name).data().toString() == name)
                table->selectRow(row);
        }
    }

private Q_SLOTS:
    void initTestCase() { Theme::install(Scheme::Light); }
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }
    void cleanupTestCase() { IoLoop::instance().stop(); }

    void foldersFirstInEitherOrder()
    {
        FileModel model([] { return qint64(0); });
        QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.apply({entry("/a/zeta", "folder"), entry("/a/b.txt", "file", 10),
            entry("/a/alpha", "folder"), entry("/a/c.bin", "file", 2000)});
        model.setShown({}, false);
        model.sort(FileModel::Name, Qt::AscendingOrder);
        QCOMPARE(names(&model), QStringList({"alpha", "zeta", "b.txt", "c.bin"}));
        model.sort(FileModel::Name, Qt::DescendingOrder);
        QCOMPARE(names(&model), QStringList({"zeta", "alpha", "c.bin", "b.txt"}));
        model.sort(FileModel::Size, Qt::DescendingOrder);
        QCOMPARE(names(&model).first(), "c.bin");
    }

    void aFoldersSizeIsUnknownNotZero()
    {
        FileModel model([] { return qint64(120'000); });
        model.apply(
            {entry("/a/folder", "folder", 4096), entry("/a/file", "file", 0, 60'000'000'000)});
        model.sort(FileModel::Name, Qt::AscendingOrder);
        QCOMPARE(model.index(0, FileModel::Size).data().toString(), "–");
        QVERIFY(model.index(1, FileModel::Size).data().toString().startsWith("0"));
        QCOMPARE(model.index(1, FileModel::Modified).data().toString(), "1\u00A0min ago");
        QCOMPARE(model.index(1, FileModel::Mode).data().toString(), "rw-r--r--");
    }

    void hiddenFilesAndFilter()
    {
        FileModel model([] { return qint64(0); });
        QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.apply({entry("/a/.ssh", "folder"), entry("/a/notes.txt", "file"),
            entry("/a/model.bin", "file")});
        model.setShown({}, false);
        QCOMPARE(model.hiddenCount(), 1);
        model.setShown("BIN", true);
        model.sort(FileModel::Name, Qt::AscendingOrder);
        QCOMPARE(names(&model), QStringList{"model.bin"});
    }

    void pathsAndModes()
    {
        QCOMPARE(folderAbove("/a/b"), "/a");
        QCOMPARE(folderAbove("/a"), "/");
        QCOMPARE(folderAbove("/"), "/");
        QCOMPARE(modeText(0755), "rwxr-xr-x");
        QCOMPARE(modeText(0), "---------");
    }

    void howACopyStands()
    {
        Activity copy;
        copy.startedAt = 1000;
        copy.total = 40'000'000;
        copy.done = 10'000'000;
        const QString running = transferText(copy, 6000);
        QVERIFY2(running.contains("2.0\u00A0MB/s") && running.contains("15.0\u00A0s left"),
            qPrintable(running));
        copy.total = 0; // no total: a rate, but no time left
        QVERIFY(!transferText(copy, 6000).contains("left"));
        copy.error = cancelled("copy");
        QCOMPARE(transferText(copy, 6000), "cancelled");
    }

    void notConnectedSaysHow()
    {
        LiveDesk desk;
        FilesPage page(desk.context, desk.local);
        auto *empty = page.findChild<EmptyState *>();
        QVERIFY(empty->isVisibleTo(&page));
        auto *connectButton = button(empty, "Connect");
        QVERIFY(connectButton && !connectButton->isHidden());
        const auto actions = page.headerActions();
        for (auto *action : actions) {
            QVERIFY(!action->isEnabled());
            QVERIFY(!action->toolTip().isEmpty());
            delete action;
        }
    }

    void browseCopyAndReplace()
    {
        LiveDesk desk;
        write(desk.home.path("data/inner/deep.txt"), "deep");
        write(desk.home.path("data/model.bin"), QByteArray(300'000, 'x'));
        write(desk.home.path("data/.secret"), "s");
        QCOMPARE(desk.connectHere(), QString());
        FilesPage page(desk.context, desk.local);
        desk.watch(&page, desk.local);
        QSignalSpy listed(&page, &FilesPage::listed);
        QTRY_COMPARE(page.path(), desk.home.path()); // home first
        page.showSubject(desk.home.path("data"));
        QTRY_COMPARE(page.path(), desk.home.path("data"));
        auto *table = page.findChild<QTableView *>();
        QCOMPARE(names(table->model()), QStringList({"inner", "model.bin"}));
        page.findChild<QCheckBox *>()->setChecked(true);
        QCOMPARE(table->model()->rowCount(), 3);

        // Into a folder and back up: it is selected again.
        table->selectRow(0);
        QCOMPARE(table->currentIndex().data().toString(), "inner");
        Q_EMIT table->activated(table->currentIndex());
        QTRY_COMPARE(page.path(), desk.home.path("data/inner"));
        QCOMPARE(names(table->model()), QStringList{"deep.txt"});
        QTest::keyClick(&page, Qt::Key_Up, Qt::AltModifier);
        auto *up = [&] {
            const auto all = page.findChildren<QPushButton *>();
            return *std::find_if(all.begin(), all.end(),
                [](const auto *one) { return one->accessibleName() == "Up"; });
        }();
        if (page.path() != desk.home.path("data"))
            up->click();
        QTRY_COMPARE(page.path(), desk.home.path("data"));
        QCOMPARE(table->currentIndex().data().toString(), "inner");

        // Download: never over what is here already.
        for (int row = 0; row < table->model()->rowCount(); ++row) {
            if (table->model()->index(row, 0).data().toString() == "model.bin")
                table->selectRow(row);
        }
        QDir().mkpath(desk.home.path("down"));
        write(desk.home.path("down/model.bin"), "mine");
        page.downloadTo(desk.home.path("down"));
        QTRY_COMPARE(read(desk.home.path("down/model (2).bin")).size(), 300'000);
        QCOMPARE(read(desk.home.path("down/model.bin")), "mine");
        QVERIFY(page.findChild<TransferRow *>());

        // Copy path.
        const auto actions = page.headerActions();
        static_cast<QPushButton *>(actions.first())->click();
        QCOMPARE(QGuiApplication::clipboard()->text(), desk.home.path("data/model.bin"));
        qDeleteAll(actions);

        // Upload: a new file goes at once, one that is there asks first.
        write(desk.home.path("up/new.txt"), "new");
        write(desk.home.path("up/model.bin"), "small");
        page.upload({desk.home.path("up/new.txt")});
        QTRY_COMPARE(read(desk.home.path("data/new.txt")), "new");
        QTRY_VERIFY(names(table->model()).contains("new.txt"));
        page.upload({desk.home.path("up/model.bin")});
        QTRY_VERIFY(shownButton(&page, "Replace"));
        QCOMPARE(read(desk.home.path("data/model.bin")).size(), 300'000);
        QVERIFY(says(&page, "model.bin in " + desk.home.path("data") + " will be replaced."));
        shownButton(&page, "Replace")->click();
        QTRY_COMPARE(read(desk.home.path("data/model.bin")), "small");
    }

    /// Folders both ways: new ones at once, into those that are there after saying what is lost.
    void foldersBothWays()
    {
        LiveDesk desk;
        const auto at = [&](const char *path) { return desk.home.path(QString::fromLatin1(path)); };
        write(at("up/runs/one.txt"), "one");
        write(at("up/runs/deep/two.txt"), "two");
        QVERIFY(QFile::link("deep/two.txt", at("up/runs/link")));
        QDir().mkpath(at("there"));
        QCOMPARE(desk.connectHere(), QString());
        FilesPage page(desk.context, desk.local);
        desk.watch(&page, desk.local);
        page.showSubject(at("there"));
        QTRY_COMPARE(page.path(), at("there"));
        page.upload({at("up/runs")});
        QTRY_COMPARE(read(at("there/runs/deep/two.txt")), "two");
        QTRY_COMPARE(QFile::symLinkTarget(at("there/runs/link")), at("there/runs/deep/two.txt"));
        QTRY_COMPARE(desk.runner->activities().first().running(), false);
        QVERIFY(!shownButton(&page, "Replace")); // nothing was lost, nothing was asked
        QVERIFY(!QFile::exists(at("there/runs/runs")));

        // The same again: nothing is replaced, so nothing is asked.
        page.upload({at("up/runs")});
        QTRY_COMPARE(desk.runner->activities().size(), 3); // with the connecting one
        QTRY_COMPARE(desk.runner->activities().first().running(), false);
        QVERIFY(!desk.runner->activities().first().error);

        // What differs is named before it starts; closing the question changes nothing.
        write(at("up/runs/one.txt"), "one, longer");
        write(at("up/runs/three.txt"), "three");
        page.upload({at("up/runs")});
        QTRY_VERIFY(shownButton(&page, "Replace"));
        QVERIFY(says(&page, "runs/one.txt in " + at("there") + " will be replaced."));
        QVERIFY(says(&page, "Files to copy: 2 ("));
        QVERIFY(says(&page, "unchanged: 1."));
        shownButton(&page, "Cancel")->click();
        QCOMPARE(read(at("there/runs/one.txt")), "one");
        QVERIFY(!QFile::exists(at("there/runs/three.txt")));
        page.upload({at("up/runs")});
        QTRY_VERIFY(shownButton(&page, "Replace"));
        shownButton(&page, "Replace")->click();
        QTRY_COMPARE(read(at("there/runs/one.txt")), "one, longer");
        QTRY_COMPARE(read(at("there/runs/three.txt")), "three");

        // And back, into a place where a folder stands in a file's way.
        QDir().mkpath(at("down"));
        auto *table = page.findChild<QTableView *>();
        QTRY_VERIFY(names(table->model()).contains("runs"));
        select(table, "runs");
        page.downloadTo(at("down"));
        QTRY_COMPARE(read(at("down/runs/deep/two.txt")), "two");
        QTRY_COMPARE(QFileInfo(at("down/runs/link")).isSymLink(), true);
        QTRY_COMPARE(desk.runner->activities().first().running(), false);
        write(at("down/runs/one.txt"), "mine");
        QVERIFY(QFile::remove(at("down/runs/three.txt")));
        QDir().mkpath(at("down/runs/three.txt/in the way"));
        select(table, "runs");
        page.downloadTo(at("down"));
        QTRY_VERIFY(shownButton(&page, "Replace"));
        QVERIFY(says(&page, "runs/one.txt in " + at("down") + " will be replaced."));
        QVERIFY(says(&page, "runs/three.txt in " + at("down") + " will not be copied"));
        QCOMPARE(read(at("down/runs/one.txt")), "mine");
        shownButton(&page, "Replace")->click();
        QTRY_COMPARE(read(at("down/runs/one.txt")), "one, longer");
        QVERIFY(QFile::exists(at("down/runs/three.txt/in the way")));
    }

    /// A folder on its way shows how far it is, and can be cancelled.
    void aFolderOnItsWayCanBeCancelled()
    {
        LiveDesk desk;
        constexpr int files = 60;
        for (int i = 0; i < files; ++i)
            write(desk.home.path(QStringLiteral("up/many/%1.bin").arg(i)),
                QByteArray(2'000'000, char('a' + i % 26)));
        QDir().mkpath(desk.home.path("there"));
        QCOMPARE(desk.connectHere(), QString());
        FilesPage page(desk.context, desk.local);
        desk.watch(&page, desk.local);
        page.showSubject(desk.home.path("there"));
        QTRY_COMPARE(page.path(), desk.home.path("there"));
        qint64 total = 0;
        connect(desk.port.get(), &ActPort::activityChanged, this, [&] {
            const auto newest = desk.port->activities().first();
            if (newest.act != "file.upload" || !newest.running() || newest.done == 0 || total != 0)
                return;
            total = newest.total;
            auto *row = page.findChild<TransferRow *>();
            QVERIFY(row);
            shownButton(row, "Cancel")->click();
        });
        page.upload({desk.home.path("up/many")});
        QTRY_VERIFY_WITH_TIMEOUT(
            total != 0 && !desk.runner->activities().first().running(), 60'000);
        QCOMPARE(total, qint64(files) * 2'000'000);
        const auto ended = desk.runner->activities().first();
        QVERIFY(ended.error);
        QCOMPARE(ended.error->kind, ErrorKind::Cancelled);
        QVERIFY(
            QDir(desk.home.path("there/many")).entryList({"*.bin"}, QDir::Files).size() < files);
    }

    void whatCannotBeReadSaysWhy()
    {
        LiveDesk desk;
        QCOMPARE(desk.connectHere(), QString());
        FilesPage page(desk.context, desk.local);
        QTRY_COMPARE(page.path(), desk.home.path());
        page.showSubject("/no/such/folder");
        QTRY_COMPARE(page.path(), "/no/such/folder");
        auto *empty = page.findChild<EmptyState *>();
        QVERIFY(empty->isVisibleTo(&page));
        QVERIFY(button(empty, "Go up"));
        bool said = false;
        const auto labels = empty->findChildren<QLabel *>();
        for (const auto *label : labels)
            said |= label->text().contains("/no/such/folder");
        QVERIFY(said);
    }

    void readOnlyTakesNoUpload()
    {
        LiveDesk desk;
        QCOMPARE(desk.connectHere(), QString());
        auto target = *desk.workspace->target(desk.local);
        target.protection = Protection::ReadOnly;
        QVERIFY(desk.workspace->save(target));
        FilesPage page(desk.context, desk.local);
        QTRY_COMPARE(page.path(), desk.home.path());
        const auto actions = page.headerActions();
        auto *upload = actions.last();
        QVERIFY(!upload->isEnabled());
        QVERIFY(upload->toolTip().contains("read-only"));
        qDeleteAll(actions);
        write(desk.home.path("up.txt"), "x");
        page.showSubject(desk.home.path(".local"));
        QTRY_COMPARE(page.path(), desk.home.path(".local"));
        page.upload({desk.home.path("up.txt")});
        QCOMPARE(desk.run("file.upload", {},
                         {{"local", desk.home.path("up.txt")},
                             {"remote", desk.home.path(".local/up.txt")}})
                     .error()
                     .kind,
            ErrorKind::Denied);
        QVERIFY(!QFile::exists(desk.home.path(".local/up.txt")));
    }
};

QTEST_MAIN(TestFilesPage)
#include "test_filespage.moc"
