// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/device/devicetestcard.h"

#include "core/gputest/service.h"
#include "views/common/table.h"
#include "views/common/textlabel.h"
#include "views/gputest/gputestmodel.h"
#include "views/theme/metrics.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLocale>
#include <QTableView>
#include <QVBoxLayout>

namespace pilothouse {

DeviceTestCard::DeviceTestCard(GpuTestService *tests, QWidget *parent)
    : Card({}, parent)
    , m_tests(tests)
    , m_words(new TextLabel({}, TextKind::Body, Token::Text2))
    , m_model(new GpuTestModel(this))
    , m_table(new QTableView)
{
    m_words->setElide(Qt::ElideRight);
    m_words->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    auto *top = new QHBoxLayout;
    top->setSpacing(10);
    top->addWidget(new TextLabel(tr("GPU test"), TextKind::Strong));
    top->addWidget(m_words, 1);
    body()->addLayout(top);
    setUpTable(m_table, m_model, tr("Figures of the last test"));
    m_table->setSortingEnabled(false);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(GpuTestModel::Test, QHeaderView::Stretch);
    m_table->hide();
    body()->addWidget(m_table);
    if (tests != nullptr)
        connect(tests, &GpuTestService::stored, this, &DeviceTestCard::reload);
}

void DeviceTestCard::showDevice(const QString &uuid)
{
    m_uuid = uuid;
    reload();
}

static QString dateOf(const GpuTestRun &run)
{
    return QLocale().toString(QDateTime::fromMSecsSinceEpoch(run.time), QLocale::ShortFormat);
}

void DeviceTestCard::reload()
{
    m_table->hide();
    if (m_tests == nullptr) {
        m_words->setText(tr("What tests find is not remembered in this window."));
        return;
    }
    const auto runs = m_tests->store().runs(m_uuid, 1);
    const auto baseline = m_tests->store().baseline(m_uuid);
    if (!runs || !baseline) {
        const auto &error = runs ? baseline.error() : runs.error();
        m_words->setText(error.message + QLatin1Char(' ') + error.cause);
        return;
    }
    if (runs->isEmpty()) {
        m_words->setText(tr("not tested yet: its first test becomes the baseline"));
        return;
    }
    const auto &last = runs->first();
    QStringList words{tr("last on %1").arg(dateOf(last)),
        last.verdict == QLatin1String("ok") ? tr("ok") : tr("errors")};
    if (*baseline)
        words << ((*baseline)->id == last.id ? tr("it is the baseline")
                                             : tr("baseline of %1").arg(dateOf(**baseline)));
    if (last.simulated)
        words << tr("simulated");
    m_words->setText(words.join(QStringLiteral(" · ")));
    m_model->show(compareGpuTest(last.result, datasheetOf(last.result.name),
        *baseline ? std::optional((*baseline)->result) : std::nullopt));
    m_table->setFixedHeight(metrics::header + m_model->rowCount() * metrics::tableRow + 2);
    m_table->setVisible(m_model->rowCount() > 0);
}

} // namespace pilothouse
