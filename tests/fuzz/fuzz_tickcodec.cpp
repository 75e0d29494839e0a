// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// What decodes must encode and decode to the same ticks again.
#include "agents/wire/tickcodec.h"

#include <cstdlib>

using namespace pilothouse::wire;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, std::size_t size)
{
    std::string_view in(reinterpret_cast<const char *>(data), size);
    TickDecoder decoder, again;
    TickEncoder encoder;
    for (int ticks = 0; ticks < 64; ++ticks) {
        const auto tick = decoder.decode(in);
        if (!tick)
            break;
        std::string bytes;
        encoder.encode(*tick, bytes);
        std::string_view rest = bytes;
        if (again.decode(rest) != tick || !rest.empty())
            std::abort();
    }
    return 0;
}
