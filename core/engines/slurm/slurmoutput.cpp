// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/slurm/slurmoutput.h"

#include "core/engines/slurm/sbatchscript.h"

namespace pilothouse {

QString slurmStdOut(const QByteArray &text)
{
    // Comment and Command come first and are the user's, so the last such line is Slurm's.
    static const QByteArray begins("\n   StdOut=");
    const qsizetype at = text.lastIndexOf(begins);
    if (at < 0)
        return {};
    const qsizetype from = at + begins.size();
    return QString::fromUtf8(text.mid(from, text.indexOf('\n', from) - from));
}

static QString filled(QChar letter, const Job &job, const QString &nativeId, bool &known)
{
    const QString array = nativeId.section(u'_', 0, 0);
    const QString task = nativeId.contains(u'_') ? nativeId.section(u'_', 1) : QString();
    known = true;
    switch (letter.unicode()) {
    case u'j':
    case u'A':
        return array;
    case u'a':
        return task.isEmpty() ? QStringLiteral("4294967294") : task;
    case u'x':
        return job.spec.name;
    case u'u':
        return job.user;
    case u'%':
        return QStringLiteral("%");
    default:
        known = false;
        return {};
    }
}

QString slurmOutputPath(const Job &job, const QString &nativeId)
{
    const SbatchScript script(job.spec.texts.value(QStringLiteral("slurm"), job.spec.script));
    const QString standard = nativeId.contains(u'_') ? QStringLiteral("slurm-%A_%a.out")
                                                     : QStringLiteral("slurm-%j.out");
    const QString pattern = script.value(QStringLiteral("output")).value_or(standard);
    QString path;
    for (qsizetype i = 0; i < pattern.size(); ++i) {
        if (pattern[i] != u'%' || i + 1 == pattern.size()) {
            path += pattern[i];
            continue;
        }
        qsizetype letter = i + 1;
        while (letter + 1 < pattern.size() && pattern[letter].isDigit())
            ++letter;
        bool known = false;
        const QString value = filled(pattern[letter], job, nativeId, known);
        const int width = pattern.mid(i + 1, letter - i - 1).toInt();
        path += known ? value.rightJustified(std::min(width, 10), u'0')
                      : pattern.mid(i, letter - i + 1);
        i = letter;
    }
    if (path.startsWith(u'/'))
        return path;
    const QString folder
        = script.value(QStringLiteral("chdir"))
              .value_or(job.spec.folder.isEmpty() ? QStringLiteral("~") : job.spec.folder);
    return folder + u'/' + path;
}

QString slurmOutputId(const Job &job)
{
    if (job.nativeId.contains(u'_'))
        return job.nativeId;
    for (const auto &task : job.tasks) {
        if (task.startedAt > 0 && task.count == 1)
            return task.nativeId;
    }
    return job.nativeId;
}

} // namespace pilothouse
