// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/theme/colorscheme.h"
#include "views/theme/fonts.h"
#include "views/theme/icons.h"
#include "views/theme/shapes.h"
#include "views/theme/theme.h"

#include <QDir>
#include <QDirIterator>
#include <QFontInfo>
#include <QFontMetrics>
#include <QRawFont>
#include <QSignalSpy>
#include <QTest>

using namespace pilothouse;

class TestTheme : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { loadFonts(); }
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void textIsReadable_data()
    {
        QTest::addColumn<int>("scheme");
        QTest::newRow("dark") << int(Scheme::Dark);
        QTest::newRow("light") << int(Scheme::Light);
        QTest::newRow("high contrast") << int(Scheme::HighContrast);
    }

    void textIsReadable()
    {
        QFETCH(int, scheme);
        const auto &table = tokens(Scheme(scheme));
        for (const auto &[text, background] : textPairs()) {
            const QColor under
                = blended(table[std::size_t(background)], table[std::size_t(Token::Panel)]);
            const double ratio = contrast(table[std::size_t(text)], under);
            QVERIFY2(ratio >= 4.5,
                qPrintable(QStringLiteral("token %1 on %2: %3")
                               .arg(int(text))
                               .arg(int(background))
                               .arg(ratio)));
        }
        for (int i = 0; i < seriesCount; ++i) {
            const double ratio
                = contrast(seriesColor(Scheme(scheme), i), table[std::size_t(Token::Card)]);
            QVERIFY2(ratio >= 2.0, qPrintable(QStringLiteral("series %1: %2").arg(i).arg(ratio)));
        }
    }

    void contrastIsWcag()
    {
        QCOMPARE(contrast(Qt::black, Qt::white), 21.0);
        QCOMPARE(contrast(Qt::white, Qt::white), 1.0);
        QVERIFY(qAbs(contrast(QColor(0x77, 0x77, 0x77), Qt::white) - 4.48) < 0.01);
    }

    void heatGetsLighter()
    {
        double before = -1;
        for (int i = 0; i <= 20; ++i) {
            const QColor color = heatColor(i / 20.0);
            const double light = contrast(color, Qt::black);
            QVERIFY(light > before);
            before = light;
        }
        QCOMPARE(heatColor(-1), heatColor(0));
        QCOMPARE(heatColor(7), heatColor(1));
    }

    void digitsAreTabular()
    {
        for (const QFont &font : {bodyFont(), mediumFont(), strongFont(), monoFont()}) {
            QVERIFY(QFontInfo(font).family().startsWith(QStringLiteral("Pilothouse")));
            const QFontMetricsF metrics(font);
            for (const QChar digit : QStringLiteral("023456789"))
                QCOMPARE(metrics.horizontalAdvance(digit), metrics.horizontalAdvance(u'1'));
        }
    }

    void glyphsAreThere()
    {
        const QString needed = QStringLiteral("–—…·×≥≤°µ→←↑↓✓§“”‘’éäöüßñçŁŻğЖя№αΩ");
        for (const QFont &font : {bodyFont(), mediumFont(), strongFont()}) {
            const QRawFont raw = QRawFont::fromFont(font);
            for (const QChar character : needed) {
                QVERIFY2(raw.supportsCharacter(character),
                    qPrintable(QString(character) + QStringLiteral(" in ") + raw.styleName()));
            }
        }
    }

    void everyIconRenders()
    {
        Theme::instance().setScheme(Scheme::Light);
        QDirIterator files(QStringLiteral(":/pilothouse/icons"));
        int count = 0;
        while (files.hasNext()) {
            files.next();
            const QString name = files.fileInfo().baseName();
            const QImage image = icon(name, Token::Bad)
                                     .pixmap(QSize(20, 20), 2.0)
                                     .toImage()
                                     .convertToFormat(QImage::Format_ARGB32);
            QCOMPARE(image.size(), QSize(40, 40));
            bool inked = false;
            for (int y = 0; y < image.height() && !inked; ++y) {
                for (int x = 0; x < image.width(); ++x)
                    inked |= image.pixelColor(x, y) == themed(Token::Bad);
            }
            QVERIFY2(inked, qPrintable(name));
            ++count;
        }
        QVERIFY(count > 50);
    }

    void schemeChangeIsHeard()
    {
        auto &theme = Theme::instance();
        theme.setScheme(Scheme::Dark);
        QSignalSpy spy(&theme, &Theme::changed);
        theme.setScheme(Scheme::Light);
        theme.setScheme(Scheme::Light);
        QCOMPARE(spy.count(), 1);
        QCOMPARE(QGuiApplication::palette().color(QPalette::Window), themed(Token::Window));
    }

    void portalNumbers()
    {
        QCOMPARE(DesktopScheme::schemeFor(1, 0), Scheme::Dark);
        QCOMPARE(DesktopScheme::schemeFor(2, 0), Scheme::Light);
        QCOMPARE(DesktopScheme::schemeFor(0, 0), Scheme::Light);
        QCOMPARE(DesktopScheme::schemeFor(1, 1), Scheme::HighContrast);
        for (const auto scheme : {Scheme::Dark, Scheme::Light, Scheme::HighContrast})
            QCOMPARE(schemeFromName(schemeName(scheme)), scheme);
        QVERIFY(!schemeFromName(QStringLiteral("purple")));
    }

    void statesDifferInShape()
    {
        QVERIFY(shapeOf(TargetState::Connected).shape != shapeOf(TargetState::Failed).shape);
        QVERIFY(shapeOf(JobState::Failed).shape != shapeOf(JobState::Lost).shape);
        QVERIFY(shapeOf(JobState::Running).shape != shapeOf(JobState::Succeeded).shape);
        QCOMPARE(shapeOfName(QStringLiteral("connected")).shape, Shape::Disc);
        QCOMPARE(shapeOfName(QStringLiteral("nonsense")).shape, Shape::Ring);
    }
};

QTEST_MAIN(TestTheme)
#include "test_theme.moc"
