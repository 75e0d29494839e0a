// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// Usage of mounted file systems. Only local kinds are asked: statvfs() of a dead NFS server hangs.
#include "agents/collectors/collector.h"
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
constexpr std::string_view networkKinds[] = {"nfs", "nfs4", "cifs", "smb3", "lustre", "gpfs",
    "beegfs", "ceph", "glusterfs", "9p", "afs", "wekafs", "virtiofs", "pvfs2", "panfs"};

template <typename List> bool isOneOf(const List &list, std::string_view kind)
{
    return std::find(std::begin(list), std::end(list), kind) != std::end(list);
}

/// Mount paths have blanks, tabs, newlines and backslashes as octal escapes.
std::string unescaped(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto octal = [&](std::size_t at) {
            return at < text.size() && text[at] >= '0' && text[at] <= '7';
        };
        if (text[i] == '\\' && octal(i + 1) && octal(i + 2) && octal(i + 3)) {
            out += char((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
            i += 3;
        } else {
            out += text[i];
        }
    }
    return out;
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
            if (isOneOf(networkKinds, kind) || kind.starts_with("fuse")) {
                reading.registry.unsupported("filesystem_free_bytes", unescaped(path),
                    "a " + std::string(kind) + " file system is not asked: it could hang");
                continue;
            }
            // Bind mounts repeat a device; container mounts come by the hundred.
            const bool device = source.starts_with('/');
            if (!isOneOf(localKinds, kind) || (device && isOneOf(seen, source))
                || (!device && kind == "overlay" && path != "/") || isPrivate(path))
                continue;
            if (device)
                seen.push_back(source);
            readOne(reading.registry, unescaped(path));
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
