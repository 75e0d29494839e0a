// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/launch/launchform.h"

#include "core/jobs/templates.h"
#include "views/common/formrow.h"
#include "views/common/segmentedcontrol.h"
#include "views/common/textlabel.h"
#include "views/theme/metrics.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QProcess>
#include <QRegularExpression>
#include <QSignalBlocker>
#include <QSpinBox>

namespace pilothouse {

static QString quotedWord(const QString &word)
{
    static const QRegularExpression plain(QStringLiteral("^[^\\s\"]+$"));
    if (plain.match(word).hasMatch())
        return word;
    // As QProcess::splitCommand reads it: a quote inside quotes is three of them.
    return QLatin1Char('"') + QString(word).replace(QLatin1Char('"'), QStringLiteral("\"\"\""))
        + QLatin1Char('"');
}

LaunchForm::LaunchForm(QWidget *parent)
    : QWidget(parent)
    , m_template(new QComboBox)
    , m_name(new QLineEdit)
    , m_command(new QLineEdit)
    , m_interpreter(new QLineEdit)
    , m_folder(new QLineEdit)
    , m_kind(new SegmentedControl(tr("What runs"), {tr("Command"), tr("Script")}))
    , m_script(new QPlainTextEdit)
    , m_environment(new QPlainTextEdit)
    , m_gpus(new QSpinBox)
    , m_minutes(new QSpinBox)
{
    const auto templates = jobTemplates();
    for (const auto &one : templates)
        m_template->addItem(one.title, one.id);
    for (auto *mono : std::initializer_list<QWidget *>{
             m_command, m_interpreter, m_folder, m_script, m_environment})
        mono->setFont(fontOf(TextKind::Mono));
    m_script->setMinimumHeight(180);
    m_script->setTabChangesFocus(false);
    m_environment->setFixedHeight(72);
    m_environment->setTabChangesFocus(true);
    m_environment->setPlaceholderText(QStringLiteral("NAME=value"));
    m_folder->setPlaceholderText(tr("home folder"));
    m_interpreter->setPlaceholderText(QStringLiteral("/bin/sh"));
    m_gpus->setRange(0, 0);
    m_gpus->setSpecialValueText(tr("none"));
    m_minutes->setRange(0, 60 * 24 * 365);
    m_minutes->setSpecialValueText(tr("none"));
    m_minutes->setSuffix(tr(" min"));

    m_commandRow = new FormRow(tr("Command"), m_command,
        tr("A program and its arguments; double quotes hold words together"));
    m_scriptRow = new FormRow(tr("Script"), m_script,
        tr("Sent byte for byte; a first line with #! chooses its interpreter"));
    m_interpreterRow = new FormRow(tr("Interpreter"), m_interpreter, tr("For a script without #!"));
    m_environmentRow = new FormRow(tr("Environment"), m_environment,
        tr("One NAME=value a line; values of names like TOKEN are masked in previews"));
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(metrics::gap);
    grid->setVerticalSpacing(10);
    grid->addWidget(new FormRow(tr("Start from"), m_template), 0, 0);
    grid->addWidget(new FormRow(tr("Name"), m_name), 0, 1);
    grid->addWidget(new FormRow(tr("What runs"), m_kind), 1, 0);
    grid->addWidget(m_interpreterRow, 1, 1);
    grid->addWidget(m_commandRow, 2, 0, 1, 2);
    grid->addWidget(m_scriptRow, 3, 0, 1, 2);
    grid->addWidget(new FormRow(tr("Working folder"), m_folder), 4, 0, 1, 2);
    grid->addWidget(new FormRow(tr("GPUs"), m_gpus, tr("The least busy ones are given")), 5, 0);
    grid->addWidget(new FormRow(tr("Time limit"), m_minutes,
                        tr("TERM when it has passed, KILL ten seconds later")),
        5, 1);
    grid->addWidget(m_environmentRow, 6, 0, 1, 2);
    grid->setColumnStretch(0, 1);
    grid->setColumnStretch(1, 1);

    connect(m_template, &QComboBox::activated, this,
        [this](int index) { setSpec(jobTemplates().value(index).spec); });
    connect(m_kind, &SegmentedControl::chosen, this, [this] {
        showKind();
        check();
    });
    for (auto *field : {m_name, m_command, m_interpreter, m_folder})
        connect(field, &QLineEdit::textChanged, this, &LaunchForm::check);
    for (auto *field : {m_script, m_environment})
        connect(field, &QPlainTextEdit::textChanged, this, &LaunchForm::check);
    for (auto *field : {m_gpus, m_minutes})
        connect(field, &QSpinBox::valueChanged, this, &LaunchForm::check);
    setSpec(templates.isEmpty() ? JobSpec() : templates.first().spec);
}

void LaunchForm::setGpus(int most)
{
    m_gpus->setMaximum(std::max(0, most));
    m_gpus->setEnabled(most > 0);
    m_gpus->setToolTip(most > 0 ? QString() : tr("No GPU was found on this node."));
}

void LaunchForm::setSpec(const JobSpec &spec)
{
    {
        const QSignalBlocker blocked(this);
        m_name->setText(spec.name);
        QStringList words;
        for (const auto &word : spec.argv)
            words << quotedWord(word);
        m_command->setText(words.join(QLatin1Char(' ')));
        m_script->setPlainText(QString::fromUtf8(spec.script));
        m_interpreter->setText(spec.interpreter);
        m_folder->setText(spec.folder);
        QStringList lines;
        for (auto it = spec.environment.begin(); it != spec.environment.end(); ++it)
            lines << it.key() + QLatin1Char('=') + it.value();
        m_environment->setPlainText(lines.join(QLatin1Char('\n')));
        m_gpuUuids = spec.gpuUuids;
        if (spec.gpus > m_gpus->maximum())
            m_gpus->setMaximum(spec.gpus);
        m_gpus->setValue(spec.gpus);
        m_minutes->setValue((spec.timeLimitSeconds + 59) / 60);
        m_kind->setCurrent(spec.script.isEmpty() ? 0 : 1);
    }
    showKind();
    check();
}

void LaunchForm::showKind()
{
    const bool script = m_kind->current() == 1;
    m_commandRow->setVisible(!script);
    m_scriptRow->setVisible(script);
    m_interpreterRow->setVisible(script);
}

JobSpec LaunchForm::spec() const
{
    JobSpec spec;
    spec.name = m_name->text().trimmed();
    if (m_kind->current() == 1) {
        spec.script = m_script->toPlainText().toUtf8();
        spec.interpreter = m_interpreter->text().trimmed();
    } else {
        spec.argv = QProcess::splitCommand(m_command->text());
    }
    spec.folder = m_folder->text().trimmed();
    const auto lines = m_environment->toPlainText().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    for (const auto &line : lines) {
        const auto equals = line.indexOf(QLatin1Char('='));
        if (equals > 0)
            spec.environment.insert(line.left(equals).trimmed(), line.mid(equals + 1));
    }
    spec.gpus = m_gpus->value();
    if (m_gpuUuids.size() == spec.gpus)
        spec.gpuUuids = m_gpuUuids;
    spec.timeLimitSeconds = m_minutes->value() * 60;
    return spec;
}

void LaunchForm::check()
{
    m_valid = true;
    const auto require = [this](FormRow *row, bool good, const QString &problem) {
        row->setProblem(good ? QString() : problem);
        m_valid &= good || !row->isVisibleTo(this);
    };
    require(
        m_commandRow, !QProcess::splitCommand(m_command->text()).isEmpty(), tr("Say what to run"));
    require(m_scriptRow, !m_script->toPlainText().trimmed().isEmpty(), tr("The script is empty"));
    static const QRegularExpression line(QStringLiteral("^\\s*[A-Za-z_][A-Za-z0-9_]*="));
    bool good = true;
    const auto lines = m_environment->toPlainText().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    for (const auto &one : lines)
        good &= line.match(one).hasMatch();
    require(m_environmentRow, good, tr("Each line is NAME=value"));
    Q_EMIT changed();
}

} // namespace pilothouse
