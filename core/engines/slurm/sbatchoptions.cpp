// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/slurm/sbatchoptions.h"

namespace pilothouse {

using Value = SbatchOption::Value;

static constexpr SbatchOption options[] = {{"account", 'A', Value::Required},
    {"acctg-freq", 0, Value::Required}, {"array", 'a', Value::Required},
    {"batch", 0, Value::Required}, {"bb", 0, Value::Required}, {"bbf", 0, Value::Required},
    {"begin", 'b', Value::Required}, {"chdir", 'D', Value::Required},
    {"cluster-constraint", 0, Value::Required}, {"clusters", 'M', Value::Required},
    {"comment", 0, Value::Required}, {"constraint", 'C', Value::Required},
    {"consolidate-segments", 0, Value::None}, {"container", 0, Value::Required},
    {"container-id", 0, Value::Required}, {"contiguous", 0, Value::None},
    {"core-spec", 'S', Value::Required}, {"cores-per-socket", 0, Value::Required},
    {"cpu-freq", 0, Value::Required}, {"cpus-per-gpu", 0, Value::Required},
    {"cpus-per-task", 'c', Value::Required}, {"deadline", 0, Value::Required},
    {"delay-boot", 0, Value::Required}, {"dependency", 'd', Value::Required},
    {"distribution", 'm', Value::Required}, {"error", 'e', Value::Required},
    {"exclude", 'x', Value::Required}, {"exclusive", 0, Value::Optional},
    {"export", 0, Value::Required}, {"export-file", 0, Value::Required},
    {"extra", 0, Value::Required}, {"extra-node-info", 'B', Value::Required},
    {"get-user-env", 0, Value::Optional}, {"gid", 0, Value::Required},
    {"gpu-bind", 0, Value::Required}, {"gpu-freq", 0, Value::Required},
    {"gpus", 'G', Value::Required}, {"gpus-per-node", 0, Value::Required},
    {"gpus-per-socket", 0, Value::Required}, {"gpus-per-task", 0, Value::Required},
    {"gres", 0, Value::Required}, {"gres-flags", 0, Value::Required}, {"help", 'h', Value::None},
    {"hint", 0, Value::Required}, {"hold", 'H', Value::None}, {"ignore-pbs", 0, Value::None},
    {"input", 'i', Value::Required}, {"job-name", 'J', Value::Required},
    {"kill-on-invalid-dep", 0, Value::Required}, {"licenses", 'L', Value::Required},
    {"mail-type", 0, Value::Required}, {"mail-user", 0, Value::Required},
    {"mcs-label", 0, Value::Required}, {"mem", 0, Value::Required},
    {"mem-bind", 0, Value::Required}, {"mem-per-cpu", 0, Value::Required},
    {"mem-per-gpu", 0, Value::Required}, {"mincpus", 0, Value::Required},
    {"network", 0, Value::Required}, {"nice", 0, Value::Optional},
    {"no-kill", 'k', Value::Optional}, {"no-requeue", 0, Value::None},
    {"nodefile", 'F', Value::Required}, {"nodelist", 'w', Value::Required},
    {"nodes", 'N', Value::Required}, {"ntasks", 'n', Value::Required},
    {"ntasks-per-core", 0, Value::Required}, {"ntasks-per-gpu", 0, Value::Required},
    {"ntasks-per-node", 0, Value::Required}, {"ntasks-per-socket", 0, Value::Required},
    {"oom-kill-step", 0, Value::Optional}, {"open-mode", 0, Value::Required},
    {"output", 'o', Value::Required}, {"overcommit", 'O', Value::None},
    {"oversubscribe", 's', Value::None}, {"parsable", 0, Value::None},
    {"partition", 'p', Value::Required}, {"power", 0, Value::Required},
    {"prefer", 0, Value::Required}, {"priority", 0, Value::Required},
    {"profile", 0, Value::Required}, {"propagate", 0, Value::Optional},
    {"qos", 'q', Value::Required}, {"quiet", 'Q', Value::None}, {"reboot", 0, Value::None},
    {"requeue", 0, Value::None}, {"reservation", 0, Value::Required},
    {"resv-ports", 0, Value::Optional}, {"segment", 0, Value::Required},
    {"signal", 0, Value::Required}, {"sockets-per-node", 0, Value::Required},
    {"spread-job", 0, Value::None}, {"stepmgr", 0, Value::None}, {"switches", 0, Value::Required},
    {"test-only", 0, Value::None}, {"thread-spec", 0, Value::Required},
    {"threads-per-core", 0, Value::Required}, {"time", 't', Value::Required},
    {"time-min", 0, Value::Required}, {"tmp", 0, Value::Required},
    {"tres-bind", 0, Value::Required}, {"tres-per-task", 0, Value::Required},
    {"uid", 0, Value::Required}, {"usage", 0, Value::None}, {"use-min-nodes", 0, Value::None},
    {"verbose", 'v', Value::None}, {"version", 'V', Value::None}, {"wait", 'W', Value::None},
    {"wait-all-nodes", 0, Value::Required}, {"wckey", 0, Value::Required},
    {"wrap", 0, Value::Required}};

const SbatchOption *sbatchOption(const QString &name)
{
    const SbatchOption *begins = nullptr;
    int count = 0;
    for (const auto &option : options) {
        if (name == QLatin1String(option.name))
            return &option;
        if (QLatin1String(option.name).startsWith(name)) {
            begins = &option;
            ++count;
        }
    }
    return !name.isEmpty() && count == 1 ? begins : nullptr;
}

const SbatchOption *sbatchOption(char letter)
{
    for (const auto &option : options) {
        if (option.letter == letter && letter != 0)
            return &option;
    }
    return nullptr;
}

} // namespace pilothouse
