// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/copyline.h"
#include "app/ctl/desk.h"
#include "app/ctl/output.h"
#include "app/ctl/verbs/verbs.h"
#include "core/base/units.h"

#include <QDir>
#include <QJsonArray>

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

static void printCopied(const QJsonObject &copied)
{
    const auto count
        = [&copied](const char *key) { return copied.value(QLatin1String(key)).toInt(); };
    const QString bytes = formatBytes(copied.value(QLatin1String("bytes")).toDouble(), false);
    const QString path = copied.value(QLatin1String("path")).toString();
    if (count("folders") == 0) {
        printNote(tr("%1, %2").arg(path, bytes));
        return;
    }
    printNote(tr("%1: %2 files, %3; %4 unchanged, %5 folders, %6 links")
                  .arg(path)
                  .arg(count("files"))
                  .arg(bytes)
                  .arg(count("unchanged"))
                  .arg(count("folders"))
                  .arg(count("links")));
    const auto left = copied.value(QLatin1String("left_out")).toArray();
    for (const auto &one : left)
        printNote(tr("left out: %1").arg(one.toString()));
}

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
    request.parameters.insert(
        QStringLiteral("recursive"), invocation.has("r") || invocation.has("recursive"));
    auto line = std::make_unique<CopyLine>(*all);
    const QString act = upload ? QStringLiteral("file.upload") : QStringLiteral("file.download");
    auto copying = all->run(act, request);
    const auto result = co_await std::move(copying);
    line.reset();
    if (!result)
        co_return failed(*all, result.error());
    if (all->json())
        printJson("copy", *result);
    else
        printCopied(*result);
    co_return 0;
}

const Verb cpVerb{"cp", "[-r] SRC DST",
    QT_TRANSLATE_NOOP("ctl", "copy to or from a target; go on where it was cut"),
    "cp -r runs lab:scratch/", 2, 2, false,
    {{"r", nullptr,
         QT_TRANSLATE_NOOP("ctl", "copy folders too; links stay links, modes and times are kept")},
        {"recursive", nullptr, QT_TRANSLATE_NOOP("ctl", "the same")}},
    &runCp,
    QT_TRANSLATE_NOOP("ctl",
        "One of the two is ALIAS:PATH; a PATH without a slash in front is below your home there. A "
        "file\n"
        "of the same name is replaced. What was cut goes on where it was cut when it is copied "
        "again.")};

} // namespace pilothouse::ctl
