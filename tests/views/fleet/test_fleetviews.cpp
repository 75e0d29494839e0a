// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/rowmodel.h"
#include "tests/gui/checks.h"
#include "tests/gui/recorded.h"
#include "tests/views/fleet/samplefleet.h"
#include "views/common/pageheader.h"
#include "views/common/textlabel.h"
#include "views/fleet/devicebar.h"
#include "views/fleet/filterfield.h"
#include "views/fleet/fleetdelegate.h"
#include "views/fleet/fleetfigures.h"
#include "views/fleet/fleetpage.h"
#include "views/fleet/heatmap.h"
#include "views/theme/theme.h"

#include <QAccessible>
#include <QHelpEvent>
#include <QJsonObject>
#include <QLabel>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>
#include <QToolTip>

#include <cmath>

using namespace pilothouse;

static constexpr qint64 now = 1'764'000'000'000;

class TestFleetViews : public QObject {
    Q_OBJECT

    RecordedFeed m_feed{QJsonObject{{QStringLiteral("now"), double(now)}}};
    RecordedActs m_acts{QJsonObject()};
    TimeRange m_range;
    QStringList m_opened;

    PageContext context()
    {
        PageContext context;
        context.feed = &m_feed;
        context.range = &m_range;
        context.openTarget = [this](const QString &target, const QString &tab) {
            m_opened << target + QLatin1Char(' ') + tab;
        };
        context.openPage = [this](const QString &page) { m_opened << page; };
        context.openDevice = [this](const QString &gpu) { m_opened << gpu; };
        context.openJob = [this](const QString &job) { m_opened << job; };
        context.openAlert
            = [this](const QString &alert) { m_opened << QStringLiteral("alert ") + alert; };
        return context;
    }
    std::unique_ptr<FleetPage> page(int nodes, int *tick = nullptr)
    {
        auto page = std::make_unique<FleetPage>(context());
        page->setReading(
            [nodes, tick](qint64) { return sampleFleet(nodes, now, tick != nullptr ? *tick : 0); });
        page->delegate()->setTrend([](const QString &, const QString &uuid, int columns) {
            Curve curve;
            curve.columns.resize(std::size_t(columns));
            for (int i = 0; i < columns; ++i) {
                const double value = 0.6 + 0.3 * std::sin(i * 0.15 + double(qHash(uuid) % 100));
                curve.columns[std::size_t(i)] = {value, value, value, value, 1};
            }
            return curve;
        });
        page->resize(1330, 930);
        page->show();
        return page;
    }

private Q_SLOTS:
    void initTestCase() { Theme::install(Scheme::Dark); }
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
        m_opened.clear();
    }

    void arrangesByGroupAndNode()
    {
        const auto gpus = sampleFleet(20, now);
        auto layout = arrangeFleet(gpus, FleetGrouping::Group, QStringLiteral("none"));
        QCOMPARE(layout.groups.size(), std::size_t(2));
        QCOMPARE(layout.groups[0].title, QStringLiteral("rack a1"));
        QCOMPARE(layout.groups[0].nodes, 16);
        QCOMPARE(layout.nodes[1].label, QStringLiteral("a1-n02"));
        placeFleet(layout, {1200, 600}, 60, 190);
        for (std::size_t i = 0; i < layout.cells.size(); ++i) {
            for (std::size_t j = i + 1; j < layout.cells.size(); ++j)
                QVERIFY(!layout.cells[i].rect.intersects(layout.cells[j].rect));
            QVERIFY(QRect(0, 0, 1200, layout.height).contains(layout.cells[i].rect));
        }
        layout = arrangeFleet(gpus, FleetGrouping::Job, QStringLiteral("no job"));
        QCOMPARE(layout.groups.back().title, QStringLiteral("no job"));
        layout = arrangeFleet({}, FleetGrouping::Node, {});
        placeFleet(layout, {300, 200}, 24, 190);
        QCOMPARE(layout.height, 0);
    }

    void manyNodesGetSmallerCells()
    {
        auto few = arrangeFleet(sampleFleet(4, now), FleetGrouping::Group, {});
        auto many = arrangeFleet(sampleFleet(128, now), FleetGrouping::Group, {});
        auto all = arrangeFleet(sampleFleet(1024, now), FleetGrouping::Cluster, {});
        placeFleet(few, {1200, 500}, 60, 190);
        placeFleet(many, {1200, 500}, 60, 190);
        placeFleet(all, {1300, 500}, 60, 190);
        QCOMPARE(few.cellSize, 32);
        QCOMPARE(many.cellSize, 12);
        QVERIFY(!many.nodes.front().labelRect.isEmpty());
        QCOMPARE(all.cells.size(), std::size_t(8192)); // a whole fleet at a glance
        QVERIFY(all.height <= 500);
        QVERIFY(all.nodes.front().labelRect.isEmpty());
    }

    /// By job there are many cards with few cells: what stands above them has its room.
    void cardsAreAsWideAsTheirHeads()
    {
        auto gpus = sampleFleet(64, now);
        for (std::size_t i = 0; i < gpus.size(); ++i)
            gpus[i].jobName = QStringLiteral("training-of-a-model-%1").arg(i / 4);
        FleetModel model;
        model.apply(gpus, now);
        HeatMap map(&model);
        map.setGrouping(FleetGrouping::Job);
        map.resize(1300, 600);
        map.show();
        QVERIFY(QTest::qWaitForWindowExposed(&map));
        const auto &layout = map.heatLayout();
        QCOMPARE(layout.groups.size(), std::size_t(128));
        for (const auto &group : layout.groups) {
            QVERIFY2(group.rect.width() >= 190, qPrintable(QString::number(group.rect.width())));
            QVERIFY(group.rect.right() < 1300);
        }
        QVERIFY(layout.cellSize >= 12); // smaller ones would hardly save height
        // What may be cut short is told in whole.
        const auto place = map.viewport()->mapToGlobal(layout.groups[0].rect.topLeft());
        QHelpEvent help(QEvent::ToolTip, layout.groups[0].rect.topLeft() + QPoint(20, 12), place);
        QCoreApplication::sendEvent(map.viewport(), &help);
        QVERIFY(QToolTip::text().contains(QStringLiteral("training-of-a-model-0")));
        QVERIFY(QToolTip::text().contains(QStringLiteral("busy")));
        QToolTip::hideText();
    }

    void looksTellStatesApartWithoutColour()
    {
        const auto gpus = sampleFleet(64, now);
        const auto bad = lookOf(gpus[3 * 8 + 7], FleetMetric::Util, false);
        const auto watch = lookOf(gpus[1 * 8 + 2], FleetMetric::Util, false);
        const auto stale = lookOf(gpus[(32 + 12) * 8], FleetMetric::Util, false);
        const auto busy = lookOf(gpus[2 * 8], FleetMetric::Util, false);
        QCOMPARE(int(bad.mark), 2);
        QCOMPARE(int(watch.mark), 1);
        QCOMPARE(stale.fill, CellLook::Fill::Hatched);
        QCOMPARE(busy.fill, CellLook::Fill::Heat);
        QCOMPARE(int(busy.mark), 0);
        // The ramp alone orders by lightness.
        for (int i = 1; i < 64; ++i)
            QVERIFY(
                heatColor(i / 63.0).lightnessF() + 0.02F >= heatColor((i - 1) / 63.0).lightnessF());
    }

    void paintsOnlyWhatChanged()
    {
        auto gpus = sampleFleet(64, now);
        FleetModel model;
        model.apply(gpus, now);
        HeatMap map(&model);
        map.resize(1300, 600);
        map.show();
        QVERIFY(QTest::qWaitForWindowExposed(&map));
        QCoreApplication::processEvents();
        auto before = map.paintedCells();
        QVERIFY(before >= 512);
        model.apply(gpus, now); // nothing new
        QCoreApplication::processEvents();
        QCOMPARE(map.paintedCells(), before);
        gpus[10].util = gpus[10].util > 0.5 ? 0.1 : 0.9;
        gpus[200].util = gpus[200].util > 0.5 ? 0.1 : 0.9;
        model.apply(gpus, now);
        QCoreApplication::processEvents();
        QVERIFY(map.paintedCells() > before);
        QVERIFY2(map.paintedCells() - before <= 4, qPrintable(QString::number(map.paintedCells())));
    }

    void followsSomeAtOnce()
    {
        auto gpus = sampleFleet(64, now);
        FleetModel model;
        model.apply(gpus, now);
        HeatMap map(&model);
        map.resize(1300, 600);
        map.show();
        QVERIFY(QTest::qWaitForWindowExposed(&map));
        QCoreApplication::processEvents();
        const auto before = map.paintedCells();
        for (const std::size_t place : {10, 200})
            gpus[place].util = gpus[place].util > 0.5 ? 0.1 : 0.9;
        QVERIFY(model.applySome({gpus[10], gpus[11], gpus[200]}));
        QCoreApplication::processEvents();
        QVERIFY(map.paintedCells() > before);
        QVERIFY2(map.paintedCells() - before <= 16, "two nodes of eight cells");
        // Another job takes a GPU: by job it moves to another card.
        map.setGrouping(FleetGrouping::Job);
        const auto groups = map.heatLayout().groups.size();
        gpus[10].job = gpus[10].jobName = QStringLiteral("a-new-one");
        QVERIFY(model.applySome({gpus[10]}));
        QTRY_COMPARE(map.heatLayout().groups.size(), groups + 1);
    }

    void keysMoveAndOpen()
    {
        const auto shown = page(64);
        auto *map = shown->map();
        QSignalSpy current(map, &HeatMap::currentChanged);
        QTest::keyClick(map, Qt::Key_Home);
        QCOMPARE(map->current(), QStringLiteral("ssh:a1-n01/GPU-0-0"));
        QTest::keyClick(map, Qt::Key_Right);
        QCOMPARE(map->current(), QStringLiteral("ssh:a1-n01/GPU-0-1"));
        QTest::keyClick(map, Qt::Key_Down);
        QCOMPARE(map->current(), QStringLiteral("ssh:a1-n02/GPU-1-1"));
        QTest::keyClick(map, Qt::Key_Up);
        QTest::keyClick(map, Qt::Key_Left);
        QTest::keyClick(map, Qt::Key_Left);
        QCOMPARE(map->current(), QStringLiteral("ssh:a1-n01/GPU-0-0"));
        QTest::keyClick(map, Qt::Key_Return);
        QCOMPARE(m_opened, QStringList({QStringLiteral("ssh:a1-n01/GPU-0-0")}));
        QTest::keyClick(map, Qt::Key_Escape);
        QVERIFY(map->current().isEmpty());
    }

    void aClickShowsTheRawLine()
    {
        const auto shown = page(64);
        auto *map = shown->map();
        int bad = -1;
        for (int i = 0; i < int(map->heatLayout().cells.size()); ++i) {
            if (map->gpuOfCell(i)->state == FleetState::Bad)
                bad = i;
        }
        QVERIFY(bad >= 0);
        QTest::mouseClick(map->viewport(), Qt::LeftButton, {}, map->cellRect(bad).center());
        QCOMPARE(map->currentCell(), bad);
        const auto labels = shown->findChildren<QLabel *>();
        QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel *label) {
            return label->isVisible() && label->text().contains(QStringLiteral("XID 79"));
        }));
        QCOMPARE(shown->table()->currentIndex().data(KeyRole).toString(), map->current());
    }

    /// From a cell to its device, job and alert; the raw line is there in whole.
    void aCellLeadsOn()
    {
        const auto shown = page(64);
        const QString raw = QStringLiteral("NVRM: Xid (PCI:0000:1b:00): 79, pid='<unknown>', "
                                           "name=<unknown>, GPU has fallen off the bus. ")
                                .repeated(4);
        shown->setReading([raw](qint64) {
            auto gpus = sampleFleet(64, now);
            gpus[3 * 8 + 7].verdict = raw;
            return gpus;
        });
        shown->map()->setCurrent(QStringLiteral("ssh:a1-n04/GPU-3-7"));
        auto *bar = shown->findChild<DeviceBar *>();
        QVERIFY(bar->isVisible());
        for (const QSize size : {QSize(1150, 720), QSize(1330, 930)}) {
            shown->resize(size);
            for (int i = 0; i < 4; ++i)
                QCoreApplication::processEvents();
            const auto *head = shown->findChild<PageHeader *>(); // its tabs stay
            QVERIFY(head->height() >= head->sizeHint().height());
        }
        const auto labels = bar->findChildren<TextLabel *>();
        QVERIFY(std::any_of(labels.begin(), labels.end(), [&](const TextLabel *label) {
            return label->isVisible() && label->text() == raw && !label->elides()
                && label->height() >= label->heightForWidth(label->width());
        }));
        QHash<QString, QPushButton *> buttons;
        for (auto *button : bar->findChildren<QPushButton *>())
            if (button->isVisible())
                buttons.insert(button->text(), button);
        for (const char *text : {"Open GPU", "vit-sweep", "Why"}) {
            QVERIFY2(buttons.contains(QLatin1String(text)), text);
            buttons.value(QLatin1String(text))->click();
        }
        QCOMPARE(m_opened,
            QStringList({QStringLiteral("ssh:a1-n04/GPU-3-7"), QStringLiteral("j1"),
                QStringLiteral("alert ssh:a1-n04/GPU-3-7")}));
        m_opened.clear();
        Q_EMIT shown->table()->activated(shown->table()->currentIndex());
        QCOMPARE(m_opened, QStringList(QStringLiteral("ssh:a1-n04/GPU-3-7")));
    }

    void allFreeTypesAreSaid()
    {
        auto gpus = sampleFleet(8, now);
        const char *models[] = {"NVIDIA H100 80GB HBM3", "NVIDIA A100-SXM4-40GB", "NVIDIA L40S",
            "Tesla V100-SXM2-32GB"};
        for (std::size_t i = 0; i < gpus.size(); ++i) {
            auto &gpu = gpus[i];
            gpu.model = QString::fromLatin1(models[i / 16]);
            gpu.util = 0;
            gpu.job.clear();
            gpu.person.clear();
            gpu.trouble.clear();
            gpu.temperature = 40;
            gpu.sampledAt = now;
            gpu = judged(gpu, now, true);
        }
        FleetFigureRow row;
        row.resize(1050, 90);
        row.show(figuresOf(gpus, now));
        row.QWidget::show();
        const auto labels = row.findChildren<TextLabel *>();
        for (const char *type : {"H100", "L40S", "V100"}) // the first is the figure
            QVERIFY2(std::any_of(labels.begin(), labels.end(),
                         [&](const TextLabel *label) {
                             return label->isVisible() && !label->elides()
                                 && label->text().contains(QLatin1String(type));
                         }),
                type);
    }

    void screenReadersHearEachCell()
    {
        const auto shown = page(4);
        auto *access = QAccessible::queryAccessibleInterface(shown->map());
        QVERIFY(access);
        QCOMPARE(access->childCount(), 32);
        auto *cell = access->child(26); // a1-n04 GPU 2
        QVERIFY(cell);
        QVERIFY(cell->text(QAccessible::Name).startsWith(QStringLiteral("a1-n04 GPU 2: ")));
        QCOMPARE(access->indexOfChild(cell), 26);
        QVERIFY(!cell->rect().isEmpty());
        QCOMPARE(cell->parent()->object(), shown->map());
        QVERIFY(!access->child(32));
    }

    void theFilterIsForMapAndTable()
    {
        const auto shown = page(64);
        shown->filter()->setText(QStringLiteral("node = a1-n04"));
        QCOMPARE(shown->model()->rowCount(), 8);
        shown->filter()->setText(QStringLiteral("node = a1-n04 and util <"));
        QCOMPARE(shown->model()->rowCount(), 8); // what is wrong changes nothing
        QVERIFY(shown->filter()->error());
        shown->filter()->setText(QStringLiteral("nobody-has-this"));
        QCOMPARE(shown->model()->rowCount(), 0);
        shown->filter()->clear();
        QCOMPARE(shown->model()->rowCount(), 512);
    }

    void offersWaysToGoOn()
    {
        const auto shown = page(4);
        auto *field = shown->filter();
        field->setFocus();
        QTest::keyClicks(field, QStringLiteral("state = w"));
        QCOMPARE(field->offered()->rowCount(), 1);
        QTest::keyClick(field, Qt::Key_Tab);
        QCOMPARE(field->text(), QStringLiteral("state = watch "));
        QCOMPARE(shown->model()->rowCount(), 1);
        QVERIFY(!field->error());
    }

    void aFieldBeingTypedHidesNothing()
    {
        const auto shown = page(4);
        auto *field = shown->filter();
        field->setFocus();
        QSignalSpy problem(field, &FilterField::problemChanged);
        QTest::keyClicks(field, QStringLiteral("stat"));
        QCOMPARE(shown->model()->rowCount(), 32);
        QTest::keyClicks(field, QStringLiteral("e = "));
        QCOMPARE(shown->model()->rowCount(), 32);
        QVERIFY(problem.last()[0].toString().isEmpty()); // it is not wrong yet
        QTest::keyClick(field, Qt::Key_Escape); // the list
        QTest::keyClick(field, Qt::Key_Return);
        QVERIFY(!problem.last()[0].toString().isEmpty());
    }

    void selectionAndScrollSurviveUpdates()
    {
        int tick = 0;
        const auto shown = page(64, &tick);
        auto *table = shown->table();
        table->sortByColumn(FleetModel::Util, Qt::DescendingOrder);
        table->selectRow(40);
        const auto key = table->currentIndex().data(KeyRole).toString();
        table->verticalScrollBar()->setValue(900);
        QSignalSpy reset(shown->model(), &QAbstractItemModel::modelReset);
        for (tick = 1; tick < 20; ++tick)
            shown->refresh();
        QCOMPARE(table->currentIndex().data(KeyRole).toString(), key);
        QCOMPARE(table->selectionModel()->selectedRows().size(), 1);
        QCOMPARE(table->verticalScrollBar()->value(), 900);
        QCOMPARE(reset.size(), 0);
    }

    /// A thousand nodes that connect are a few updates of every list, not thousands.
    void manyChangesAreToldTogether()
    {
        RecordedFeed feed{QJsonObject()};
        QSignalSpy told(&feed, &TargetFeed::statusesChanged);
        Q_EMIT feed.statusChanged(QStringLiteral("a"));
        QCOMPARE(told.size(), 1); // the first at once
        for (int i = 0; i < 1000; ++i)
            Q_EMIT feed.statusChanged(QString::number(i));
        QCOMPARE(told.size(), 1);
        QTRY_COMPARE(told.size(), 2);
    }

    void emptyFleetSaysWhatToDo()
    {
        FleetPage empty(context());
        empty.resize(900, 600);
        empty.show();
        QVERIFY(problemsOf(&empty).isEmpty());
    }

    /// Names come from nodes and people; nothing of them is read as markup.
    void markupIsText()
    {
        const QString name = QStringLiteral("<img src=x><b>n1</b>");
        auto gpus = sampleFleet(2, now);
        for (auto &gpu : gpus)
            gpu.node = gpu.model = gpu.job = gpu.jobName = gpu.person = gpu.verdict = name;
        auto shown = std::make_unique<FleetPage>(context());
        shown->setReading([gpus](qint64) { return gpus; });
        shown->resize(1330, 930);
        shown->show();
        QTest::keyClick(shown->map(), Qt::Key_Home);
        QCoreApplication::processEvents();
        QVERIFY(shown->map()->sentenceOfCell(0).contains(name));
        const auto widgets = shown->findChildren<QWidget *>();
        for (const auto *widget : widgets) {
            if (widget->isVisible() && widget->toolTip().contains(QStringLiteral("img")))
                QVERIFY2(!widget->toolTip().contains(QStringLiteral("<img")),
                    qPrintable(widget->toolTip()));
            if (const auto *label = qobject_cast<const QLabel *>(widget);
                label != nullptr && label->text().contains(QStringLiteral("<img")))
                QCOMPARE(label->textFormat(), Qt::PlainText);
        }
        QVERIFY(!shown->model()
                     ->index(0, 0)
                     .data(Qt::ToolTipRole)
                     .toString()
                     .contains(QStringLiteral("<img")));
    }

    void aThousandNodes()
    {
        const auto shown = page(1024);
        auto *map = shown->map();
        map->setGrouping(FleetGrouping::Cluster);
        QCOMPARE(map->heatLayout().cells.size(), std::size_t(8192));
        const int last = 8191;
        QTest::mouseClick(map->viewport(), Qt::LeftButton, {}, map->cellRect(last).center());
        QCOMPARE(map->currentCell(), last);
        QVERIFY(!map->sentenceOfCell(last).isEmpty());
        for (int i = 0; i < 4; ++i)
            QCoreApplication::processEvents();
        QCOMPARE(problemsOf(shown.get()), QStringList());
        shown->grab().save(QStringLiteral("fleet-1024.png"));
    }

    /// Also by eye: the pictures lie in the build folder.
    void looksRight()
    {
        for (const auto scheme : {Scheme::Dark, Scheme::Light, Scheme::HighContrast}) {
            Theme::instance().setScheme(scheme);
            const auto shown = page(64);
            QTest::mouseClick(shown->map()->viewport(), Qt::LeftButton, {},
                shown->map()->cellRect(3 * 8 + 7).center());
            for (int i = 0; i < 4; ++i)
                QCoreApplication::processEvents();
            QCOMPARE(problemsOf(shown.get()), QStringList());
            const QString scale = qApp->devicePixelRatio() > 1 ? QStringLiteral("@2x") : QString();
            shown->grab().save(QStringLiteral("fleet-%1%2.png").arg(int(scheme)).arg(scale));
        }
        Theme::instance().setScheme(Scheme::Dark);
    }
};

QTEST_MAIN(TestFleetViews)
#include "test_fleetviews.moc"
