// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/templates.h"

#include <QCoreApplication>

namespace pilothouse {

QList<JobTemplate> jobTemplates()
{
    const auto tr = [](const char *text) { return QCoreApplication::translate("jobs", text); };
    JobTemplate selfTest{QStringLiteral("selftest"), tr("CPU and memory self-test"), JobSpec()};
    selfTest.spec.name = QStringLiteral("self-test");
    // Jobs find the agent that runs them under this name.
    selfTest.spec.argv
        = QStringList{QStringLiteral("pilothouse-agent"), QStringLiteral("selftest")};

    JobTemplate shell{QStringLiteral("shell"), tr("Shell script"), JobSpec()};
    shell.spec.name = QStringLiteral("script");
    shell.spec.interpreter = QStringLiteral("/bin/sh");
    shell.spec.script = "#!/bin/sh\nset -eu\n\necho \"on $(hostname), $(date)\"\n";

    JobTemplate python{QStringLiteral("python"), tr("Python script"), JobSpec()};
    python.spec.name = QStringLiteral("python");
    python.spec.interpreter = QStringLiteral("python3");
    python.spec.script = "#!/usr/bin/env python3\nimport platform\n\nprint(platform.node(), "
                         "platform.python_version())\n";
    JobTemplate gpuTest{QStringLiteral("gputest"), tr("Check GPUs"), JobSpec()};
    gpuTest.spec.name = QStringLiteral("gpu-test");
    // Launching puts the program beside the agent, which finds it there under this name.
    gpuTest.spec.argv = QStringList{
        QStringLiteral("pilothouse-gputest"), QStringLiteral("--seconds"), QStringLiteral("60")};
    gpuTest.spec.gpus = 1;
    return {selfTest, gpuTest, shell, python};
}

} // namespace pilothouse
