// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/collectors/kernelline.h"
#include "agents/collectors/printable.h"

#include <cstdint>
#include <cstdlib>

using namespace pilothouse::agent;

static void check(bool good)
{
    if (!good)
        std::abort();
}

static void checkLine(std::string_view text)
{
    const auto line = kernelLineOf(text);
    if (!line)
        return;
    check(!line->kind.empty() && line->line.size() <= KernelLine::longest
        && line->device.size() <= 64);
    check((line->xid != 0) == (line->kind == "xid"));
    check(printable(line->line) == line->line && printable(line->device) == line->device);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char *>(data), size);
    checkLine(text);
    for (const auto &read : {&readKmsg, &readKernelBuffer, &readJournal}) {
        for (const auto &record : read(text)) {
            check(record.us >= 0 && record.text.size() <= size
                && record.text.find('\n') == std::string::npos);
            checkLine(record.text);
        }
    }
    return 0;
}
