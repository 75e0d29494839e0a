// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/slurm/slurmaccounting.h"
#include "core/engines/slurm/slurmjob.h"
#include "core/engines/slurm/slurmjson.h"
#include "core/engines/slurm/slurmpools.h"
#include "core/engines/slurm/slurmtext.h"

#include <cstdlib>

/// Whatever Slurm's programs print, as JSON or as text: an answer or an error, and jobs that make
/// sense.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    using namespace pilothouse;
    const QByteArray bytes(reinterpret_cast<const char *>(data), qsizetype(size));
    SlurmTextFormat format;
    format.mark = "\x1eMARK\x1e";
    const auto check = [](const Result<QList<SlurmRecord>> &records) {
        if (!records)
            return;
        for (const Job &job : slurmJobs(*records, QStringLiteral("t"), 1)) {
            if (job.id.isEmpty() || job.spec.nodes < 1 || job.spec.timeLimitSeconds < 0)
                std::abort();
        }
    };
    check(slurmJsonJobs(bytes));
    check(slurmAccountingRecords(bytes, format.mark));
    check(format.records(bytes, false));
    check(format.records(bytes, true));
    slurmJsonParser(bytes);
    if (const auto nodes = slurmJsonNodes(bytes))
        slurmPools(*nodes);
    if (const auto nodes = slurmNodes(bytes))
        slurmQueues(*nodes, {slurmPairs(bytes)});
    return 0;
}
