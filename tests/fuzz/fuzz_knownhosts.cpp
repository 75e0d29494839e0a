// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/knownhostsline.h"

#include <cstdint>
#include <cstdlib>

using namespace pilothouse;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray text(reinterpret_cast<const char *>(data), qsizetype(size));
    for (const QByteArray &line : text.split('\n')) {
        const auto entry = parseKnownHostsLine(line);
        if (!entry)
            continue;
        if (entry->names.isEmpty() || entry->key.type.isEmpty() || entry->key.blob.size() <= 4)
            std::abort();
        for (const char *name : {"host", "[host]:2222", "10.0.0.1", ""})
            static_cast<void>(entry->matches(name));
        // What was read and is written again means the same.
        const QByteArray again
            = entry->names + ' ' + entry->key.type.toLatin1() + ' ' + entry->key.blob.toBase64();
        const auto reread = parseKnownHostsLine(again);
        if (!entry->names.startsWith('#') && !entry->names.startsWith('@')
            && (!reread || reread->key != entry->key || reread->names != entry->names))
            std::abort();
        for (const QString &plain : entry->plainNames())
            if (plain.contains(QLatin1Char('*')) || plain.contains(QLatin1Char(',')))
                std::abort();
    }
    return 0;
}
