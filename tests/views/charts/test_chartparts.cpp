// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/storeoptions.h"
#include "views/charts/chartdatadialog.h"
#include "views/charts/chartview.h"
#include "views/charts/frameclock.h"
#include "views/charts/scale.h"

#include <QAbstractItemModelTester>
#include <QAccessible>
#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

static constexpr qint64 start = 1'700'000'000'000;

/// Counts what is painted of a widget and all in it.
class PaintCounter : public QObject {
public:
    explicit PaintCounter(QWidget *widget)
    {
        widget->installEventFilter(this);
        for (auto *child : widget->findChildren<QWidget *>())
            child->installEventFilter(this);
    }
    int paints = 0;
    bool eventFilter(QObject *, QEvent *event) override
    {
        paints += event->type() == QEvent::Paint;
        return false;
    }
};

class TestChartParts : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<TelemetryStore> m_store;
    std::unique_ptr<ChartTimeline> m_line;
    std::unique_ptr<ChartView> m_chart;
    std::vector<SeriesId> m_ids;
    qint64 m_now = start;

    void nextFrame()
    {
        QSignalSpy frames(m_line.get(), &ChartTimeline::frame);
        m_line->requestFrame();
        QVERIFY(frames.wait());
        QTest::qWait(30); // what it had to be painted
    }
    QColor pixelOf(qint64 time, int y)
    {
        const QImage image = m_chart->picture();
        const QRect area = m_chart->plotArea();
        const double share = double(time - m_line->from()) / double(m_line->window());
        return image.pixelColor(area.left() + int(share * area.width()), y);
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        m_now = start + 300'000;
        m_folder = std::make_unique<QTemporaryDir>();
        StoreOptions options;
        options.now = [this] { return m_now; };
        m_store = std::move(*openStore(m_folder->path(), options));
        m_ids.clear();
        for (const char *gpu : {"0", "1"})
            m_ids.push_back(m_store->series(
                {{QStringLiteral("t"), QString::fromLatin1(gpu), QStringLiteral("power")},
                    QStringLiteral("watts"), StoredKind::Gauge}));
        std::vector<StoreTick> ticks;
        for (int i = 0; i < 300; ++i)
            ticks.push_back({start + i * 1000, {100.0 + i, 500.0 - i}});
        m_store->append(m_ids, ticks);
        QVERIFY(QCoro::waitFor(m_store->flush()).has_value());
        m_line = std::make_unique<ChartTimeline>(nullptr, [this] { return m_now; });
        m_line->setWindow(300'000);
        m_chart = std::make_unique<ChartView>(m_store.get(), m_line.get());
        m_chart->setColors({QColor(0x101010), QColor(0x202020), QColor(0xE0E0E0), QColor(0xA0A0A0),
            QColor(0xA0A0A0), QColor(0xF00000), QColor(0x0000F0),
            {QColor(0x00FF00), QColor(0xFF00FF)}});
        m_chart->setSpec({QStringLiteral("Power"), {}, QStringLiteral("watts"), true,
            {{m_ids[0], QStringLiteral("GPU, 0")}, {m_ids[1], QStringLiteral("=GPU 1")}}, {}});
        m_chart->resize(700, 260);
        m_chart->show();
        QTRY_VERIFY(!m_chart->curves().empty());
        nextFrame();
    }
    void cleanup()
    {
        m_chart.reset();
        m_line.reset();
        m_store.reset();
    }

    void nothingIsPaintedWhenNothingChanged()
    {
        nextFrame();
        PaintCounter counter(m_chart.get());
        nextFrame();
        nextFrame();
        QCOMPARE(counter.paints, 0);
        m_line->setCrosshair(start + 100'000);
        nextFrame();
        QVERIFY(counter.paints > 0);
    }

    void allTimelinesShareOneClock()
    {
        ChartTimeline other(nullptr, [this] { return m_now; });
        QStringList order;
        connect(&FrameClock::instance(), &FrameClock::frame, &other,
            [&] { order << QStringLiteral("clock"); });
        connect(m_line.get(), &ChartTimeline::frame, &other, [&] { order << QStringLiteral("a"); });
        connect(&other, &ChartTimeline::frame, &other, [&] { order << QStringLiteral("b"); });
        other.requestFrame();
        m_line->requestFrame();
        QTRY_COMPARE(order.size(), 3);
        QCOMPARE(order.count(QStringLiteral("clock")), 1);
    }

    void comparedSeriesAreShownAlone()
    {
        ChartView second(m_store.get(), m_line.get());
        second.setSpec({QStringLiteral("Other"), {}, QStringLiteral("watts"), true,
            {{m_ids[0], QStringLiteral("cpu")}}, {}});
        QTest::keyClick(m_chart.get(), Qt::Key_2);
        QCOMPARE(m_line->compared(), QStringList(QStringLiteral("=GPU 1")));
        nextFrame();
        QVERIFY(m_chart->summary()[0].hidden);
        QVERIFY(!m_chart->summary()[1].hidden);
        QVERIFY(!second.summary()[0].hidden); // it has none of them: it shows all
        QVERIFY(!m_chart->table().contains(QStringLiteral("GPU, 0")));
        QTest::keyClick(m_chart.get(), Qt::Key_1);
        QCOMPARE(m_line->compared().size(), 2);
        QTest::keyClick(m_chart.get(), Qt::Key_0);
        QVERIFY(m_line->compared().isEmpty());
        QVERIFY(!m_chart->summary()[0].hidden);
    }

    void marksAreSeenWhereTheyHappened()
    {
        const int low = m_chart->plotArea().bottom() - 3;
        const QColor before = pixelOf(start + 150'000, low);
        m_chart->setMarks({{MarkKind::Watch, start + 150'000, {}, QStringLiteral("slowdown")},
            {MarkKind::Job, start + 200'000, start + 250'000, QStringLiteral("llama")}});
        const QImage image = m_chart->picture();
        const QRect area = m_chart->plotArea();
        int lines = 0, weak = 0;
        for (int x = area.left(); x <= area.right(); ++x) {
            lines += image.pixelColor(x, low) == QColor(0xF00000);
            weak += image.pixelColor(x, low) != QColor(0x101010);
        }
        QCOMPARE(lines, 1);
        QVERIFY(weak >= area.width() / 7);
        QVERIFY(pixelOf(start + 100'000, low) == before);
    }

    void tableAndPictureLeaveTheChart()
    {
        const auto lines = m_chart->table(QLatin1Char(',')).split(QLatin1Char('\n'));
        QCOMPARE(lines.first(),
            QStringLiteral("time,\"GPU, 0 min\",\"GPU, 0 max\",\"GPU, 0 last\","
                           "'=GPU 1 min,'=GPU 1 max,'=GPU 1 last"));
        QVERIFY2(
            lines[1].endsWith(QStringLiteral(",100,100,100,500,500,500")), qPrintable(lines[1]));
        m_chart->copyPicture();
        QCOMPARE(QGuiApplication::clipboard()->image().size(), m_chart->size());
        const QString path = m_folder->filePath(QStringLiteral("out.csv"));
        QTest::keyClick(m_chart.get(), Qt::Key_S, Qt::ControlModifier);
        auto *dialog = m_chart->findChild<QFileDialog *>();
        QVERIFY(dialog != nullptr);
        Q_EMIT dialog->fileSelected(path);
        dialog->close();
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(QString::fromUtf8(file.readAll()), lines.join(QLatin1Char('\n')));
        QSignalSpy failed(m_chart.get(), &ChartView::failed);
        m_chart->exportPicture();
        for (auto *other : m_chart->findChildren<QFileDialog *>())
            if (other->defaultSuffix() == QLatin1String("png")) {
                Q_EMIT other->fileSelected(QStringLiteral("/nowhere/out.png"));
                other->close();
            }
        QCOMPARE(failed.size(), 1);
    }

    /// Where a column has many samples, the table must not lose the one that matters.
    void aSpikeIsInTheTable()
    {
        const auto id
            = m_store->series({{QStringLiteral("t"), QStringLiteral("2"), QStringLiteral("power")},
                QStringLiteral("watts"), StoredKind::Gauge});
        std::vector<StoreTick> ticks;
        for (int i = 0; i < 300; ++i)
            ticks.push_back({start + i * 1000, {i == 150 ? 999.0 : 100.0}});
        m_store->append({id}, ticks);
        QVERIFY(QCoro::waitFor(m_store->flush()).has_value());
        m_line->setWindow(6'000'000); // some ten samples a column
        m_chart->setSpec({QStringLiteral("Power"), {}, QStringLiteral("watts"), true,
            {{id, QStringLiteral("GPU 2")}}, {}});
        nextFrame();
        const auto lines = m_chart->table(QLatin1Char(',')).split(QLatin1Char('\n'));
        QCOMPARE(lines.first(), QStringLiteral("time,GPU 2 min,GPU 2 max,GPU 2 last"));
        QVERIFY(std::any_of(lines.begin(), lines.end(),
            [](const QString &line) { return line.endsWith(QStringLiteral(",100,999,100")); }));
    }

    /// States as lanes: raised while the state is worth it, in words below the cross-hair.
    void statesAreLanes()
    {
        const ChartLanes lanes{[](double state) { return state > 0 ? 0.8 : 0; },
            [](double state) {
                return state > 0 ? QStringLiteral("thermal") : QStringLiteral("none");
            }};
        Curve curve{1, start, start + 3000, {}};
        curve.columns = {{0, 0, 0, 0, 1}, {}, {0, 32, 0, 0, 5}};
        const auto lane = laneOf(curve, lanes, 1, 4);
        QCOMPARE(lane.columns[0].last, 2.0); // the third from below
        QCOMPARE(lane.columns[1].count, 0u); // a gap stays one
        QCOMPARE(lane.columns[2].min, 2.0);
        QCOMPARE(lane.columns[2].max, 2.8);
        QCOMPARE(lane.columns[2].last, 2.0);
        QCOMPARE(laneTicks({"0", "1"}), QStringList({"1", "0"}));
        QCOMPARE(laneTicks({"a name that is long"}), QStringList({"a name that i…"}));
        QStringList many;
        for (int i = 0; i < 12; ++i)
            many << QString::number(i);
        QCOMPARE(laneTicks(many).filter(QRegularExpression(QStringLiteral("."))).size(), 6);

        std::vector<SeriesId> ids;
        for (const char *gpu : {"0", "1"})
            ids.push_back(m_store->series(
                {{QStringLiteral("t"), QString::fromLatin1(gpu), QStringLiteral("throttle")}, {},
                    StoredKind::State}));
        std::vector<StoreTick> ticks;
        for (int i = 0; i < 300; ++i)
            ticks.push_back({start + i * 1000, {i >= 100 && i < 200 ? 32.0 : 0.0, 0.0}});
        m_store->append(ids, ticks);
        QVERIFY(QCoro::waitFor(m_store->flush()).has_value());
        ChartSpec spec;
        spec.title = QStringLiteral("Throttle reasons");
        spec.series = {{ids[0], QStringLiteral("0")}, {ids[1], QStringLiteral("1")}};
        spec.lanes = lanes;
        m_chart->setSpec(spec);
        nextFrame();
        QCOMPARE(m_chart->legendValues(), QStringList({"none", "none"}));
        m_line->setCrosshair(start + 150'000);
        nextFrame();
        QCOMPARE(m_chart->legendValues(), QStringList({"thermal", "none"}));
        m_line->setCrosshair({});
        // Raised, the first line is in the upper half of its lane, which is the chart's upper one.
        const QRect area = m_chart->plotArea();
        const int raised = area.top() + int(area.height() * 0.1);
        const auto lit = [&](qint64 time) {
            for (int y = raised - 3; y <= raised + 3; ++y)
                if (pixelOf(time, y).green() > 128)
                    return true;
            return false;
        };
        QVERIFY(lit(start + 150'000));
        QVERIFY(!lit(start + 50'000));
        QVERIFY(m_chart->summaryText().contains(QStringLiteral("thermal")));
    }

    void dataIsATableReachedByKey()
    {
        QTest::keyClick(m_chart.get(), Qt::Key_Return);
        auto *dialog = m_chart->findChild<ChartDataDialog *>();
        QVERIFY(dialog != nullptr);
        const auto tables = dialog->findChildren<QTableView *>();
        QCOMPARE(tables.size(), 2);
        for (auto *table : tables) {
            QVERIFY(!table->accessibleName().isEmpty());
            QAbstractItemModelTester tester(table->model());
        }
        auto *summary = tables[0]->model(), *all = tables[1]->model();
        QCOMPARE(summary->index(0, 3).data().toString(), QStringLiteral("399\u00a0W"));
        QCOMPARE(all->rowCount(), 300);
        QCOMPARE(all->index(0, 1).data().toString(), QStringLiteral("399\u00a0W")); // newest first
        QCOMPARE(all->index(299, 2).data().toString(), QStringLiteral("500\u00a0W"));
        dialog->close();
    }

    void screenReadersHearNameAndFigures()
    {
        auto *spoken = QAccessible::queryAccessibleInterface(m_chart.get());
        QVERIFY(spoken != nullptr);
        QCOMPARE(spoken->role(), QAccessible::Chart);
        QCOMPARE(spoken->text(QAccessible::Name), QStringLiteral("Power"));
        QVERIFY(spoken->text(QAccessible::Value).contains(QStringLiteral("399")));
        QVERIFY(spoken->text(QAccessible::Description).contains(QStringLiteral("minimum 100")));
        auto *actions = spoken->actionInterface();
        QVERIFY(actions != nullptr);
        actions->doAction(QAccessibleActionInterface::pressAction());
        QVERIFY(m_chart->findChild<ChartDataDialog *>() != nullptr);
    }

    void nothingAtAllHasASensibleAxis()
    {
        const auto rate = niceScale(0, 0, QStringLiteral("bytes_per_second"));
        QCOMPARE(rate, (ValueScale{0, 1000, 250}));
        QCOMPARE(niceScale(0, 3, QStringLiteral("bytes_per_second")).high, 1000.0);
        QCOMPARE(niceScale(0, 0, QStringLiteral("bytes")).high, 1024.0);
        QCOMPARE(niceScale(0, 5e6, QStringLiteral("bytes_per_second")).high, 6e6);
    }
};

QTEST_MAIN(TestChartParts)
#include "test_chartparts.moc"
