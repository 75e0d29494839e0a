// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// Network file systems: whether they answer, and their usage. A child asks, see mountprobe.h.
#include "agents/collectors/collector.h"
#include "agents/collectors/mountpath.h"
#include "agents/collectors/mountprobe.h"
#include "agents/collectors/printable.h"
#include "agents/collectors/tables.h"
#include "agents/collectors/textscan.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <set>

namespace pilothouse::agent {

namespace {

constexpr int roundTicks = 30;
constexpr std::size_t mostMounts = 64; // at a time
constexpr std::size_t mostNames = 128; // ever
constexpr std::size_t mostUsers = 32; // of them, those that any user can mount

constexpr Field fields[] = {
    {"mount_stale", "", MetricKind::State, 1},
    {"filesystem_size_bytes", "bytes", MetricKind::Gauge, 4096},
    {"filesystem_free_bytes", "bytes", MetricKind::Gauge, 4096},
    {"filesystem_files", "", MetricKind::Gauge, 1},
    {"filesystem_files_free", "", MetricKind::Gauge, 1},
};

bool isNetworkKind(std::string_view kind)
{
    static constexpr std::string_view kinds[] = {"nfs", "nfs4", "cifs", "smb3", "lustre", "gpfs",
        "beegfs", "ceph", "glusterfs", "9p", "afs", "wekafs", "virtiofs", "pvfs2", "panfs"};
    return kind.starts_with("fuse.")
        || std::find(std::begin(kinds), std::end(kinds), kind) != std::end(kinds);
}

/// Ourselves with another verb; a test names a program of its own. None for a recording, whose
/// mounts are not here.
std::vector<std::string> probeProgram(const std::filesystem::path &root)
{
    const char *given = std::getenv("PILOTHOUSE_MOUNT_PROBE");
    if (given && *given)
        return {given};
    if (root != "/")
        return {};
    return {"/proc/self/exe", "probe-mounts"};
}

class NetworkMountCollector : public Collector {
public:
    explicit NetworkMountCollector(const std::filesystem::path &root)
        : m_root(root)
        , m_mounts(root, "proc/self/mounts")
        , m_probe(probeProgram(root))
    {
    }

    std::string read(Reading &reading) override
    {
        std::string wrong;
        if (m_probe.canAsk() && m_untilRound-- == 0) {
            m_untilRound = roundTicks - 1;
            wrong = look(reading);
        }
        m_probe.poll(reading.boottimeNs);
        for (const auto &[path, state] : m_probe.states()) {
            const auto mount = m_known.find(path);
            if (mount != m_known.end())
                show(reading.registry, mount->second, state);
        }
        return m_probe.startHangs() ? "the program that asks does not start" : wrong;
    }

private:
    struct Mount {
        std::string shown, source; ///< "/data", "nfs4 storage-01:/export"
        bool users = false; ///< any user can make such a one
        std::string said; ///< the last complaint
    };

    std::string look(Reading &reading)
    {
        TextScan scan(m_mounts.read(reading.buffer));
        if (scan.atEnd())
            return m_mounts.error();
        std::map<std::string, Mount> all; // the last that is mounted at a path is the one seen
        for (; !scan.atEnd(); scan.skipLine()) {
            const auto source = scan.word(), path = scan.word(), kind = scan.word();
            if (!isNetworkKind(kind))
                continue;
            const auto place = mountPath(path);
            const auto real = m_root / place.substr(std::min<std::size_t>(1, place.size()));
            all[real.string()] = {printable(place),
                printable(std::string(kind) + ' ' + mountPath(source).substr(0, 200)),
                kind.starts_with("fuse."), {}};
        }
        std::map<std::string, Mount> wanted;
        for (const bool users : {false, true}) {
            for (const auto &[path, mount] : all) {
                if (mount.users == users && wanted.size() < mostMounts
                    && admit(reading.registry, mount))
                    wanted.emplace(path, mount);
            }
        }
        std::vector<std::string> paths;
        for (auto &[path, mount] : wanted) {
            paths.push_back(path);
            if (const auto known = m_known.find(path); known != m_known.end())
                mount.said = known->second.said;
        }
        for (const auto &[path, mount] : m_known) {
            if (!wanted.contains(path))
                reading.registry.supported("filesystem_free_bytes", mount.shown);
        }
        m_known = std::move(wanted);
        m_probe.ask(paths);
        return {};
    }

    /// Series are never taken back, so only so many names ever get some.
    bool admit(Registry &registry, const Mount &mount)
    {
        if (m_admitted.contains(mount.shown))
            return true;
        if (m_admitted.size() >= mostNames || (mount.users && m_users >= mostUsers)) {
            registry.unsupported("mount_stale", "",
                "more network file systems than are kept count of; the later ones are left out");
            return false;
        }
        m_users += mount.users ? 1 : 0;
        m_admitted.insert(mount.shown);
        return true;
    }

    void show(Registry &registry, Mount &mount, const MountProbe::State &state)
    {
        auto *row = m_table.find(mount.shown);
        if (!row)
            row = &m_table.add(registry, mount.shown);
        registry.set(row->series[0], state.stale ? 1 : 0);
        std::string said;
        if (state.stale)
            said = mount.source + " does not answer";
        else if (state.error != 0)
            said = std::strerror(state.error);
        if (said != mount.said) {
            if (said.empty())
                registry.supported("filesystem_free_bytes", mount.shown);
            else
                registry.unsupported("filesystem_free_bytes", mount.shown, said);
            mount.said = said;
        }
        if (!state.usage || state.usage->blocks == 0)
            return;
        const auto pages = [&](uint64_t blocks) {
            return int64_t(double(blocks) * double(state.usage->blockBytes) / 4096);
        };
        registry.set(row->series[1], pages(state.usage->blocks));
        registry.set(row->series[2], pages(state.usage->freeBlocks));
        if (state.usage->files == 0)
            return;
        registry.set(row->series[3], int64_t(state.usage->files));
        registry.set(row->series[4], int64_t(state.usage->freeFiles));
    }

    std::filesystem::path m_root;
    KernelFile m_mounts;
    MountProbe m_probe;
    std::map<std::string, Mount> m_known; ///< by the path that is asked; mounted now
    std::set<std::string> m_admitted; ///< names that have series
    std::size_t m_users = 0; ///< of them
    DeviceTable m_table{fields};
    int m_untilRound = 0;
};

} // namespace

extern constinit const CollectorInfo networkMountCollector{
    "network-mounts", 1, {}, &makeCollector<NetworkMountCollector>};

} // namespace pilothouse::agent
