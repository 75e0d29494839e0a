// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/alerts/alertspage.h"

#include "core/acts/services.h"
#include "core/session/alertlog.h"
#include "views/alerts/alertdetail.h"
#include "views/alerts/alertrows.h"
#include "views/alerts/alerttree.h"
#include "views/alerts/snoozemenu.h"
#include "views/common/emptystate.h"
#include "views/common/pageheader.h"
#include "views/common/searchfield.h"
#include "views/common/textlabel.h"
#include "views/theme/metrics.h"
#include "views/theme/theme.h"

#include <QAction>
#include <QHBoxLayout>
#include <QMenu>
#include <QPushButton>
#include <QStackedLayout>
#include <QTabBar>
#include <QTimer>

namespace pilothouse {

namespace {

/// The detail's place: a line at its left.
class DetailFrame : public QWidget {
public:
    using QWidget::QWidget;

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.fillRect(rect(), themed(Token::Panel));
        painter.fillRect(
            QRect(0, 0, int(Theme::instance().lineWidth()), height()), themed(Token::Line));
    }
};

/// A line above the list: what was done, and its undo.
class NoticeBar : public QWidget {
public:
    using QWidget::QWidget;

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.fillRect(rect(), themed(Token::AccentWeak));
        painter.fillRect(QRect(0, height() - 1, width(), 1), themed(Token::Line));
    }
};

} // namespace

AlertsPage::AlertsPage(const PageContext &context)
    : m_context(context)
    , m_model(new AlertModel([feed = context.feed] { return feed->now(); }, this))
    , m_header(new PageHeader)
    , m_search(new SearchField(tr("Filter alerts")))
    , m_tree(new AlertTree(m_model))
    , m_detail(new AlertDetail)
    , m_empty(new EmptyState(QStringLiteral("bell")))
    , m_content(new QWidget)
    , m_notice(new NoticeBar)
    , m_noticeText(new TextLabel)
    , m_stack(new QStackedLayout)
    , m_second(new QTimer(this))
{
    m_header->setTitle(tr("Alerts"));
    m_search->setFixedWidth(240);
    m_header->addAction(m_search);
    for (int i = 0; i < 3; ++i)
        m_header->tabs()->addTab(QString());
    m_header->tabs()->setAccessibleName(tr("Which alerts"));
    connect(m_header->tabs(), &QTabBar::currentChanged, this,
        [this](int tab) { setView(AlertView(tab)); });

    auto *undoButton = new QPushButton(tr("Undo"));
    setSmall(undoButton);
    undoButton->setToolTip(tr("Ctrl+Z"));
    connect(undoButton, &QPushButton::clicked, this, &AlertsPage::undo);
    auto *notice = new QHBoxLayout(m_notice);
    notice->setContentsMargins(metrics::margin, 4, metrics::margin, 5);
    notice->addWidget(m_noticeText);
    notice->addWidget(undoButton);
    notice->addStretch(1);
    m_notice->hide();

    auto *frame = new DetailFrame;
    auto *inFrame = new QVBoxLayout(frame);
    inFrame->setContentsMargins(1, 0, 0, 0);
    inFrame->addWidget(m_detail);
    auto *row = new QHBoxLayout(m_content);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_tree, 1);
    row->addWidget(frame);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_header);
    column->addWidget(m_notice);
    m_stack->addWidget(m_content);
    m_stack->addWidget(m_empty);
    column->addLayout(m_stack, 1);
    setFocusProxy(m_tree);

    connect(m_empty, &EmptyState::activated, this, [this] {
        if (!m_search->text().isEmpty())
            m_search->clear();
        else
            m_context.openPage(QStringLiteral("targets"));
    });
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_model->setText(text);
        settle();
    });
    connect(m_search, &SearchField::left, m_tree, qOverload<>(&QWidget::setFocus));
    connect(m_tree->selectionModel(), &QItemSelectionModel::selectionChanged, this,
        &AlertsPage::showChosen);
    connect(m_tree, &QAbstractItemView::activated, this, [this](const QModelIndex &index) {
        if (m_model->hasChildren(index.siblingAtColumn(0)))
            m_tree->setExpanded(
                index.siblingAtColumn(0), !m_tree->isExpanded(index.siblingAtColumn(0)));
        else
            openCharts();
    });
    m_tree->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_tree, &QWidget::customContextMenuRequested, this, &AlertsPage::contextMenu);
    connect(m_detail, &AlertDetail::acknowledgeWanted, this, &AlertsPage::acknowledge);
    connect(m_detail, &AlertDetail::snoozeWanted, this, &AlertsPage::snooze);
    connect(m_detail, &AlertDetail::chartsWanted, this, &AlertsPage::openCharts);
    connect(m_detail, &AlertDetail::nodeWanted, this, &AlertsPage::openNode);
    connect(m_detail, &AlertDetail::jobWanted, this, &AlertsPage::openJob);
    addKeys();
    if (context.services != nullptr && context.services->alerts != nullptr)
        connect(context.services->alerts, &AlertLog::changed, this, &AlertsPage::refresh);
    connect(m_second, &QTimer::timeout, this, [this] {
        if (!isVisible())
            return;
        m_model->refreshAges();
        showChosen();
    });
    m_second->start(5000);
    refresh();
}

