// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/gputest/gputestdialog.h"

#include "core/base/units.h"
#include "core/gputest/service.h"
#include "views/acts/actmenu.h"
#include "views/common/emptystate.h"
#include "views/common/table.h"
#include "views/common/textlabel.h"
#include "views/gputest/driftstrip.h"
#include "views/gputest/gputestmodel.h"
#include "views/theme/metrics.h"
#include "views/theme/shapes.h"

#include <QComboBox>
#include <QDateTime>
#include <QHeaderView>
#include <QLocale>
#include <QPushButton>
#include <QStackedLayout>
#include <QTableView>

#include <cmath>

namespace pilothouse {

GpuTestDialog::GpuTestDialog(GpuTestService *tests, ActMenu *acts, const QString &target,
    const Device &device, QWidget *parent)
    : QDialog(parent)
    , m_tests(tests)
    , m_target(target)
    , m_device(device)
    , m_model(new GpuTestModel(this))
    , m_empty(new EmptyState(QStringLiteral("stethoscope")))
    , m_choice(new QComboBox)
    , m_makeBaseline(new QPushButton(tr("Make it the baseline")))
    , m_shape(new ShapeWidget)
    , m_verdict(new TextLabel({}, TextKind::Strong))
    , m_details(new TextLabel({}, TextKind::Small, Token::Text2))
    , m_source(new TextLabel({}, TextKind::Small, Token::Text2))
    , m_driftTitle(new TextLabel({}, TextKind::Small, Token::Text2))
    , m_table(new QTableView)
    , m_drift(new DriftStrip)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Check GPU %1").arg(device.index));
    resize(860, 760);

    auto *name = new TextLabel(device.name, TextKind::Subheading);
    auto *uuid = new TextLabel(device.uuid, TextKind::Mono, Token::Text2);
    uuid->setTextInteractionFlags(Qt::TextSelectableByMouse);
    const auto subject = [target, id = device.uuid] {
        ActRequest request;
        request.target = target;
        request.subject = id;
        return QList<ActRequest>{request};
    };
    auto *check = acts->button(QStringLiteral("gpu.check"), subject, ButtonKind::Primary);
    auto *head = new QHBoxLayout;
    auto *names = new QVBoxLayout;
    names->setSpacing(2);
    names->addWidget(name);
    names->addWidget(uuid);
    head->addLayout(names);
    head->addStretch(1);
    if (check)
        head->addWidget(check, 0, Qt::AlignTop);

    m_choice->setAccessibleName(tr("Test"));
    m_choice->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_shape->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    m_verdict->setWordWrap(true);
    m_details->setWordWrap(true);
    m_source->setWordWrap(true);
    m_driftTitle->setWordWrap(true);
    setUpTable(m_table, m_model, tr("Figures"));
    m_table->setSortingEnabled(false);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(GpuTestModel::Test, QHeaderView::Stretch);

    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(metrics::gap);
    auto *bar = new QHBoxLayout;
    bar->addWidget(m_choice);
    bar->addWidget(m_makeBaseline);
    bar->addStretch(1);
    column->addLayout(bar);
    auto *verdict = new QHBoxLayout;
    verdict->setSpacing(8);
    verdict->addWidget(m_shape, 0, Qt::AlignTop);
    verdict->addWidget(m_verdict, 1);
    column->addLayout(verdict);
    column->addWidget(m_details);
    column->addWidget(m_table, 1);
    column->addWidget(m_driftTitle);
    column->addWidget(m_drift);
    column->addWidget(m_source);

    auto *holder = new QWidget;
    m_stack = new QStackedLayout(holder);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(content);
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(metrics::margin, 16, metrics::margin, 16);
    all->setSpacing(metrics::gap);
    all->addLayout(head);
    all->addWidget(holder, 1);

