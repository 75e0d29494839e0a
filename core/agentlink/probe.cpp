// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/agentlink/deploy.h"

#include <QCoreApplication>

namespace pilothouse {

// One round trip, no change on the host: what is written to look is taken away again. The marker
// tells what a login shell printed by itself from what we asked for.
static const QByteArray script = R"sh(
echo PILOTHOUSE-PROBE
echo "os=$(uname -s)"
echo "kernel=$(uname -r)"
echo "arch=$(uname -m)"
echo "clock=$(date +%s 2>/dev/null)"
echo "shell=${SHELL:-}"
echo "home=$HOME"
data=${XDG_DATA_HOME:-$HOME/.local/share}
echo "data=$data"
folder=$data/pilothouse/agent
existing=$folder
while [ ! -d "$existing" ] && [ "$existing" != / ]; do existing=$(dirname "$existing"); done
if [ -n "$read_only" ]; then
    echo untried=1
    [ -w "$existing" ] && echo writable=1
fi
umask 077
trial=$existing/.pilothouse-probe.$$
trap 'rm -f "$trial" 2>/dev/null' 0
trap 'exit 1' 1 2 13 15
if [ -z "$read_only" ] && (printf '#!/bin/sh\necho ran\n' >"$trial") 2>/dev/null; then
    echo writable=1
    chmod 700 "$trial" 2>/dev/null
    [ "$("$trial" 2>/dev/null)" = ran ] && echo executable=1
fi
df -Pk "$existing" 2>/dev/null | tail -n 1 | (read -r _ _ _ free _ && echo "free_kib=$free")
for one in "$folder"/*/pilothouse-agent; do
    [ -x "$one" ] && echo "installed=$(basename "$(dirname "$one")")"
done
for version in "$@"; do
    one=$folder/$version/pilothouse-agent
    [ -x "$one" ] || continue
    sum=$(sha256sum "$one" 2>/dev/null)
    echo "present=$version ${sum%% *}"
done
exit 0
)sh";

Result<HostProbe> parseProbe(const QByteArray &text)
{
    static const QByteArray marker("PILOTHOUSE-PROBE\n");
    const auto at = text.indexOf(marker);
    if (at < 0)
        return fail({ErrorKind::BadReply, QStringLiteral("platform"),
            QCoreApplication::translate("agentlink", "The host did not run /bin/sh as expected."),
            QString::fromUtf8(text.left(500)).trimmed(),
            QCoreApplication::translate("agentlink",
                "Try “ssh HOST /bin/sh -c true” by hand: a restricted shell cannot be used.")});
    HostProbe probe;
    const QByteArray noise = text.left(at).trimmed();
    probe.shellQuiet = noise.isEmpty();
    probe.shellNoise = QString::fromUtf8(noise.split('\n').value(0).left(200)).trimmed();
    const auto lines = text.mid(at + marker.size()).split('\n');
    for (const auto &line : lines) {
        const auto equals = line.indexOf('=');
        const QByteArray key = line.left(equals);
        const QString value = QString::fromUtf8(line.mid(equals + 1));
        if (equals < 0)
            continue;
        if (key == "os")
            probe.os = value;
        else if (key == "kernel")
            probe.kernel = value;
        else if (key == "arch")
            probe.arch = value;
        else if (key == "shell")
            probe.shell = value;
        else if (key == "home")
            probe.home = value;
        else if (key == "data")
            probe.dataHome = value;
        else if (key == "clock")
            probe.clockSeconds = value.toLongLong();
        else if (key == "writable")
            probe.writable = true;
        else if (key == "executable")
            probe.executable = true;
        else if (key == "untried")
            probe.untried = true;
        else if (key == "free_kib" && !value.isEmpty())
            probe.freeBytes = value.toLongLong() * 1024;
        else if (key == "installed")
            probe.installedVersions << value;
        else if (key == "present")
            probe.present.insert(
                value.section(QLatin1Char(' '), 0, 0), value.section(QLatin1Char(' '), 1, 1));
    }
    return probe;
}

void chooseAgent(HostProbe &probe, const std::optional<AgentBinary> &binary)
{
    const auto found = binary ? probe.present.constFind(binary->version) : probe.present.constEnd();
    if (found != probe.present.constEnd()) {
        probe.agentDamaged = !found->isEmpty() && *found != binary->sha256;
        if (!probe.agentDamaged)
            probe.agentPath = installedAgentPath(probe, binary->version);
    }
    if (probe.os != QLatin1String("Linux"))
        probe.trouble = QCoreApplication::translate(
            "agentlink", "The agent runs on Linux; this host runs %1.")
                            .arg(probe.os);
    else if (!probe.agentPath.isEmpty() && (probe.executable || probe.untried))
        probe.trouble.clear();
    else if (!probe.writable && probe.freeBytes >= 0 && probe.freeBytes < 4096)
        probe.trouble = QCoreApplication::translate(
            "agentlink", "No space is left in %1, so the agent cannot be put there.")
                            .arg(probe.dataHome);
    else if (!probe.writable)
        probe.trouble = QCoreApplication::translate(
            "agentlink", "%1 cannot be written, so the agent cannot be put there.")
                            .arg(probe.dataHome);
    else if (!probe.executable && !probe.untried)
        probe.trouble = QCoreApplication::translate("agentlink",
            "Programs cannot be run from %1 (mounted noexec), so the agent cannot run there.")
                            .arg(probe.dataHome);
}

Task<Result<HostProbe>> probeHost(
    Context context, std::shared_ptr<Transport> transport, bool readOnly)
{
    // The architecture is not known yet, so every bundled agent is looked for.
    QStringList arguments{QStringLiteral("-s"), QStringLiteral("--")};
    for (const char *arch : {"x86_64", "aarch64"}) {
        if (const auto binary = agentBinaryFor(QString::fromLatin1(arch)))
            arguments << binary->version;
    }
    const QByteArray mode = readOnly ? "read_only=1\n" : "read_only=\n";
    const Command command(QStringLiteral("/bin/sh"), arguments, mode + script);
    const auto output = co_await transport->run(context.within(std::chrono::seconds(20)), command);
    const auto text = printed(output, QStringLiteral("platform"));
    if (!text)
        co_return fail(text.error());
    auto probe = parseProbe(*text);
    if (probe)
        chooseAgent(*probe, agentBinaryFor(probe->arch));
    co_return probe;
}

} // namespace pilothouse
