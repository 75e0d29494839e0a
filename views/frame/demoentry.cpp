// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/frame/demoentry.h"

#include "core/base/paths.h"
#include "views/common/errorbox.h"
#include "views/feed/targetfeed.h"
#include "views/theme/metrics.h"

#include <QCoreApplication>
#include <QDialog>
#include <QProcess>
#include <QTemporaryFile>
#include <QTimer>
#include <QVBoxLayout>
#include <QWidget>

#include <cerrno>
#include <csignal>

namespace pilothouse {

static QString tr(const char *text)
{
    return QCoreApplication::translate("demo", text);
}

bool canStartDemo(const TargetFeed &feed)
{
    return !feed.simulated() && !paths::bundled(QStringLiteral("pilothouse-sim")).isEmpty();
}

static void showFailure(QWidget *window, const QString &cause)
{
    auto *dialog = new QDialog(window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Demo fleet"));
    auto *box = new ErrorBox;
    box->setError(tr("The demo fleet does not start"),
        {ErrorKind::Internal, QStringLiteral("demo"), tr("Its window has closed at once."), cause,
            tr("Run “pilothouse --demo” in a terminal: it says more there.")});
    auto *column = new QVBoxLayout(dialog);
    column->setContentsMargins(metrics::margin, 16, metrics::margin, 16);
    column->addWidget(box);
    dialog->resize(520, dialog->sizeHint().height());
    dialog->show();
}

/// What it says on its way out is in `said`; after half a minute it has a window.
static void watch(QWidget *window, qint64 pid, QTemporaryFile *said)
{
    auto *timer = new QTimer(window);
    said->setParent(timer);
    timer->setProperty("left", 120);
    QObject::connect(timer, &QTimer::timeout, window, [window, pid, said, timer] {
        const int left = timer->property("left").toInt() - 1;
        const bool gone = ::kill(pid_t(pid), 0) != 0 && errno == ESRCH;
        timer->setProperty("left", left);
        if (!gone && left > 0)
            return;
        constexpr qint64 most = 4000;
        if (gone) {
            const auto cause = QString::fromUtf8(said->read(most)).trimmed();
            if (!cause.isEmpty()) // else a person has closed it
                showFailure(window, cause);
        }
        timer->deleteLater();
    });
    timer->start(250);
}

void startDemo(QWidget *window, const QString &program)
{
    auto *said = new QTemporaryFile(window);
    QProcess process;
    process.setProgram(program.isEmpty() ? QCoreApplication::applicationFilePath() : program);
    process.setArguments({QStringLiteral("--demo")});
    if (said->open())
        process.setStandardErrorFile(said->fileName());
    qint64 pid = 0;
    if (process.startDetached(&pid)) {
        watch(window, pid, said);
        return;
    }
    showFailure(window, process.program() + QStringLiteral(": ") + process.errorString());
    delete said;
}

} // namespace pilothouse