    connect(m_choice, &QComboBox::currentIndexChanged, this, &GpuTestDialog::showRun);
    connect(m_makeBaseline, &QPushButton::clicked, this, &GpuTestDialog::chooseBaseline);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
        &GpuTestDialog::showDrift);
    if (tests)
        connect(tests, &GpuTestService::stored, this, &GpuTestDialog::reload);
    connect(acts, &ActMenu::starting, this, [this](const QString &act, const ActRequest &request) {
        m_starting = act == QLatin1String("gpu.check") && request.target == m_target
            && request.subject == m_device.uuid;
    });
    connect(acts, &ActMenu::done, this,
        [this](const QString &act, const QString &onTarget, const QJsonObject &) {
            if (m_starting && act == QLatin1String("gpu.check") && onTarget == m_target)
                m_empty->setText(tr("The test is running"),
                    tr("It is a job like any other: its progress is on the Jobs page. The figures "
                       "come here when it has ended."));
        });
    m_empty->setText(tr("This GPU has not been tested yet"),
        tests ? tr("The test measures bandwidth and matrix products, checks memory with patterns "
                   "and ends with a sustained load. Its first result becomes the baseline.")
              : tr("What tests find cannot be remembered: its database could not be opened."));
    reload();
}

void GpuTestDialog::reload()
{
    const qint64 shown = m_runs.value(m_choice->currentIndex()).id;
    const qint64 newest = m_runs.value(0).id;
    m_runs.clear();
    m_baseline.reset();
    if (m_tests) {
        if (auto runs = m_tests->store().runs(m_device.uuid))
            m_runs = std::move(*runs);
        else
            m_empty->setText(runs.error().message, runs.error().cause);
        if (auto baseline = m_tests->store().baseline(m_device.uuid))
            m_baseline = std::move(*baseline);
    }
    const QSignalBlocker quiet(m_choice);
    m_choice->clear();
    int current = 0;
    for (qsizetype i = 0; i < m_runs.size(); ++i) {
        const auto &run = m_runs[i];
        QString text
            = QLocale().toString(QDateTime::fromMSecsSinceEpoch(run.time), QLocale::ShortFormat);
        text += QStringLiteral(" · ")
            + (run.verdict == QLatin1String("ok") ? tr("ok") : tr("errors"));
        if (m_baseline && m_baseline->id == run.id)
            text += QStringLiteral(" · ") + tr("baseline");
        m_choice->addItem(text);
        // A new result is shown; otherwise what was looked at stays.
        if (run.id == shown && m_runs.first().id == newest)
            current = int(i);
    }
    m_choice->setCurrentIndex(current);
    m_stack->setCurrentIndex(m_runs.isEmpty() ? 0 : 1);
    showRun();
}

static QString loadText(const GpuTestDevice &result)
{
    QStringList parts;
    const auto range = [&](const char *name, const QString &text) {
        const auto found = result.load.constFind(QLatin1String(name));
        if (found != result.load.constEnd())
            parts << text.arg(found->mean, 0, 'f', 0)
                         .arg(found->min, 0, 'f', 0)
                         .arg(found->max, 0, 'f', 0);
    };
    range("sm_clock_mhz", GpuTestDialog::tr("clock %1 MHz (%2 to %3)"));
    range("power_watts", GpuTestDialog::tr("power %1 W (%2 to %3)"));
    range("temperature_celsius", GpuTestDialog::tr("%1 °C (%2 to %3)"));
    if (!result.slowedBy.isEmpty())
        parts << GpuTestDialog::tr("slowed by %1")
                     .arg(result.slowedBy.join(QLatin1String(", "))
                              .replace(QLatin1Char('_'), QLatin1Char(' ')));
    return parts.isEmpty()
        ? QString()
        : GpuTestDialog::tr("Under load: %1.").arg(parts.join(QStringLiteral(" · ")));
}

