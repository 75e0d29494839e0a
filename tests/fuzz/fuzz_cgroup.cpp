// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attribution/cgroup.h"

#include <cstdint>
#include <cstdlib>

using namespace pilothouse;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const auto path = QString::fromUtf8(reinterpret_cast<const char *>(data), qsizetype(size));
    const auto owner = cgroupOwner(path);
    const auto text = cgroupOwnerText(owner);
    using Kind = CgroupOwner::Kind;
    const bool whole = owner.kind == Kind::SlurmStep ? !owner.job.isEmpty()
        : owner.kind == Kind::Pod                    ? !owner.pod.isEmpty()
        : owner.kind == Kind::Container              ? !owner.container.isEmpty()
        : owner.kind == Kind::Service                ? !owner.unit.isEmpty()
                                                     : text.isEmpty();
    if (!whole || text.size() > 600 || !(cgroupOwner(path) == owner))
        std::abort();
    return 0;
}