void AlertsPage::addKeys()
{
    const auto add = [this](const QString &text, const QKeySequence &keys, auto slot) {
        auto *action = new QAction(text, this);
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        connect(action, &QAction::triggered, this, slot);
        addAction(action);
    };
    add(tr("Acknowledge"), QKeySequence(Qt::CTRL | Qt::Key_D), [this] { acknowledge(true); });
    add(tr("Take acknowledgement back"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_D),
        [this] { acknowledge(false); });
    add(tr("Snooze"), QKeySequence(Qt::CTRL | Qt::Key_S), [this] { snooze(); });
    add(tr("Undo"), QKeySequence(Qt::CTRL | Qt::Key_Z), [this] { undo(); });
    add(tr("Open node"), QKeySequence(Qt::CTRL | Qt::Key_G), [this] { openNode(); });
    m_detail->setOpenWords(tr("Seen: it is listed as quiet until it is over  (Ctrl+D)"),
        tr("Silent for a while  (Ctrl+S)"));
}

void AlertsPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    refresh();
}

void AlertsPage::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    m_detail->setFixedWidth(std::clamp(width() * 3 / 10, 280, 400));
}

void AlertsPage::refresh()
{
    m_model->apply(alertRows(m_context.services));
    settle();
}

void AlertsPage::setView(AlertView view)
{
    m_model->setView(view);
    settle();
}

