// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/logs/ansitext.h"
#include "core/logs/logbuffer.h"

#include <cstdlib>

/// Whatever a job prints: no control byte is left, spans stay inside, the buffer keeps every byte.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    using namespace pilothouse;
    const QByteArray bytes(reinterpret_cast<const char *>(data), qsizetype(size));
    LogBuffer log;
    for (qsizetype at = 0; at < bytes.size(); at += 7)
        log.append(quint64(at), bytes.mid(at, 7));
    QByteArray joined;
    for (qsizetype i = 0; i < log.lineCount(); ++i) {
        joined += log.rawLine(i) + (i + 1 < log.lineCount() ? "\n" : "");
        const auto line = log.line(i);
        for (const QChar c : line.text) {
            if (c.unicode() < 0x20 || (c.unicode() >= 0x7F && c.unicode() < 0xA0))
                std::abort();
        }
        for (const auto &span : line.spans) {
            if (span.start < 0 || span.length <= 0 || span.start + span.length > line.text.size())
                std::abort();
        }
    }
    if (joined != bytes)
        std::abort();
    return 0;
}
