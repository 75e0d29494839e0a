// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/desk.h"
#include "app/ctl/output.h"
#include "app/ctl/verbs/verbs.h"
#include "core/base/units.h"

#include <QDir>

namespace pilothouse::ctl {

namespace {

/// "ALIAS:path", or a path here when there is no colon in front of the first slash.
struct Place {
    QString alias, path;
};

Place placeOf(const QString &text)
{
    const auto colon = text.indexOf(QLatin1Char(':'));
    const auto slash = text.indexOf(QLatin1Char('/'));
    if (colon <= 0 || (slash >= 0 && slash < colon))
        return {QString(), text};
    return {text.left(colon), text.mid(colon + 1)};
}

} // namespace

static Task<int> runCp(Desk &desk, Invocation invocation)
{
    auto *all = &desk;
    const Place from = placeOf(invocation.words[0]), to = placeOf(invocation.words[1]);
    if (from.alias.isEmpty() == to.alias.isEmpty()) {
        const Error error{ErrorKind::BadInput, QStringLiteral("usage"),
            tr("One of the two must be on a target: ALIAS:path."), {}, {}};
        co_return failed(*all, error);
    }
    const bool upload = from.alias.isEmpty();
    const auto target = all->target(upload ? to.alias : from.alias);
    if (!target)
        co_return failed(*all, target.error());
    auto connecting = all->connectToAgent(*target);
    const auto link = co_await std::move(connecting);
    if (!link)
        co_return failed(*all, link.error());
    // A path without a slash in front is below the home folder, as with scp.
    QString remote = upload ? to.path : from.path;
    if (remote.isEmpty())
        remote = QStringLiteral("~/");
    else if (!remote.startsWith(QLatin1Char('/')) && !remote.startsWith(QLatin1Char('~')))
        remote.prepend(QLatin1String("~/"));
    ActRequest request;
    request.target = target->id;
    request.parameters.insert(
        QStringLiteral("local"), QDir::current().filePath(upload ? from.path : to.path));
    request.parameters.insert(QStringLiteral("remote"), remote);
    const QString act = upload ? QStringLiteral("file.upload") : QStringLiteral("file.download");
    auto copying = all->run(act, request);
    const auto result = co_await std::move(copying);
    if (!result)
        co_return failed(*all, result.error());
    if (all->json())
        printJson("copy", *result);
    else
        printNote(tr("%1, %2").arg(result->value(QLatin1String("path")).toString(),
            formatBytes(result->value(QLatin1String("bytes")).toDouble(), false)));
    co_return 0;
}

const Verb cpVerb{"cp", "SRC DST",
    QT_TRANSLATE_NOOP("ctl", "copy a file to or from a target; resumes what was cut off"),
    "cp model.pt lab:checkpoints/", 2, 2, false, {}, &runCp};

} // namespace pilothouse::ctl
