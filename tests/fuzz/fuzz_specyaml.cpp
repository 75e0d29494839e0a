// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/shellwords.h"
#include "core/jobs/specvalues.h"
#include "core/jobs/specyaml.h"

#include <cstdlib>

using namespace pilothouse;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray text(reinterpret_cast<const char *>(data), qsizetype(size));
    const auto spec = specFromYaml(text);
    if (spec) {
        const auto written = specToYaml(*spec);
        const auto again = specFromYaml(written);
        // Escapes make it longer: what fits once may not fit again.
        if (again ? *again != *spec : written.size() < (1 << 20))
            std::abort();
        static_cast<void>(checkSpec(*spec));
    } else if (spec.error().message.isEmpty() || spec.error().kind != ErrorKind::BadInput) {
        std::abort();
    }
    const auto words = splitLikeShell(QString::fromUtf8(text));
    if (words && !words->isEmpty() && splitLikeShell(quotedLine(*words)) != words)
        std::abort();
    return 0;
}
