// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/specvalues.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace pilothouse {

static QString tr(const char *text)
{
    return QCoreApplication::translate("jobs", text);
}

static auto wrong(const QString &message)
{
    return fail({ErrorKind::BadInput, QStringLiteral("spec"), message, {}, {}});
}

/// Texts that no program, file or protocol can carry: NUL, and halves of UTF-16 pairs.
static bool carriable(const QString &text)
{
    return text.isValidUtf16() && !text.contains(QChar::Null);
}

static Result<> checkTexts(const JobSpec &spec)
{
    const std::initializer_list<std::pair<const char *, QString>> texts{
        {QT_TRANSLATE_NOOP("jobs", "The name"), spec.name},
        {QT_TRANSLATE_NOOP("jobs", "The interpreter"), spec.interpreter},
        {QT_TRANSLATE_NOOP("jobs", "The folder"), spec.folder},
        {QT_TRANSLATE_NOOP("jobs", "The image"), spec.image},
        {QT_TRANSLATE_NOOP("jobs", "The GPU type"), spec.gpuType},
        {QT_TRANSLATE_NOOP("jobs", "The folder to resume from"), spec.checkpoints},
        {QT_TRANSLATE_NOOP("jobs", "The account"), spec.account},
        {QT_TRANSLATE_NOOP("jobs", "The queue"), spec.queue},
        {QT_TRANSLATE_NOOP("jobs", "The QOS"), spec.qos}};
    for (const auto &[what, text] : texts) {
        if (!carriable(text))
            return wrong(tr("%1 holds a NUL or half a character.").arg(tr(what)));
    }
    for (const auto &word : spec.argv) {
        if (!carriable(word))
            return wrong(tr("An argument holds a NUL or half a character."));
    }
    for (auto it = spec.environment.begin(); it != spec.environment.end(); ++it) {
        if (it.key().isEmpty() || it.key().contains(QLatin1Char('=')) || !carriable(it.key())
            || !carriable(it.value()))
            return wrong(tr("“%1” is no variable that a program can have.").arg(it.key().left(64)));
    }
    return {};
}

static Result<> checkSecrets(const JobSpec &spec)
{
    static const QRegularExpression name(QStringLiteral("\\A[A-Za-z_][A-Za-z0-9_]*\\z"));
    QStringList seen;
    for (const auto &secret : spec.secrets) {
        if (!name.match(secret.variable).hasMatch())
            return wrong(tr("“%1” is no name for a secret's variable: letters, digits and “_”.")
                             .arg(secret.variable.left(64)));
        if (seen.contains(secret.variable) || spec.environment.contains(secret.variable))
            return wrong(tr("%1 is set twice.").arg(secret.variable));
        seen << secret.variable;
        const bool byFile = !secret.file.isEmpty();
        const bool byName = !secret.secret.isEmpty() && !secret.key.isEmpty();
        if (byFile == byName || !carriable(secret.file) || !carriable(secret.secret)
            || !carriable(secret.key))
            return wrong(
                tr("The secret %1 needs a file, or a secret's name and key.").arg(secret.variable));
    }
    return {};
}

static Result<> checkCounts(const JobSpec &spec)
{
    const auto within
        = [](int value, int least, int most) { return value >= least && value <= most; };
    if (!within(spec.nodes, 1, mostNodesOfJob))
        return wrong(tr("The number of nodes is from 1 to %1.").arg(mostNodesOfJob));
    if (!within(spec.tasksPerNode, 1, 100'000))
        return wrong(tr("The number of tasks on a node is from 1 to 100000."));
    if (!within(spec.cpusPerTask, 0, 100'000) || !within(spec.gpus, 0, 100'000)
        || !within(spec.retries, 0, 100'000) || spec.timeLimitSeconds < 0)
        return wrong(tr("CPUs, GPUs, retries and time are not below 0."));
    if (!spec.array.isEmpty() && !arrayFromText(spec.array))
        return wrong(tr("“%1” is no array; one is “0-99%4”.").arg(spec.array.left(64)));
    return {};
}

Result<> checkSpec(const JobSpec &spec)
{
    if (spec.argv.isEmpty() && spec.script.isEmpty())
        return wrong(tr("The job has neither a command nor a script."));
    if (!spec.argv.isEmpty() && !spec.script.isEmpty())
        return wrong(tr("The job has a command and a script: one of them is too much."));
    if (!spec.argv.isEmpty() && spec.argv.first().isEmpty())
        return wrong(tr("The command's first word is empty."));
    if (const auto texts = checkTexts(spec); !texts)
        return texts;
    if (const auto secrets = checkSecrets(spec); !secrets)
        return secrets;
    return checkCounts(spec);
}

} // namespace pilothouse
