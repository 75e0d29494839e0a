// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/frame/activityview.h"

#include "core/base/units.h"
#include "views/common/textlabel.h"
#include "views/theme/fonts.h"
#include "views/theme/icons.h"
#include "views/theme/metrics.h"
#include "views/theme/shapes.h"
#include "views/theme/style.h"
#include "views/theme/stylepainters.h"

#include <QAbstractListModel>
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QListView>
#include <QPushButton>
#include <QStyledItemDelegate>
#include <QTimer>

namespace pilothouse {

/// Activities by id; new ones come in at the top, the others stay what they were.
class ActivityModel : public QAbstractListModel {
public:
    using QAbstractListModel::QAbstractListModel;

    void apply(const QList<Activity> &all)
    {
        const auto added = all.size() - m_all.size();
        if (added > 0) {
            beginInsertRows({}, 0, int(added) - 1);
            m_all = all;
            endInsertRows();
        } else if (added < 0) {
            beginResetModel();
            m_all = all;
            endResetModel();
        }
        m_all = all;
        if (!m_all.isEmpty())
            Q_EMIT dataChanged(index(0), index(int(m_all.size()) - 1));
    }

    int rowCount(const QModelIndex &parent = {}) const override
    {
        return parent.isValid() ? 0 : int(m_all.size());
    }

    QVariant data(const QModelIndex &index, int role) const override
    {
        const auto &one = m_all[index.row()];
        if (role == Qt::DisplayRole)
            return one.title;
        if (role == Qt::AccessibleTextRole || role == Qt::ToolTipRole)
            return QStringLiteral("%1, %2: %3")
                .arg(one.title, targetName(one.target), outcome(one));
        return {};
    }

    QString outcome(const Activity &one) const
    {
        if (one.error)
            return one.error->kind == ErrorKind::Cancelled ? ActivityView::tr("cancelled")
                                                           : one.error->message;
        if (!one.running())
            return ActivityView::tr("done");
        return one.note.isEmpty() ? ActivityView::tr("running") : one.note;
    }

    /// "41 MB of 94 MB, 3 s left": rate and time left when the total is known.
    QString times(const Activity &one) const
    {
        const auto spent = (one.running() ? clock() : one.finishedAt) - one.startedAt;
        if (one.running() && one.total > 0 && one.done > 0) {
            const auto left
                = qint64(double(spent) * double(one.total - one.done) / double(one.done));
            return ActivityView::tr("%1 %, %2 left")
                .arg(one.done * 100 / one.total)
                .arg(formatDuration(std::chrono::milliseconds(left)));
        }
        return formatDuration(std::chrono::milliseconds(qMax<qint64>(0, spent)));
    }

    QList<Activity> m_all;
    std::function<QString(const QString &)> targetName;
    std::function<qint64()> clock;
};

/// Shape, title, target, outcome, progress, time.
class ActivityDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override
    {
        return {300, metrics::tableRow};
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
        const QModelIndex &index) const override
    {
        const auto *model = static_cast<const ActivityModel *>(index.model());
        const auto &one = model->m_all[index.row()];
        const QRect rect = option.rect;
        painter->save();
        QStyleOptionViewItem row = option;
        painters::itemRow(&row, painter);
        const bool stopped = one.error && one.error->kind == ErrorKind::Cancelled;
        const ShapeStyle shape = one.running() ? ShapeStyle{Shape::Arc, Token::Accent}
            : stopped                          ? ShapeStyle{Shape::Dash, Token::Unknown}
            : one.error                        ? ShapeStyle{Shape::Diamond, Token::Bad}
                                               : ShapeStyle{Shape::Disc, Token::Ok};
        paintShape(painter, QRect(rect.left() + 14, rect.top(), 12, rect.height()), shape);
        const auto text = [&](int left, int width, const QString &words, Token token,
                              const QFont &font, Qt::Alignment align = Qt::AlignLeft) {
            painter->setFont(font);
            painter->setPen(themed(token));
            const QRect place(rect.left() + left, rect.top(), width, rect.height());
            painter->drawText(place, int(Qt::AlignVCenter | align),
                painter->fontMetrics().elidedText(words, Qt::ElideRight, width));
        };
        text(40, 200, one.title, Token::Text, mediumFont());
        text(248, 150, model->targetName(one.target), Token::Text2, bodyFont());
        const int end = rect.width() - 150;
        if (one.running() && one.total > 0) {
            QStyleOptionProgressBar bar;
            bar.maximum = 1000;
            bar.progress = int(one.done * 1000 / one.total);
            bar.rect = QRect(end - 130, rect.top() + rect.height() / 2 - 4, 120, 8);
            painters::progress(&bar, painter);
            text(408, end - 408 - 140, model->outcome(one), Token::Text2, bodyFont());
        } else {
            text(408, end - 408, model->outcome(one),
                one.error && !stopped ? Token::Bad : Token::Text2, bodyFont());
        }
        text(end, 136, model->times(one), Token::Text3, bodyFont(), Qt::AlignRight);
        painter->restore();
    }
};

