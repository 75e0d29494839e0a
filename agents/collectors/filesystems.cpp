// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// Usage of mounted file systems of local kinds; networkmounts.cpp asks the others, which can hang.
#include "agents/collectors/collector.h"
#include "agents/collectors/mountpath.h"
#include "agents/collectors/tables.h"
#include "agents/collectors/textscan.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sys/statvfs.h>

namespace pilothouse::agent {

namespace {

constexpr Field fields[] = {
    {"filesystem_size_bytes", "bytes", MetricKind::Gauge, 4096},
    {"filesystem_free_bytes", "bytes", MetricKind::Gauge, 4096},
    {"filesystem_files", "", MetricKind::Gauge, 1},
    {"filesystem_files_free", "", MetricKind::Gauge, 1},
};

constexpr std::string_view localKinds[] = {"ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs",
    "bcachefs", "jfs", "reiserfs", "vfat", "exfat", "overlay", "tmpfs", "ntfs3"};
template <typename List> bool isOneOf(const List &list, std::string_view kind)
{
    return std::find(std::begin(list), std::end(list), kind) != std::end(list);
}

class FilesystemCollector : public Collector {
public:
    explicit FilesystemCollector(const std::filesystem::path &root)
        : m_root(root)
        , m_mounts(root, "proc/self/mounts")
    {
    }

    std::string read(Reading &reading) override
    {
        TextScan scan(m_mounts.read(reading.buffer));
        if (scan.atEnd())
            return m_mounts.error();
        std::vector<std::string_view> seen;
        m_table.begin();
        for (; !scan.atEnd(); scan.skipLine()) {
            const auto source = scan.word(), path = scan.word(), kind = scan.word();
            if (kind.empty())
                return "proc/self/mounts: a line is cut short";
            // Bind mounts repeat a device; container mounts come by the hundred.
            const bool device = source.starts_with('/');
            if (!isOneOf(localKinds, kind) || (device && isOneOf(seen, source))
                || (!device && kind == "overlay" && path != "/") || isPrivate(path))
                continue;
            if (device)
                seen.push_back(source);
            readOne(reading.registry, mountPath(path));
        }
        return {};
    }

private:
    static bool isPrivate(std::string_view path)
    {
        for (const std::string_view prefix : {"/var/lib/docker", "/var/lib/containers",
                 "/var/lib/kubelet", "/run/user", "/run/credentials", "/run/containerd",
                 "/run/netns", "/sys", "/snap", "/proc", "/dev/"}) {
            if (path.starts_with(prefix) && path != "/dev/shm")
                return true;
        }
        return false;
    }

    void readOne(Registry &registry, const std::string &path)
    {
        struct statvfs usage { };
        if (::statvfs((m_root / path.substr(1)).c_str(), &usage) != 0) {
            registry.unsupported("filesystem_free_bytes", path, std::strerror(errno));
            return;
        }
        if (usage.f_blocks == 0)
            return;
        auto *row = m_table.find(path);
        if (!row)
            row = &m_table.add(registry, path);
        const auto pages = [&](uint64_t blocks) {
            return int64_t(double(blocks) * double(usage.f_frsize) / 4096);
        };
        registry.set(row->series[0], pages(usage.f_blocks));
        registry.set(row->series[1], pages(usage.f_bavail));
        if (usage.f_files == 0) // btrfs and vfat have no fixed number
            return;
        registry.set(row->series[2], int64_t(usage.f_files));
        registry.set(row->series[3], int64_t(usage.f_favail));
    }

    std::filesystem::path m_root;
    KernelFile m_mounts;
    DeviceTable m_table{fields};
};

constexpr const char *metrics[] = {"filesystem_size_bytes", "filesystem_free_bytes"};

} // namespace

extern constinit const CollectorInfo filesystemCollector{
    "filesystems", 30, metrics, &makeCollector<FilesystemCollector>};

} // namespace pilothouse::agent
