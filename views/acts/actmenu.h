// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/acts/actport.h"
#include "views/theme/style.h"

#include <QPointer>

class QMenu;
class QPushButton;
class QWidget;

namespace pilothouse {

/// What is acted on now; one request per selected thing.
using ActSelection = std::function<QList<ActRequest>()>;

/// Turns acts into menu entries, buttons and shortcuts, all enabled, explained and run the same
/// way. Owned by the window.
class ActMenu : public QObject {
    Q_OBJECT

public:
    /// `targetName` turns a target id into its name, which typed confirmations ask for.
    ActMenu(ActPort *port, std::function<QString(const QString &)> targetName, QWidget *window);

    ActPort *port() const { return m_port; }

    /// A menu made anew each time it opens, with the commands of its acts to copy at its end; an
    /// empty id is a separator.
    void fill(QMenu *menu, const QStringList &acts, const QList<ActRequest> &requests);
    /// Null when the act does not exist.
    QPushButton *button(
        const QString &act, ActSelection selection, ButtonKind kind = ButtonKind::Normal);
    void refresh(); ///< of the buttons: call it when a selection changes

    /// Asks for a typed name when one is needed, then runs for each request.
    void trigger(const QString &act, const QList<ActRequest> &requests);

    /// Allowed only when every request is; a sentence why not otherwise.
    Can canAll(const QString &act, const QList<ActRequest> &requests) const;
    QString previewAll(const QString &act, const QList<ActRequest> &requests) const;

Q_SIGNALS:
    /// It is about to be run: the moment to remember how things stood, for an undo.
    void starting(const QString &act, const pilothouse::ActRequest &request);
    void failed(const QString &act, const QString &target, const pilothouse::Error &error);
    void done(const QString &act, const QString &target, const QJsonObject &result);

private:
    struct Offered {
        QPointer<QPushButton> button;
        QString act;
        ActSelection selection;
    };
    void show(const Offered &offered);
    void start(const QString &act, const ActRequest &request);
    void askName(const QString &act, const QList<ActRequest> &requests); ///< all of one target

    ActPort *m_port;
    std::function<QString(const QString &)> m_targetName;
    QPointer<QWidget> m_window;
    QList<Offered> m_offered;
};

} // namespace pilothouse
