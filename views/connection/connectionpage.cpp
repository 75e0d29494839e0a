// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/connection/connectionpage.h"

#include "core/base/units.h"
#include "views/common/errorbox.h"
#include "views/common/scrolled.h"
#include "views/common/stagelist.h"
#include "views/common/textlabel.h"
#include "views/connection/protectioncard.h"
#include "views/connection/transportcard.h"
#include "views/theme/metrics.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>

#include <algorithm>

namespace pilothouse {

/// Before the first attempt the list says what it will be.
static QList<StageReport> expected(const TargetStatus &status)
{
    QList<StageReport> stages;
    for (int i = 0; i <= int(Stage::FirstSample); ++i) {
        const auto stage = Stage(i);
        const bool overSsh = stage > Stage::Resolve && stage < Stage::Platform;
        if (stage == Stage::JumpHost || (status.target.kind == TargetKind::Local && overSsh))
            continue;
        StageReport report;
        report.stage = stage;
        stages << report;
    }
    return stages;
}

ConnectionPage::ConnectionPage(const PageContext &context, const QString &target)
    : m_context(context)
    , m_target(target)
    , m_columns(new QBoxLayout(QBoxLayout::LeftToRight))
    , m_side(new QWidget)
    , m_stages(new StageList)
    , m_note(new TextLabel({}, TextKind::Body, Token::Text2))
    , m_deploy(new TextLabel({}, TextKind::Body, Token::Text2))
    , m_error(new ErrorBox)
    , m_transport(new TransportCard(context, target))
    , m_protection(new ProtectionCard(context, target))
{
    m_note->setWordWrap(true);
    m_deploy->setWordWrap(true);
    auto *main = new QVBoxLayout;
    main->setSpacing(metrics::gap + 2);
    main->addWidget(m_note);
    main->addWidget(m_stages);
    main->addWidget(m_error);
    main->addStretch(1);

    auto *deploy = new Card(tr("What will be put on the host"));
    deploy->body()->addWidget(m_deploy);
    auto *side = new QVBoxLayout;
    side->setSpacing(metrics::gap);
    side->addWidget(m_transport);
    side->addWidget(deploy);
    side->addWidget(m_protection);
    side->addStretch(1);

    auto *content = new QWidget;
    content->setLayout(m_columns);
    m_columns->setContentsMargins(metrics::margin, 16, metrics::margin, metrics::margin);
    m_columns->setSpacing(16);
    m_columns->addLayout(main, 1);
    m_side->setLayout(side);
    side->setContentsMargins(0, 0, 0, 0);
    m_columns->addWidget(m_side);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(scrolled(content));
    if (const auto status = context.feed->status(target))
        refresh(*status);
}

void ConnectionPage::resizeEvent(QResizeEvent *event)
{
    TargetPage::resizeEvent(event);
    // Too narrow for two columns: the cards go below.
    const bool wide = width() >= 780;
    m_columns->setDirection(wide ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
    m_side->setMinimumWidth(wide ? 330 : 0);
    m_side->setMaximumWidth(wide ? 330 : QWIDGETSIZE_MAX);
}

QList<QWidget *> ConnectionPage::headerActions()
{
    const auto selection = [target = m_target] {
        ActRequest request;
        request.target = target;
        return QList<ActRequest>{request};
    };
    QList<QWidget *> buttons;
    const auto add = [&](const char *act, ButtonKind kind) {
        if (auto *button = m_context.acts->button(QLatin1String(act), selection, kind))
            buttons << button;
        return buttons.isEmpty() ? nullptr : qobject_cast<QPushButton *>(buttons.last());
    };
    if (auto *terminal = add("terminal.open", ButtonKind::Normal))
        terminal->setText(tr("Terminal"));
    switch (m_state) {
    case TargetState::Connecting: {
        auto *cancel = add("target.disconnect", ButtonKind::Normal);
        if (cancel)
            cancel->setText(tr("Cancel"));
        break;
    }
    case TargetState::Connected:
    case TargetState::Stale:
        add("target.disconnect", ButtonKind::Normal);
        break;
    case TargetState::NotOpened:
    case TargetState::Failed:
        add("target.test", ButtonKind::Normal);
        add("target.connect", ButtonKind::Primary);
        break;
    }
    return buttons;
}

QString ConnectionPage::planned(const TargetStatus &status) const
{
    if (!status.without.isEmpty())
        return status.without;
    if (status.state == TargetState::Stale && status.nextAttemptAt > 0) {
        const auto left = qMax<qint64>(0, status.nextAttemptAt - m_context.feed->now());
        return tr("The link is lost. The next attempt is in %1.")
            .arg(formatDuration(std::chrono::milliseconds(left / 1000 * 1000)));
    }
    const bool testRuns = status.tested
        && std::any_of(status.stages.begin(), status.stages.end(),
            [](const auto &stage) { return stage.state == StageState::Running; });
    if (status.tested && !testRuns && !status.error)
        return tr("The test passed. Nothing was put on the host, and the connection was closed.");
    if (status.state == TargetState::NotOpened && status.stages.isEmpty())
        return tr("Nothing has been contacted. Test connection goes through these stages without "
                  "putting anything on the host.");
    return {};
}

void ConnectionPage::refresh(const TargetStatus &status)
{
    const bool actionsStay = m_state == status.state;
    m_state = status.state;
    m_stages->setStages(status.stages.isEmpty() ? expected(status) : status.stages);
    const QString note = planned(status);
    m_note->setText(note);
    m_note->setVisible(!note.isEmpty());
    m_transport->refresh(status);
    m_protection->refresh(status);
    m_error->setVisible(status.error.has_value());
    if (status.error) {
        QString where = status.error->stage;
        for (int i = 0; i <= int(Stage::FirstSample); ++i) {
            if (stageId(Stage(i)) == where)
                where = stageTitle(Stage(i));
        }
        m_error->setError(tr("%1 stopped at “%2”").arg(status.target.name, where), *status.error,
            status.changedAt);
        m_error->setExtraReport(m_stages->asText());
    }
    const QString version = status.agentVersion.isEmpty() ? QCoreApplication::applicationVersion()
                                                          : status.agentVersion;
    if (status.target.protection == Protection::ReadOnly)
        m_deploy->setText(tr("Nothing: the target is read-only. An agent that is there already is "
                             "used; without one, live basics come by plain commands."));
    else
        m_deploy->setText(tr(
            "One file of about 8 MB in ~/.local/share/pilothouse/agent/%1. It runs as you, opens "
            "no port and needs no root. “Remove agent” takes all of it away.")
                              .arg(version));
    if (!actionsStay)
        Q_EMIT headerActionsChanged();
}

extern const TargetTab connectionTab;
const TargetTab connectionTab{"connection", QT_TRANSLATE_NOOP("pages", "Connection"),
    [](const PageContext &context, const QString &target) -> TargetPage * {
        return new ConnectionPage(context, target);
    }};

} // namespace pilothouse
