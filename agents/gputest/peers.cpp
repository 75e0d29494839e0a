// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/gputest/steps.h"

#include <algorithm>

namespace gputest {

namespace {

/// Whether `from` may write into `to`'s memory over NVLink or PCIe, made so.
bool openWay(Gpu &from, const Gpu &to)
{
    int can = 0;
    if (cuda.canAccessPeer(&can, from.device, to.device) != 0 || !can)
        return false;
    from.use();
    const CuResult result = cuda.enablePeer(to.context, 0);
    return result == 0 || result == CudaPeerAccessAlreadyEnabled;
}

void testPair(Gpu &from, Gpu &to, Report &report, double seconds)
{
    const std::size_t bytes = std::min<std::size_t>(
        std::min(from.memoryBytes, to.memoryBytes) / 8, std::size_t(256) << 20);
    const bool direct = openWay(from, to);
    openWay(to, from);
    to.use();
    const Buffer target(to, bytes);
    from.use();
    const Buffer source(from, bytes);
    Json entry{{"from", from.uuid}, {"to", to.uuid}, {"direct", direct}};
    if (!source || !target) {
        entry["trouble"] = "there is not enough free memory";
        report.append("/peers", entry);
        return;
    }
    const double each = from.timedEach(seconds, [&] {
        from.check(cuda.copyPeer(target.address(), to.context, source.address(), from.context,
                       bytes, nullptr),
            "cuMemcpyPeerAsync");
    });
    if (each > 0)
        entry["bytes_per_second"] = double(bytes) / each;
    report.append("/peers", entry);
}

} // namespace

void testPeers(const std::vector<std::unique_ptr<Gpu>> &gpus, Report &report, double secondsForAll)
{
    if (gpus.size() < 2)
        return;
    const double each = std::min(0.5, secondsForAll / double(gpus.size() * (gpus.size() - 1)));
    for (const auto &from : gpus) {
        for (const auto &to : gpus) {
            if (from != to && !from->failed() && !to->failed())
                testPair(*from, *to, report, each);
        }
    }
}

} // namespace gputest
