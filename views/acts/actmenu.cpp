// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/acts/actmenu.h"

#include "views/acts/typednamedialog.h"
#include "views/theme/icons.h"

#include <QAction>
#include <QClipboard>
#include <QCoroTask>
#include <QGuiApplication>
#include <QMenu>
#include <QPushButton>

namespace pilothouse {

ActMenu::ActMenu(ActPort *port, std::function<QString(const QString &)> targetName, QWidget *window)
    : QObject(window)
    , m_port(port)
    , m_targetName(std::move(targetName))
    , m_window(window)
{
}

Can ActMenu::canAll(const QString &act, const QList<ActRequest> &requests) const
{
    if (requests.isEmpty())
        return Can::refused(tr("Nothing is selected."));
    for (const auto &request : requests) {
        const Can can = m_port->can(act, request);
        if (!can.ok())
            return can;
    }
    return Can::allowed();
}

QString ActMenu::previewAll(const QString &act, const QList<ActRequest> &requests) const
{
    QStringList lines;
    for (const auto &request : requests)
        lines << m_port->preview(act, request);
    lines.removeAll(QString());
    return lines.join(u'\n');
}

void ActMenu::show(const Offered &offered)
{
    const auto info = m_port->find(offered.act);
    const Can can = canAll(offered.act, offered.selection());
    const QString tip = can.ok() ? info->undo : can.reason;
    offered.button->setEnabled(can.ok());
    offered.button->setVisible(can.answer != Can::Answer::Absent);
    offered.button->setToolTip(tip);
    offered.button->setAccessibleDescription(tip);
}

void ActMenu::refresh()
{
    m_offered.removeIf([](const Offered &one) { return one.button.isNull(); });
    for (const auto &one : std::as_const(m_offered))
        show(one);
}

QPushButton *ActMenu::button(const QString &act, ActSelection selection, ButtonKind kind)
{
    const auto info = m_port->find(act);
    if (!info)
        return nullptr;
    auto *button = new QPushButton(info->title);
    setButtonKind(button, kind);
    connect(
        button, &QPushButton::clicked, this, [this, act, selection] { trigger(act, selection()); });
    m_offered.append({button, act, selection});
    show(m_offered.last());
    return button;
}

void ActMenu::fill(QMenu *menu, const QStringList &acts, const QList<ActRequest> &requests)
{
    menu->setToolTipsVisible(true);
    QList<std::pair<QString, QString>> commands;
    for (const auto &act : acts) {
        if (act.isEmpty()) {
            menu->addSeparator();
            continue;
        }
        const auto info = m_port->find(act);
        if (!info)
            continue;
        const Can can = canAll(act, requests);
        if (can.answer == Can::Answer::Absent)
            continue;
        auto *action
            = menu->addAction(info->title, this, [this, act, requests] { trigger(act, requests); });
        action->setShortcut(info->shortcut);
        action->setShortcutContext(Qt::WidgetShortcut); // shown here, heard by the window
        action->setEnabled(can.ok());
        action->setToolTip(can.ok() ? info->undo : can.reason);
        const QString preview = previewAll(act, requests);
        if (!preview.isEmpty())
            commands.append({info->title, preview});
    }
    if (commands.isEmpty())
        return;
    menu->addSeparator();
    auto *copy
        = menu->addMenu(icon(QStringLiteral("copy"), Token::Text3), tr("Copy the command of"));
    copy->setToolTipsVisible(true);
    for (const auto &[title, preview] : std::as_const(commands)) {
        auto *action = copy->addAction(
            title, this, [text = preview] { QGuiApplication::clipboard()->setText(text); });
        action->setToolTip(preview);
    }
}

void ActMenu::trigger(const QString &act, const QList<ActRequest> &requests)
{
    if (!canAll(act, requests).ok())
        return;
    QHash<QString, QList<ActRequest>> guarded; // by target: its name is typed once
    for (const auto &request : requests) {
        if (m_port->needsTypedName(act, request))
            guarded[request.target] << request;
        else
            start(act, request);
    }
    for (const auto &some : std::as_const(guarded))
        askName(act, some);
}

void ActMenu::askName(const QString &act, const QList<ActRequest> &requests)
{
    QStringList subjects;
    for (const auto &request : requests) {
        if (!request.subject.isEmpty())
            subjects << request.subject;
    }
    auto *dialog = new TypedNameDialog(*m_port->find(act), m_targetName(requests.first().target),
        subjects.join(QStringLiteral(", ")), previewAll(act, requests), m_window);
    connect(dialog, &QDialog::accepted, this, [this, act, requests, dialog] {
        for (ActRequest request : requests) {
            request.typedName = dialog->typedName();
            start(act, request);
        }
    });
    dialog->open();
}

void ActMenu::start(const QString &act, const ActRequest &request)
{
    const QString target = request.target;
    Q_EMIT starting(act, request);
    QCoro::connect(m_port->run(Context(), act, request), this,
        [this, act, target](Result<QJsonObject> result) {
            refresh();
            if (result)
                Q_EMIT done(act, target, *result);
            else
                Q_EMIT failed(act, target, result.error());
        });
    refresh();
}

} // namespace pilothouse
