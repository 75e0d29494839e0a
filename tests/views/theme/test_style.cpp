// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/common/card.h"
#include "views/common/choicerow.h"
#include "views/common/emptystate.h"
#include "views/common/errorbox.h"
#include "views/common/figure.h"
#include "views/common/formrow.h"
#include "views/common/keyhint.h"
#include "views/common/pageheader.h"
#include "views/common/searchfield.h"
#include "views/common/segmentedcontrol.h"
#include "views/common/stagelist.h"
#include "views/theme/icons.h"
#include "views/theme/metrics.h"
#include "views/theme/style.h"
#include "views/theme/theme.h"

#include <QtWidgets>

#include <QTest>

using namespace pilothouse;

/// Every stock widget and shared piece on one sheet.
static std::unique_ptr<QWidget> gallery()
{
    auto sheet = std::make_unique<QWidget>();
    auto *column = new QVBoxLayout(sheet.get());
    auto *header = new PageHeader;
    header->setShape(shapeOf(TargetState::Connected), QStringLiteral("live"));
    header->setTitle(QStringLiteral("gallery"));
    header->setTag(QStringLiteral("~/.ssh/config"));
    header->setBadge(QStringLiteral("protected"), Token::Watch);
    header->setFacts(QStringLiteral("mia@10.2.0.41 via bastion"));
    auto *primary = new QPushButton(icon(QStringLiteral("plus")), QStringLiteral("Launch job"));
    setButtonKind(primary, ButtonKind::Primary);
    auto *normal = new QPushButton(QStringLiteral("Terminal"));
    auto *flat = new QPushButton(icon(QStringLiteral("refresh")), QStringLiteral("Flat"));
    setButtonKind(flat, ButtonKind::Flat);
    auto *disabled = new QPushButton(QStringLiteral("Disabled"));
    disabled->setEnabled(false);
    auto *menu = new QPushButton(QStringLiteral("Group: rack"));
    menu->setMenu(new QMenu(menu));
    for (auto *one : {flat, disabled, menu, normal, primary})
        header->addAction(one);
    for (const char *tab : {"Connection", "Live", "Jobs", "Facts"})
        header->tabs()->addTab(QLatin1String(tab));
    column->addWidget(header);

    auto *fields = new QHBoxLayout;
    fields->addWidget(new SearchField(QStringLiteral("Filter inventory")));
    auto *edit = new QLineEdit(QStringLiteral("text"));
    fields->addWidget(new FormRow(QStringLiteral("Host"), edit, QStringLiteral("Name or address")));
    auto *combo = new QComboBox;
    combo->addItems({QStringLiteral("GPU utilisation"), QStringLiteral("Memory")});
    fields->addWidget(combo);
    auto *spin = new QSpinBox;
    spin->setValue(8);
    fields->addWidget(spin);
    fields->addWidget(new SegmentedControl(QStringLiteral("Range"),
        {QStringLiteral("5 m"), QStringLiteral("15 m"), QStringLiteral("1 h")}));
    static_cast<SegmentedControl *>(fields->itemAt(4)->widget())->setCurrent(1);
    fields->addWidget(new KeyHint(QKeySequence(QStringLiteral("Ctrl+K"))));
    column->addLayout(fields);

    auto *choices = new QHBoxLayout;
    auto *check = new QCheckBox(QStringLiteral("Check"));
    check->setChecked(true);
    auto *radio = new QRadioButton(QStringLiteral("Radio"));
    radio->setChecked(true);
    auto *progress = new QProgressBar;
    progress->setValue(71);
    progress->setTextVisible(false);
    choices->addWidget(check);
    choices->addWidget(new QCheckBox(QStringLiteral("Off")));
    choices->addWidget(radio);
    choices->addWidget(new QRadioButton(QStringLiteral("Off")));
    choices->addWidget(progress);
    auto *figure = new Figure(QStringLiteral("Free now"));
    figure->setValue(QStringLiteral("70 × H100"));
    figure->setNote(QStringLiteral("largest on one node: 8"));
    choices->addWidget(figure);
    column->addLayout(choices);

    auto *stages = new StageList;
    stages->setStages({{Stage::Resolve, StageState::Done, {}, 11, QStringLiteral("ssh -G")},
        {Stage::Agent, StageState::Running, {}, 0, QStringLiteral("uploading 9.4 MB"), 0.71},
        {Stage::Handshake, StageState::Waiting}});
    column->addWidget(stages);
    auto *error = new ErrorBox;
    error->setError(QStringLiteral("lab stopped at “Host key”"),
        {ErrorKind::HostKey, QStringLiteral("host_key"), QStringLiteral("The key differs."),
            QStringLiteral("known ED25519 SHA256:a\nshown ED25519 SHA256:b"),
            QStringLiteral("ask whoever runs the host.")});
    column->addWidget(error);

    auto *table = new QTableWidget(6, 3);
    table->setHorizontalHeaderLabels(
        {QStringLiteral("Device"), QStringLiteral("Verdict"), QStringLiteral("Now")});
    for (int row = 0; row < 6; ++row) {
        for (int cell = 0; cell < 3; ++cell)
            table->setItem(row, cell, new QTableWidgetItem(QStringLiteral("cell %1").arg(row)));
    }
    table->setFixedHeight(120);
    table->setShowGrid(false);
    table->verticalHeader()->hide();
    table->selectRow(1);
    column->addWidget(table);
    sheet->resize(1100, 860);
    return sheet;
}

