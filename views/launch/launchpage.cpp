// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/launch/launchpage.h"

#include "core/jobs/jobjson.h"
#include "views/common/card.h"
#include "views/common/textlabel.h"
#include "views/launch/launchdraft.h"
#include "views/launch/launchform.h"
#include "views/theme/metrics.h"

#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QShortcut>

namespace pilothouse {

LaunchPage::LaunchPage(const PageContext &context, const QString &target)
    : m_context(context)
    , m_target(target)
    , m_form(new LaunchForm)
    , m_preview(new QPlainTextEdit)
    , m_note(new TextLabel({}, TextKind::Small, Token::Text2))
{
    auto *job = new Card;
    job->body()->addWidget(m_form);
    auto *sent = new Card(tr("What will be sent"));
    m_preview->setReadOnly(true);
    m_preview->setAccessibleName(tr("What will be sent"));
    m_preview->setFont(fontOf(TextKind::Mono));
    m_preview->setMinimumHeight(160);
    m_note->setWordWrap(true);
    sent->body()->addWidget(m_preview, 1);
    sent->body()->addWidget(m_note);

    auto *content = new QWidget;
    auto *row = new QHBoxLayout(content);
    row->setContentsMargins(metrics::margin, 16, metrics::margin, metrics::margin);
    row->setSpacing(16);
    auto *left = new QVBoxLayout;
    left->addWidget(job);
    left->addStretch(1);
    row->addLayout(left, 3);
    auto *right = new QVBoxLayout;
    m_preview->setMaximumHeight(320);
    right->addWidget(sent);
    right->addStretch(1);
    row->addLayout(right, 2);
    auto *scroll = new QScrollArea;
    scroll->setWidget(content);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->viewport()->setAutoFillBackground(false);
    content->setAutoFillBackground(false);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(scroll);

    connect(m_form, &LaunchForm::changed, this, &LaunchPage::preview);
    auto *shortcut = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_Return), this);
    shortcut->setContext(Qt::WidgetWithChildrenShortcut);
    connect(shortcut, &QShortcut::activated, this, &LaunchPage::launch);
    connect(context.acts, &ActMenu::done, this,
        [this](const QString &act, const QString &id, const QJsonObject &result) {
            if (act == QLatin1String("job.launch") && id == m_target && isVisible())
                m_context.openJob(result.value(QLatin1String("id")).toString());
        });
    if (const auto status = context.feed->status(target))
        refresh(*status);
    preview();
}

ActRequest LaunchPage::request() const
{
    ActRequest request;
    request.target = m_target;
    request.parameters = specToJson(m_form->spec());
    return request;
}

QList<QWidget *> LaunchPage::headerActions()
{
    auto *launch = new QPushButton(tr("Launch on %1").arg(m_context.feed->targetName(m_target)));
    launch->setToolTip(tr("Ctrl+Return"));
    setButtonKind(launch, ButtonKind::Primary);
    connect(launch, &QPushButton::clicked, this, &LaunchPage::launch);
    const auto settle = [this, launch] {
        const auto can = m_context.acts->canAll(QStringLiteral("job.launch"), {request()});
        launch->setEnabled(m_form->valid() && can.ok());
        if (!can.ok())
            launch->setToolTip(can.reason);
    };
    connect(m_form, &LaunchForm::changed, launch, settle);
    settle();
    return {launch};
}

void LaunchPage::launch()
{
    if (m_form->valid())
        m_context.acts->trigger(QStringLiteral("job.launch"), {request()});
}

void LaunchPage::preview()
{
    const JobSpec spec = m_form->spec();
    QString text = m_context.acts->previewAll(QStringLiteral("job.launch"), {request()});
    if (!spec.script.isEmpty())
        text += QStringLiteral("\n\n") + QString::fromUtf8(spec.script);
    m_preview->setPlainText(text);
    m_note->setText(tr("It runs detached under the agent on the node: closing this window, losing "
                       "the link or killing the agent do not touch it."));
}

void LaunchPage::refresh(const TargetStatus &status)
{
    m_form->setGpus(status.gpus);
    Q_EMIT headerActionsChanged();
}

void LaunchPage::showEvent(QShowEvent *event)
{
    TargetPage::showEvent(event);
    if (const auto draft = takeLaunchDraft(m_target))
        m_form->setSpec(*draft);
}

extern const TargetTab launchTab;
const TargetTab launchTab{"launch", QT_TRANSLATE_NOOP("pages", "Launch"),
    [](const PageContext &context, const QString &target) -> TargetPage * {
        return new LaunchPage(context, target);
    }};

} // namespace pilothouse
