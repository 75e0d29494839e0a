// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/shellwords.h"
#include "core/engines/docker/dockerrun.h"
#include "core/jobs/specvalues.h"

#include <QCoreApplication>

#include <optional>

namespace pilothouse {

static QString tr(const char *text)
{
    return QCoreApplication::translate("docker", text);
}

static auto unsupported(const QString &message)
{
    return fail({ErrorKind::Unsupported, QStringLiteral("docker"), message, {}, {}});
}

/// The fields of one line of CSV.
static QStringList csvFields(const QString &text)
{
    QStringList fields{QString()};
    bool quoted = false;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const bool twice = quoted && text.mid(i, 2) == QLatin1String("\"\"");
        if (twice)
            fields.last() += text[i++];
        else if (text[i] == QLatin1Char('"'))
            quoted = !quoted;
        else if (text[i] == QLatin1Char(',') && !quoted)
            fields << QString();
        else
            fields.last() += text[i];
    }
    return fields;
}

namespace {

/// Docker counts binary whatever the unit is called: "64g" are GiB.
std::optional<quint64> dockerBytes(QString text)
{
    text = text.toUpper();
    if (text.endsWith(QLatin1Char('B')))
        text.chop(1);
    if (!text.isEmpty() && text.back().isLetter())
        text += QLatin1Char('i');
    return memoryFromText(text);
}

bool takeGpus(DockerRun &run, const QString &value)
{
    const auto fields = csvFields(value);
    if (fields.size() == 1 && fields[0].startsWith(QLatin1String("device="))) {
        run.gpuUuids = fields[0].mid(7).split(QLatin1Char(','));
        return true;
    }
    bool good = fields.size() == 1;
    run.gpus = value == QLatin1String("all") ? -1 : value.toInt(&good);
    return good || value == QLatin1String("all");
}

bool takeMount(DockerRun &run, const QString &value)
{
    DockerRun::Mount mount{{}, {}, false};
    const auto fields = csvFields(value);
    for (const auto &field : fields) {
        const QString key = field.section(QLatin1Char('='), 0, 0);
        const QString rest = field.mid(key.size() + 1);
        if (key == QLatin1String("source") || key == QLatin1String("src"))
            mount.source = rest;
        else if (key == QLatin1String("target") || key == QLatin1String("dst"))
            mount.target = rest;
        else if (key == QLatin1String("readonly") || key == QLatin1String("ro"))
            mount.readOnly = true;
        else if (field != QLatin1String("type=bind"))
            return false;
    }
    run.mounts << mount;
    return true;
}

bool takePair(QMap<QString, QString> &to, const QString &value)
{
    const auto equals = value.indexOf(QLatin1Char('='));
    if (equals < 1)
        return false; // a variable of whoever calls docker
    to.insert(value.left(equals), value.mid(equals + 1));
    return true;
}

bool takeMemory(DockerRun &run, const QString &value)
{
    run.memoryBytes = dockerBytes(value).value_or(0);
    return run.memoryBytes != 0;
}

bool takeRestart(DockerRun &run, const QString &value)
{
    bool good = false;
    run.retries = value.section(QLatin1Char(':'), 1).toInt(&good);
    return good && value.startsWith(QLatin1String("on-failure:"));
}

/// Takes one option; false when its value cannot be said here, nothing when it is unknown.
std::optional<bool> takeOption(
    DockerRun &run, QString &entrypoint, const QString &flag, const QString &value)
{
    const auto is = [&](const char *name) { return flag == QLatin1String(name); };
    bool good = true;
    if (is("--name"))
        run.name = value;
    else if (is("--label") || is("-l"))
        return takePair(run.labels, value);
    else if (is("--env") || is("-e"))
        return takePair(run.environment, value);
    else if (is("--gpus"))
        return takeGpus(run, value);
    else if (is("--mount"))
        return takeMount(run, value);
    else if (is("--workdir") || is("-w"))
        run.folder = value;
    else if (is("--ipc"))
        run.ipc = value;
    else if (is("--entrypoint"))
        entrypoint = value;
    else if (is("--cpus"))
        run.cpus = value.toDouble(&good);
    else if (is("--memory") || is("-m"))
        return takeMemory(run, value);
    else if (is("--restart"))
        return takeRestart(run, value);
    else
        return std::nullopt;
    return good;
}

} // namespace

Result<DockerRun> parseDockerRun(const QString &line)
{
    const auto split = splitLikeShell(line.trimmed());
    if (!split)
        return unsupported(
            tr("Only a shell can run this line; a single “docker run” is expected."));
    const auto &words = *split;
    if (words.size() < 3 || words[0] != QLatin1String("docker") || words[1] != QLatin1String("run"))
        return unsupported(tr("The line does not begin with “docker run”."));
    DockerRun run;
    QString entrypoint;
    qsizetype i = 2;
    for (; i < words.size() && words[i].startsWith(QLatin1Char('-')); ++i) {
        if (words[i] == QLatin1String("--detach") || words[i] == QLatin1String("-d"))
            continue;
        if (words[i] == QLatin1String("--init")) {
            run.init = true;
            continue;
        }
        const auto equals
            = words[i].startsWith(QLatin1String("--")) ? words[i].indexOf(QLatin1Char('=')) : -1;
        const QString flag = equals > 0 ? words[i].left(equals) : words[i];
        const QString value = equals > 0 ? words[i].mid(equals + 1) : words.value(i + 1);
        const auto taken = takeOption(run, entrypoint, flag, value);
        if (!taken)
            return unsupported(
                tr("%1 is an option of docker that cannot be sent from here.").arg(flag.left(64)));
        if (!*taken)
            return unsupported(tr("%1 %2 cannot be sent from here.").arg(flag, value.left(64)));
        i += equals > 0 ? 0 : 1;
    }
    if (i >= words.size())
        return unsupported(tr("The line names no image."));
    run.image = words[i];
    run.command = words.mid(i + 1);
    if (!entrypoint.isEmpty())
        run.command.prepend(entrypoint);
    else if (!run.command.isEmpty())
        return unsupported(tr("The program is the image's own: name it by --entrypoint."));
    return run;
}

} // namespace pilothouse