void AlertsPage::settle()
{
    const int open = m_model->count(AlertView::Open), quiet = m_model->count(AlertView::Quiet),
              ended = m_model->count(AlertView::Ended);
    const auto named = [](const QString &name, int count) {
        return count == 0 ? name : QStringLiteral("%1 %2").arg(name).arg(count);
    };
    auto *tabs = m_header->tabs();
    tabs->setTabText(0, named(tr("Open"), open));
    tabs->setTabText(1, named(tr("Quiet"), quiet));
    tabs->setTabText(2, named(tr("Ended"), ended));
    QStringList facts;
    if (m_model->shownCount() > 0) {
        const int causes = m_model->rowCount();
        facts << (causes == 1 ? tr("1 cause") : tr("%1 causes").arg(causes));
    }
    if (m_model->hiddenCount() > 0)
        facts << tr("%1 hidden by the filter").arg(m_model->hiddenCount());
    m_header->setFacts(facts.join(QStringLiteral(" · ")));
    const auto targets = m_context.feed->targets();
    const bool simulated = std::any_of(targets.begin(), targets.end(),
        [](const TargetStatus &one) { return one.target.kind == TargetKind::Simulated; });
    m_header->setBadge(simulated ? tr("simulated") : QString(), Token::Watch);

    const bool any = m_model->shownCount() > 0, hadFocus = m_tree->hasFocus();
    m_stack->setCurrentIndex(any ? 0 : 1);
    if (hadFocus && !any)
        tabs->setFocus(); // the keys of the page, undo among them, go on working
    if (m_model->hiddenCount() > 0) {
        m_empty->setText(tr("The filter hides all %1 alerts").arg(m_model->hiddenCount()),
            tr("No cause, place, job or line has “%1”.").arg(m_search->text()));
        m_empty->setAction(tr("Clear the filter"));
    } else if (m_model->view() == AlertView::Open) {
        const bool live = std::any_of(targets.begin(), targets.end(),
            [](const TargetStatus &one) { return one.state == TargetState::Connected; });
        m_empty->setText(live ? tr("Nothing needs you now") : tr("No alerts yet"),
            live ? tr("Rules watch every GPU, interface and node that is connected, and list here "
                      "what they find.")
                 : tr("Rules watch what is connected: GPUs, interfaces and nodes. Connect a "
                      "target."));
        m_empty->setAction(live ? QString() : tr("Show targets"));
    } else if (m_model->view() == AlertView::Quiet) {
        m_empty->setText(tr("Nothing is quiet"),
            tr("Alerts that were acknowledged or snoozed stand here until they are over or wake."));
        m_empty->setAction(QString());
    } else {
        m_empty->setText(
            tr("None has ended"), tr("Alerts that are over stay here for seven days."));
        m_empty->setAction(QString());
    }
    if (m_model->shownCount() > 0 && !m_tree->currentIndex().isValid())
        m_tree->selectionModel()->setCurrentIndex(
            m_model->index(0, 0), QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    // The row that was chosen may have left: the one that took its place is, then.
    auto *selection = m_tree->selectionModel();
    if (any && !selection->hasSelection())
        selection->select(m_tree->currentIndex(),
            QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    showChosen();
}

std::vector<AlertRow> AlertsPage::chosen() const
{
    std::vector<AlertRow> rows;
    const auto ids = m_tree->selectedIds();
    for (const auto &id : ids) {
        if (const auto *row = m_model->find(id))
            rows.push_back(*row);
    }
    return rows;
}

void AlertsPage::showChosen()
{
    m_detail->show(chosen(), m_context.feed->now());
}

QList<ActRequest> AlertsPage::selection() const
{
    const auto ids = m_tree->selectedIds();
    if (ids.isEmpty())
        return {};
    ActRequest request;
    QSet<QString> targets;
    for (const auto &id : ids) {
        if (const auto *row = m_model->find(id))
            targets.insert(row->alert.target);
    }
    if (targets.size() == 1)
        request.target = *targets.begin();
    request.subject = ids.join(QLatin1Char(','));
    return {request};
}

void AlertsPage::showSubject(const QString &subject)
{
    refresh(); // the log tells of changes a moment later
    const auto *row = m_model->find(subject);
    if (row == nullptr)
        row = m_model->worstOf(
            subject.section(QLatin1Char('/'), 0, -2), subject.section(QLatin1Char('/'), -1));
    if (row == nullptr)
        return;
    const QString id = row->alert.id;
    const auto state = row->alert.state(m_context.feed->now());
    m_header->tabs()->setCurrentIndex(state == AlertState::Open ? 0
            : state == AlertState::Ended                        ? 2
                                                                : 1);
    if (!m_model->indexOf(id).isValid())
        m_search->clear(); // the filter hides it
    m_tree->select(id);
    m_tree->setFocus();
}

void AlertsPage::say(const QString &act, const QJsonObject &parameters)
{
    auto requests = selection();
    if (requests.isEmpty() || !m_context.acts->canAll(act, requests).ok())
        return;
    requests.first().parameters = parameters;
    QList<Undo> back;
    int count = 0;
    QStringList wake, again;
    const auto rows = chosen();
    for (const AlertRow &row : rows) {
        const Alert &alert = row.alert;
        if (alert.endedAt != 0
            || (act == QLatin1String("alert.acknowledge") && alert.acknowledgedAt != 0)
            || (act == QLatin1String("alert.unacknowledge") && alert.acknowledgedAt == 0)
            || (act == QLatin1String("alert.wake") && alert.snoozedUntil == 0))
            continue;
        ++count;
        const bool snoozes
            = act == QLatin1String("alert.snooze") || act == QLatin1String("alert.wake");
        if (!snoozes || alert.snoozedUntil == 0) {
            wake << alert.id;
            continue;
        }
        ActRequest before = requests.first(); // as it was
        before.subject = alert.id;
        before.parameters = {{QStringLiteral("until"), double(alert.snoozedUntil)}};
        back << Undo{QStringLiteral("alert.snooze"), {before}};
    }
    if (!wake.isEmpty()) {
        ActRequest request = requests.first();
        request.subject = wake.join(QLatin1Char(','));
        request.parameters = {};
        back << Undo{act == QLatin1String("alert.acknowledge")
                ? QStringLiteral("alert.unacknowledge")
                : act == QLatin1String("alert.unacknowledge") ? QStringLiteral("alert.acknowledge")
                                                              : QStringLiteral("alert.wake"),
            {request}};
    }
    m_undo = back;
    const bool one = count == 1;
    m_noticeText->setText(act == QLatin1String("alert.acknowledge")
            ? (one ? tr("1 alert acknowledged.") : tr("%1 alerts acknowledged.").arg(count))
            : act == QLatin1String("alert.unacknowledge")
            ? (one ? tr("1 alert is open again.") : tr("%1 alerts are open again.").arg(count))
            : act == QLatin1String("alert.wake")
            ? (one ? tr("1 alert woken.") : tr("%1 alerts woken.").arg(count))
            : (one ? tr("1 alert snoozed.") : tr("%1 alerts snoozed.").arg(count)));
    m_notice->show();
    m_context.acts->trigger(act, requests);
}

void AlertsPage::acknowledge(bool acknowledged)
{
    say(acknowledged ? QStringLiteral("alert.acknowledge") : QStringLiteral("alert.unacknowledge"),
        {});
}

void AlertsPage::snooze()
{
    const auto rows = chosen();
    const qint64 now = m_context.feed->now();
    if (rows.empty())
        return;
    if (std::all_of(rows.begin(), rows.end(),
            [now](const AlertRow &row) { return row.alert.state(now) == AlertState::Snoozed; })) {
        say(QStringLiteral("alert.wake"), {});
        return;
    }
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    fillSnoozeMenu(menu, [this](const QString &length) { snoozeFor(length); });
    auto *button = m_detail->snoozeButton();
    menu->popup(button->mapToGlobal(QPoint(0, button->height() + 2)));
    menu->setActiveAction(menu->actions().first());
}

void AlertsPage::snoozeFor(const QString &length)
{
    say(QStringLiteral("alert.snooze"), {{QStringLiteral("for"), length}});
}

void AlertsPage::undo()
{
    const auto steps = std::exchange(m_undo, {});
    m_notice->hide();
    for (const Undo &step : steps)
        m_context.acts->trigger(step.act, step.requests);
}

void AlertsPage::openCharts()
{
    const auto rows = chosen();
    if (rows.empty())
        return;
    const Alert &alert = rows.front().alert;
    constexpr qint64 minute = 60'000;
    const qint64 now = m_context.feed->now();
    const qint64 end
        = std::min(now, alert.since + std::clamp(alert.lasting(now), 5 * minute, 30 * minute));
    m_context.range->show(alert.since - 5 * minute, end);
    m_context.openTarget(alert.target, QStringLiteral("live"));
}

void AlertsPage::openNode()
{
    const auto rows = chosen();
    if (rows.empty())
        return;
    const Alert &alert = rows.front().alert;
    m_context.openTarget(alert.target,
        alert.rule == QLatin1String("silent") ? QStringLiteral("connection")
                                              : QStringLiteral("live"));
}

void AlertsPage::openJob()
{
    for (const AlertRow &row : chosen()) {
        if (row.job.isEmpty())
            continue;
        m_context.openJob(row.job);
        return;
    }
}

void AlertsPage::contextMenu(const QPoint &place)
{
    const auto requests = selection();
    if (requests.isEmpty())
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Charts from then"), this, &AlertsPage::openCharts);
    menu->addAction(tr("Open node"), this, &AlertsPage::openNode);
    menu->addSeparator();
    m_context.acts->fill(menu,
        {QStringLiteral("alert.acknowledge"), QStringLiteral("alert.unacknowledge"),
            QStringLiteral("alert.wake")},
        requests);
    auto *sleep = new QMenu(tr("Snooze"), menu);
    fillSnoozeMenu(sleep, [this](const QString &length) { snoozeFor(length); });
    menu->insertMenu(menu->actions().value(4), sleep);
    menu->addSeparator();
    const auto actions = m_tree->actions();
    for (auto *action : actions)
        menu->addAction(action);
    menu->popup(m_tree->viewport()->mapToGlobal(place));
}

extern const RailPage alertsPage;
const RailPage alertsPage{"alerts", QT_TRANSLATE_NOOP("pages", "Alerts"), "bell", "Alt+3", false,
    [](const PageContext &context) -> QWidget * { return new AlertsPage(context); }};

} // namespace pilothouse
