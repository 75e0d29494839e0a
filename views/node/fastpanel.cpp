// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/node/fastpanel.h"

#include "core/base/units.h"
#include "views/common/textlabel.h"
#include "views/node/faststrip.h"

#include <QGridLayout>
#include <QPointer>
#include <QVBoxLayout>

#include <cmath>

namespace pilothouse {

static constexpr int perSecond = 10;

static std::optional<double> known(double value)
{
    return std::isnan(value) ? std::nullopt : std::optional(value);
}

FastPanel::FastPanel(QWidget *parent)
    : Card(tr("Ten times a second, last 30 s"), parent)
    , m_grid(new QGridLayout)
    , m_note(new TextLabel({}, TextKind::Body, Token::Text2))
{
    m_grid->setHorizontalSpacing(12);
    m_grid->setVerticalSpacing(8);
    m_note->setWordWrap(true);
    body()->addWidget(m_note);
    body()->addLayout(m_grid);
    say(tr("Area: busy, 0 to 100 %. Line: power, up to its limit. Nothing of it is stored."));
}

FastPanel::~FastPanel() = default;

void FastPanel::say(const QString &sentence)
{
    m_note->setText(sentence);
}

void FastPanel::setLink(std::shared_ptr<const Link> link)
{
    if (m_link == link)
        return;
    m_link = std::move(link);
    m_stream.reset();
    if (isVisible())
        follow();
}

void FastPanel::setDevices(const QList<Device> &devices)
{
    QList<Device> whole;
    for (const auto &device : devices) {
        if (device.parent.isEmpty())
            whole << device;
    }
    if (m_devices == whole)
        return;
    m_devices = whole;
    qDeleteAll(m_names);
    qDeleteAll(m_strips);
    qDeleteAll(m_values);
    m_names.clear();
    m_strips.clear();
    m_values.clear();
    // Side by side where there are many.
    const int rows = m_devices.size() > 4 ? int(m_devices.size() + 1) / 2 : int(m_devices.size());
    for (int i = 0; i < int(m_devices.size()); ++i) {
        const auto &device = m_devices[i];
        const int row = i % rows, column = i / rows * 3;
        const QString name = tr("GPU %1").arg(device.index);
        m_names << new TextLabel(name, TextKind::Body, Token::Text);
        m_names.last()->setContentsMargins(column > 0 ? 16 : 0, 0, 0, 0);
        m_strips << new FastStrip;
        m_strips.last()->setName(name, device.powerLimitWatts);
        m_values << new TextLabel(QStringLiteral("–"), TextKind::Body, Token::Text2);
        m_values.last()->setMinimumWidth(
            fontMetrics().horizontalAdvance(QStringLiteral("100 %  0000 W")) + 8);
        m_values.last()->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        m_grid->addWidget(m_names.last(), row, column);
        m_grid->addWidget(m_strips.last(), row, column + 1);
        m_grid->addWidget(m_values.last(), row, column + 2);
        m_grid->setColumnStretch(column + 1, 1);
    }
}

void FastPanel::showEvent(QShowEvent *event)
{
    Card::showEvent(event);
    follow();
}

void FastPanel::hideEvent(QHideEvent *event)
{
    Card::hideEvent(event);
    m_stream.reset();
}

void FastPanel::follow()
{
    if (m_stream)
        return;
    if (!m_link || !m_link->agent)
        return say(m_link ? m_link->without : tr("Not connected: the GPUs are not watched."));
    say(tr("Area: busy, 0 to 100 %. Line: power, up to its limit. Nothing of it is stored."));
    const QPointer<FastPanel> self = this;
    GpuHandlers handlers;
    handlers.now = [self](qint64 wallNs, const QList<GpuInstant> &gpus) {
        if (self)
            self->take(wallNs, gpus);
    };
    handlers.ended = [self](const Error &error) {
        if (!self)
            return;
        self->say(error.kind == ErrorKind::Unsupported
                ? tr("The agent there is of an older version, which cannot do this.")
                : error.message);
    };
    m_stream = m_link->agent->watchGpus(perSecond, std::move(handlers));
}

void FastPanel::take(qint64 wallNs, const QList<GpuInstant> &gpus)
{
    for (qsizetype i = 0; i < m_devices.size(); ++i) {
        GpuInstant now;
        for (const auto &gpu : gpus) {
            if (gpu.uuid == m_devices[i].uuid)
                now = gpu;
        }
        m_strips[i]->add(wallNs, now.busyRatio, now.watts);
        const auto load = formatValue(known(now.busyRatio), QStringLiteral("ratio"));
        const auto power = formatValue(known(now.watts), QStringLiteral("watts"));
        m_values[i]->setText(
            now.uuid.isEmpty() ? tr("no answer") : load + QStringLiteral("  ") + power);
    }
}

} // namespace pilothouse