class TestStyle : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { Theme::install(Scheme::Dark); }
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void paintsEveryWidget_data()
    {
        QTest::addColumn<int>("scheme");
        QTest::newRow("dark") << int(Scheme::Dark);
        QTest::newRow("light") << int(Scheme::Light);
        QTest::newRow("high-contrast") << int(Scheme::HighContrast);
    }

    void paintsEveryWidget()
    {
        QFETCH(int, scheme);
        Theme::instance().setScheme(Scheme(scheme));
        const auto sheet = gallery();
        sheet->show();
        QVERIFY(QTest::qWaitForWindowExposed(sheet.get()));
        const QImage image = sheet->grab().toImage();
        QCOMPARE(image.pixelColor(2, image.height() - 2), themed(Token::Window));
        const QString folder = qEnvironmentVariable("PILOTHOUSE_GALLERY");
        if (!folder.isEmpty())
            image.save(folder
                + QStringLiteral("/gallery-%1.png").arg(QLatin1String(QTest::currentDataTag())));
    }

    void controlsHaveTheirHeights()
    {
        QCOMPARE(QPushButton(QStringLiteral("x")).sizeHint().height(), metrics::control);
        QCOMPARE(QLineEdit().sizeHint().height(), metrics::control);
        QCOMPARE(QComboBox().sizeHint().height(), metrics::control);
        QCOMPARE(QSpinBox().sizeHint().height(), metrics::control);
    }

    void textFitsItsButton()
    {
        QPushButton button(QStringLiteral("A rather long label for a button"));
        button.ensurePolished();
        QVERIFY(button.sizeHint().width()
            > QFontMetrics(button.font()).horizontalAdvance(button.text()) + 20);
    }

    void primaryIsTheAccent()
    {
        Theme::instance().setScheme(Scheme::Light);
        QPushButton button(QStringLiteral("Go"));
        setButtonKind(&button, ButtonKind::Primary);
        button.resize(80, 30);
        QCOMPARE(button.grab().toImage().pixelColor(8, 6), themed(Token::Accent));
    }

    void chosenSegmentIsOnlyThePersons()
    {
        SegmentedControl control(
            QStringLiteral("Range"), {QStringLiteral("a"), QStringLiteral("b")});
        int chosen = -1;
        connect(&control, &SegmentedControl::chosen, this, [&](int index) { chosen = index; });
        control.setCurrent(1);
        QCOMPARE(chosen, -1);
        control.findChildren<QAbstractButton *>().first()->click();
        QCOMPARE(chosen, 0);
        QCOMPARE(control.current(), 0);
    }

    void reportOfAnErrorHasItAll()
    {
        ErrorBox box;
        box.setError(QStringLiteral("t"),
            {ErrorKind::Timeout, QStringLiteral("tcp"), QStringLiteral("m"), QStringLiteral("c"),
                QStringLiteral("n")});
        for (const char *part : {"t\n", "m\n", "tcp", "timeout", "cause: c", "next: n"})
            QVERIFY2(box.report().contains(QLatin1String(part)), part);
    }
};

QTEST_MAIN(TestStyle)
#include "test_style.moc"
