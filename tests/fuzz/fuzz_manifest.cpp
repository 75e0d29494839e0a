// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/kubernetes/render.h"
#include "core/yaml/yamlread.h"

#include <cstdlib>

using namespace pilothouse;

// A manifest as a user imports it, then the form is changed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray text(reinterpret_cast<const char *>(data), qsizetype(size));
    const auto read = importKubernetes(text);
    if (!read)
        return 0;
    auto after = read->spec;
    after.image += QStringLiteral(":x'\n");
    after.gpus = 3;
    after.memoryBytes = 0;
    after.environment.insert(QStringLiteral("NEW"), QStringLiteral("# $(x)"));
    const auto edited = editKubernetes(text, read->spec, after);
    if (edited && edited->notes.isEmpty()) {
        const auto again = readKubernetes(edited->text);
        if (!again || again->spec.image != after.image || again->spec.gpus != 3)
            std::abort();
    }
    const auto sent = renderKubernetes(read->spec, QStringLiteral("01jdq4s6z8x9k2m3n4p5q6r7st"));
    if (sent && !readYaml(sent->text))
        std::abort();
    return 0;
}
