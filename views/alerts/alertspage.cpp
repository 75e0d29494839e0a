// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/alerts/alertspage.h"

#include "core/acts/services.h"
#include "core/health/rules.h"
#include "core/session/alertlog.h"
#include "views/alerts/alertdetail.h"
#include "views/alerts/alertempty.h"
#include "views/alerts/alertrows.h"
#include "views/alerts/alerttree.h"
#include "views/alerts/alertundo.h"
#include "views/alerts/noticebar.h"
#include "views/alerts/snoozemenu.h"
#include "views/common/emptystate.h"
#include "views/common/pageheader.h"
#include "views/common/searchfield.h"
#include "views/theme/metrics.h"
#include "views/theme/theme.h"

#include <QAction>
#include <QHBoxLayout>
#include <QMenu>
#include <QPainter>
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

    m_undo = new AlertUndo(m_model, context.acts, this);
    connect(m_undo, &AlertUndo::said, m_notice, &NoticeBar::tell);
    connect(m_undo, &AlertUndo::undone, m_notice, &QWidget::hide);
    connect(m_notice, &NoticeBar::undoWanted, m_undo, &AlertUndo::undo);

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
        connect(context.services->alerts, &AlertLog::changed, this, &AlertsPage::take);
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
    add(tr("Undo"), QKeySequence(Qt::CTRL | Qt::Key_Z), [this] { m_undo->undo(); });
    add(tr("Open node"), QKeySequence(Qt::CTRL | Qt::Key_G), [this] { openNode(); });
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

void AlertsPage::take(const QStringList &ids)
{
    if (!isVisible()) // showing it reads all anew
        return;
    auto rows = alertRows(m_context.services, ids);
    QStringList gone = ids;
    for (const AlertRow &row : rows)
        gone.removeOne(row.alert.id);
    m_model->applySome(std::move(rows), gone);
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
    m_header->setBadge(m_context.feed->simulated() ? tr("simulated") : QString(), Token::Watch);

    const bool any = m_model->shownCount() > 0, hadFocus = m_tree->hasFocus();
    m_stack->setCurrentIndex(any ? 0 : 1);
    if (hadFocus && !any)
        tabs->setFocus(); // the keys of the page, undo among them, go on working
    if (!any)
        sayNoAlerts(m_empty, *m_model, m_search->text(),
            std::any_of(targets.begin(), targets.end(),
                [](const TargetStatus &one) { return one.state == TargetState::Connected; }));
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
    if (requests.isEmpty())
        return;
    requests.first().parameters = parameters;
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
        alert.rule == QLatin1String(silentRule) ? QStringLiteral("connection")
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
const RailPage alertsPage{"alerts", QT_TRANSLATE_NOOP("pages", "Alerts"), "bell", "Alt+4", false,
    [](const PageContext &context) -> QWidget * { return new AlertsPage(context); }};

} // namespace pilothouse
