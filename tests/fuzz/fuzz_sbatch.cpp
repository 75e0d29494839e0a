// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/slurm/sbatchspec.h"

#include <cstdlib>

/// Whatever a script holds: places stay inside, importing and editing nothing changes nothing, a
/// value that was set is read back, and lines that were added go again without a trace.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    using namespace pilothouse;
    const QByteArray bytes(reinterpret_cast<const char *>(data), qsizetype(size));
    const SbatchScript original(bytes);
    for (const auto &directive : original.directives()) {
        if (directive.begin < 0 || directive.end > bytes.size() || directive.begin > directive.end
            || directive.valueBegin > directive.end)
            std::abort();
    }
    SbatchScript same(bytes);
    editSbatch(same, importSbatch(bytes), {});
    if (same.text() != bytes)
        std::abort();
    const QString value = QStringLiteral("a \"b\" \\ 'c' #d");
    for (const auto *name : {"job-name", "time", "gres"}) {
        const QString option = QString::fromLatin1(name);
        SbatchScript script(bytes);
        const bool had = script.has(option);
        if (!script.set(option, value))
            continue;
        if (script.value(option) != value)
            std::abort();
        if (!had && (!script.remove(option) || !script.text().startsWith(bytes.left(1))))
            std::abort();
    }
    return 0;
}