void GpuTestDialog::showRun()
{
    if (m_runs.isEmpty())
        return;
    const auto &run = m_runs.at(std::max(0, m_choice->currentIndex()));
    const auto &result = run.result;
    const auto sheet = datasheetOf(result.name);
    const bool own = m_baseline && m_baseline->id == run.id;
    m_model->show(compareGpuTest(
        result, sheet, m_baseline ? std::optional(m_baseline->result) : std::nullopt));
    m_makeBaseline->setEnabled(!own && result.errors.isEmpty());
    m_makeBaseline->setToolTip(own    ? tr("It is the baseline.")
            : result.errors.isEmpty() ? QString()
                                      : tr("A test with errors is no baseline."));
    const auto &rows = m_model->rows();
    const auto slower = std::count_if(
        rows.begin(), rows.end(), [](const GpuTestRow &row) { return row.slower(); });
    ShapeStyle shape{Shape::Disc, Token::Ok};
    QString word = tr("No errors were found.");
    if (!result.errors.isEmpty()) {
        shape = {Shape::Diamond, Token::Bad};
        word = result.errors.join(QLatin1Char('\n'));
    } else if (slower > 0) {
        shape = {Shape::Triangle, Token::Watch};
        word = slower == 1 ? tr("One figure is slower than this GPU's baseline.")
                           : tr("%1 figures are slower than this GPU's baseline.").arg(slower);
    }
    if (run.simulated)
        word += QLatin1Char(' ') + tr("Simulated: the node's driver is a stand-in for tests.");
    m_shape->setShape(shape, word);
    m_verdict->setText(word);
    QStringList details = result.warnings;
    if (result.memoryTestedBytes > 0) {
        const QString tested = formatBytes(double(result.memoryTestedBytes), false);
        details << (result.memoryErrors == 0 ? tr("Memory patterns over %1: no error.").arg(tested)
                                             : tr("Memory patterns over %1: wrong words: %2.")
                                                   .arg(tested)
                                                   .arg(result.memoryErrors));
    }
    if (const auto why = result.skipped.constFind(QStringLiteral("memory"));
        why != result.skipped.constEnd())
        details << tr("Memory was not tested with patterns: %1.").arg(*why);
    if (const QString load = loadText(result); !load.isEmpty())
        details << load;
    m_details->setText(details.join(QLatin1Char('\n')));
    m_source->setText(sheet
            ? tr("Datasheet: %1, %2%3. Published peaks without sparsity; no program reaches them.")
                  .arg(sheet->title, sheet->source,
                      sheet->note.isEmpty() ? QString()
                                            : QStringLiteral(" (") + sheet->note + QLatin1Char(')'))
            : tr("The datasheet of this card is not known here."));
    if (!m_table->currentIndex().isValid() && m_model->rowCount() > 0)
        m_table->selectRow(m_model->rowCount() - 1);
    showDrift();
}

void GpuTestDialog::showDrift()
{
    const auto &rows = m_model->rows();
    const int at = m_table->currentIndex().row();
    if (at < 0 || at >= rows.size())
        return;
    const auto &row = rows[at];
    QList<double> values;
    std::optional<double> first, last;
    for (auto run = m_runs.crbegin(); run != m_runs.crend(); ++run) {
        const auto found = run->result.figures.constFind(row.figure);
        const bool there = found != run->result.figures.constEnd();
        values << (there ? *found : std::nan(""));
        if (there) {
            first = first ? first : std::optional(*found);
            last = *found;
        }
    }
    const QString from = formatGpuTestFigure(first, row.bytes),
                  to = formatGpuTestFigure(last, row.bytes);
    const QString words = values.size() == 1 ? tr("%1, one test: %2.").arg(row.title, to)
                                             : tr("%1 over %2 tests: %3 at first, %4 at last.")
                                                   .arg(row.title)
                                                   .arg(values.size())
                                                   .arg(from, to);
    m_driftTitle->setText(words);
    m_drift->show(values, row.baseline.value_or(0), words);
}

void GpuTestDialog::chooseBaseline()
{
    const auto run = m_runs.value(m_choice->currentIndex());
    if (!m_tests || run.id <= 0)
        return;
    if (const auto done = m_tests->store().setBaseline(run.id); !done)
        m_details->setText(done.error().message + QLatin1Char('\n') + done.error().cause);
    else
        reload();
}

} // namespace pilothouse