ActivityView::ActivityView(ActPort *acts, std::function<QString(const QString &)> targetName,
    std::function<qint64()> clock, QWidget *parent)
    : QWidget(parent)
    , m_acts(acts)
    , m_model(new ActivityModel(this))
    , m_list(new QListView)
    , m_cancel(new QPushButton(tr("Cancel")))
    , m_copyError(new QPushButton(tr("Copy error")))
    , m_copyCommand(new QPushButton(tr("Copy command")))
{
    m_model->targetName = std::move(targetName);
    m_model->clock = std::move(clock);
    m_list->setModel(m_model);
    m_list->setItemDelegate(new ActivityDelegate(m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setUniformItemSizes(true);
    m_list->viewport()->setAutoFillBackground(false);
    m_list->setAccessibleName(tr("Activity"));
    auto *top = new QHBoxLayout;
    top->setContentsMargins(14, 6, 8, 6);
    top->setSpacing(8);
    top->addWidget(new TextLabel(tr("Activity"), TextKind::Strong));
    top->addStretch(1);
    for (auto *button : {m_cancel, m_copyError, m_copyCommand}) {
        setSmall(button);
        top->addWidget(button);
    }
    const auto tool = [&](const QString &iconName, const QString &name, const QString &tip) {
        auto *button = new QPushButton(icon(iconName, Token::Text3), {});
        setButtonKind(button, ButtonKind::Flat);
        setSmall(button);
        button->setFixedWidth(26);
        button->setAccessibleName(name);
        button->setToolTip(tip);
        top->addWidget(button);
        return button;
    };
    connect(tool(QStringLiteral("external-link"), tr("Float the activity"),
                tr("Out of the window, or back (Ctrl+Shift+J)")),
        &QPushButton::clicked, this, &ActivityView::floatWanted);
    connect(tool(QStringLiteral("x"), tr("Hide the activity"), tr("Hide (Ctrl+J)")),
        &QPushButton::clicked, this, &ActivityView::hideWanted);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(top);
    column->addWidget(m_list, 1);
    connect(m_acts, &ActPort::activityChanged, this, &ActivityView::refresh);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
        &ActivityView::refresh);
    connect(m_cancel, &QPushButton::clicked, this, [this] { m_acts->cancel(current().id); });
    connect(m_copyCommand, &QPushButton::clicked, this,
        [this] { QGuiApplication::clipboard()->setText(current().preview); });
    connect(m_copyError, &QPushButton::clicked, this, [this] {
        if (const auto error = current().error) {
            QGuiApplication::clipboard()->setText(QStringList{
                current().title, error->stage, error->message, error->cause, error->next}
                                                      .join(u'\n'));
        }
    });
    auto *timer = new QTimer(this);
    connect(timer, &QTimer::timeout, this, [this] {
        if (isVisible())
            m_list->viewport()->update();
    });
    timer->start(1000);
    refresh();
}

void ActivityView::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), themed(Token::Panel));
    painter.fillRect(QRect(0, 0, width(), 1), themed(Token::Line));
}

Activity ActivityView::current() const
{
    const int row = m_list->currentIndex().row();
    return m_model->m_all.value(row < 0 ? 0 : row);
}

void ActivityView::refresh()
{
    m_model->apply(m_acts->activities());
    const auto one = current();
    m_cancel->setEnabled(!one.id.isEmpty() && one.running());
    m_copyError->setEnabled(one.error.has_value());
    m_copyCommand->setEnabled(!one.preview.isEmpty());
}

} // namespace pilothouse
