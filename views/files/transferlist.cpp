// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/files/transferlist.h"

#include "core/base/units.h"
#include "views/common/textlabel.h"
#include "views/theme/shapes.h"
#include "views/theme/style.h"

#include <QHBoxLayout>
#include <QProgressBar>
#include <QPushButton>
#include <QTimer>

namespace pilothouse {

static constexpr int mostShown = 4;

QString transferText(const Activity &activity, qint64 now)
{
    using std::chrono::milliseconds;
    if (activity.error)
        return activity.error->kind == ErrorKind::Cancelled ? TransferList::tr("cancelled")
                                                            : activity.error->message;
    const double spent
        = double((activity.running() ? now : activity.finishedAt) - activity.startedAt);
    if (!activity.running())
        return TransferList::tr("%1 in %2")
            .arg(formatBytes(double(activity.total), false),
                formatDuration(milliseconds(qint64(spent))));
    if (activity.done <= 0 || spent <= 0)
        return activity.note.isEmpty() ? TransferList::tr("starting") : activity.note;
    QStringList parts;
    parts << (activity.total > 0 ? TransferList::tr("%1 of %2")
                                       .arg(formatBytes(double(activity.done), false),
                                           formatBytes(double(activity.total), false))
                                 : formatBytes(double(activity.done), false));
    const double perMs = double(activity.done) / spent;
    parts << formatBytes(perMs * 1000, false) + QStringLiteral("/s");
    if (activity.total > 0)
        parts << TransferList::tr("%1 left").arg(
            formatDuration(milliseconds(qint64(double(activity.total - activity.done) / perMs))));
    return parts.join(QStringLiteral(" · "));
}

TransferRow::TransferRow(QWidget *parent)
    : QWidget(parent)
    , m_shape(new ShapeWidget)
    , m_what(new TextLabel({}, TextKind::Mono))
    , m_how(new TextLabel({}, TextKind::Small, Token::Text2))
    , m_bar(new QProgressBar)
    , m_button(new QPushButton)
{
    m_what->setElide(Qt::ElideMiddle);
    m_bar->setRange(0, 1000);
    m_bar->setTextVisible(false);
    m_bar->setFixedSize(160, 6);
    setSmall(m_button);
    m_button->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    m_how->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred);
    m_shape->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(10);
    row->addWidget(m_shape);
    row->addWidget(m_what);
    row->addStretch(1);
    row->addWidget(m_bar);
    row->addWidget(m_how);
    row->addWidget(m_button);
    connect(m_button, &QPushButton::clicked, this, [this] {
        if (m_running)
            Q_EMIT cancelWanted();
        else
            Q_EMIT dismissed();
    });
}

void TransferRow::refresh(const Activity &activity, qint64 now)
{
    m_running = activity.running();
    const bool stopped = activity.error && activity.error->kind == ErrorKind::Cancelled;
    const ShapeStyle shape = m_running ? ShapeStyle{Shape::Arc, Token::Accent}
        : stopped                      ? ShapeStyle{Shape::Dash, Token::Unknown}
        : activity.error               ? ShapeStyle{Shape::Diamond, Token::Bad}
                                       : ShapeStyle{Shape::Disc, Token::Ok};
    const QString how = transferText(activity, now);
    m_shape->setShape(shape, how);
    m_what->setText(activity.preview);
    m_how->setText(how);
    m_how->setToken(activity.error && !stopped ? Token::Bad : Token::Text2);
    m_how->setToolTip(activity.error ? activity.error->cause : QString());
    m_bar->setVisible(m_running && activity.total > 0);
    m_bar->setValue(activity.total > 0 ? int(activity.done * 1000 / activity.total) : 0);
    m_bar->setAccessibleName(tr("Progress of %1").arg(activity.preview));
    m_button->setText(m_running ? tr("Cancel") : tr("Dismiss"));
    m_button->setAccessibleDescription(activity.preview);
}

TransferList::TransferList(
    ActPort *acts, QString target, std::function<qint64()> clock, QWidget *parent)
    : QWidget(parent)
    , m_acts(acts)
    , m_target(std::move(target))
    , m_clock(std::move(clock))
    , m_column(new QVBoxLayout(this))
{
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(6);
    connect(acts, &ActPort::activityChanged, this, &TransferList::refresh);
    auto *second = new QTimer(this);
    connect(second, &QTimer::timeout, this, [this] {
        if (isVisible())
            refresh();
    });
    second->start(1000);
    refresh();
}

void TransferList::refresh()
{
    QSet<QString> shown;
    const auto all = m_acts->activities();
    for (const auto &one : all) {
        const bool copy
            = one.act == QLatin1String("file.upload") || one.act == QLatin1String("file.download");
        if (!copy || one.target != m_target || m_dismissed.contains(one.id)
            || shown.size() == mostShown)
            continue;
        auto *&row = m_rows[one.id];
        if (row == nullptr) {
            row = new TransferRow;
            connect(
                row, &TransferRow::cancelWanted, this, [this, id = one.id] { m_acts->cancel(id); });
            connect(row, &TransferRow::dismissed, this, [this, id = one.id] {
                m_dismissed.insert(id);
                refresh();
            });
        }
        m_column->insertWidget(int(shown.size()), row);
        row->refresh(one, m_clock());
        shown.insert(one.id);
    }
    for (auto it = m_rows.begin(); it != m_rows.end();) {
        if (shown.contains(it.key())) {
            ++it;
            continue;
        }
        it.value()->deleteLater(); // it may be the sender
        it.value()->hide();
        it = m_rows.erase(it);
    }
    setVisible(!shown.isEmpty());
}

} // namespace pilothouse
