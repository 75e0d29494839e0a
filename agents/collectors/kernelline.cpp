// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/collectors/kernelline.h"

#include "agents/collectors/printable.h"
#include "agents/collectors/textscan.h"

#include <algorithm>

namespace pilothouse::agent {

namespace {

bool has(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

template <typename... Parts> bool hasAny(std::string_view text, Parts... parts)
{
    return (has(text, parts) || ...);
}

/// True and behind it when the text begins with `front`.
bool takeFront(std::string_view &text, std::string_view front)
{
    if (!text.starts_with(front))
        return false;
    text.remove_prefix(front.size());
    return true;
}

bool isHex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// "0000:1b:00.0", or "0000:1b:00" as NVIDIA's driver writes it; empty when none begins at `at`.
std::string_view pciAddressAt(std::string_view text, std::size_t at)
{
    const std::string_view shape = "0000:00:00.0";
    std::size_t length = 0;
    for (; length < shape.size() && at + length < text.size(); ++length) {
        const char c = text[at + length];
        if (shape[length] == '0' ? !isHex(c) : c != shape[length])
            break;
    }
    if (length < 10)
        return {};
    return text.substr(at, length == shape.size() ? length : 10);
}

/// Of the last one in the text: bridges stand before the device that they tell of.
std::string_view lastPciAddress(std::string_view text)
{
    for (std::size_t colon = text.rfind(':'); colon != std::string_view::npos && colon >= 4;
         colon = text.rfind(':', colon - 1)) {
        if (const auto address = pciAddressAt(text, colon - 4); !address.empty())
            return address;
    }
    return {};
}

/// The word after `before`, up to a blank or one of `ends`.
std::string_view wordAfter(std::string_view text, std::string_view before, std::string_view ends)
{
    const auto at = text.find(before);
    if (at == std::string_view::npos)
        return {};
    text.remove_prefix(at + before.size());
    const auto end = std::find_if(text.begin(), text.end(),
        [&](char c) { return c == ' ' || ends.find(c) != std::string_view::npos; });
    return text.substr(0, std::size_t(end - text.begin()));
}

struct Found {
    std::string_view kind, device;
    uint32_t xid = 0;
};

constexpr const char *addressCharacters = "0123456789abcdefABCDEF:.";

/// "0000:1b:00): 79, pid=..." as its address, which leaves `text` behind the "): "; empty when it
/// does not begin so.
std::string_view takeAddress(std::string_view &text)
{
    const auto end = text.find_first_not_of(addressCharacters);
    if (end == 0 || end > 20 || !text.substr(std::min(end, text.size())).starts_with("): "))
        return {};
    const auto address = text.substr(0, end);
    text.remove_prefix(end + 3);
    return address;
}

// "NVRM: Xid (PCI:0000:1b:00): 79, pid=..., GPU has fallen off the bus."
std::optional<Found> xidOf(std::string_view text)
{
    if (!takeFront(text, "NVRM: Xid (PCI:"))
        return std::nullopt;
    const auto address = takeAddress(text);
    int64_t number = 0;
    if (address.empty() || !TextScan(text).number(number) || number <= 0 || number > 100000)
        return std::nullopt;
    return Found{"xid", pciAddressAt(address, 0), uint32_t(number)};
}

// "nvidia-nvswitch3: SXid (PCI:0000:c1:00.0): 12028, ...", "NVRM: knvlink...: ... failed"
std::optional<Found> nvlinkOf(std::string_view text)
{
    if (takeFront(text, "nvidia-nvswitch")) {
        text.remove_prefix(std::min(text.find_first_not_of("0123456789"), text.size()));
        const bool error = takeFront(text, ": SXid (PCI:");
        const auto address = takeAddress(text);
        return error && !address.empty() ? std::optional(Found{"nvlink", pciAddressAt(address, 0)})
                                         : std::nullopt;
    }
    const bool link = text.starts_with("NVRM: ") && hasAny(text, "nvlink", "NVLink", "NVLINK");
    if (!link || !hasAny(text, "rror", "ail", "atal"))
        return std::nullopt;
    return Found{"nvlink", lastPciAddress(text)};
}

// "pcieport 0000:16:01.0: AER: Corrected error received: 0000:17:00.0", "nvidia 0000:17:00.0: PCIe
// Bus Error: severity=..."
std::optional<Found> pcieOf(std::string_view text)
{
    const auto driver = text.substr(0, text.find_first_of(" :"));
    auto rest = text.substr(driver.size());
    if (!takeFront(rest, ": ")) {
        if (!takeFront(rest, " "))
            return std::nullopt;
        const auto length = std::min(rest.find_first_not_of(addressCharacters), rest.size());
        if (length < 10 || rest[length - 1] != ':')
            return std::nullopt;
        rest.remove_prefix(length);
        takeFront(rest, " ");
    }
    // "pciehp 0000:16:01.0:pcie004: Slot(4): Link Down" is of an older kernel.
    const bool port = driver == "pciehp" || rest.starts_with("AER: ")
        || rest.starts_with("PCIe Bus Error") || rest.starts_with("pciehp");
    if (driver.empty() || !port || !hasAny(rest, "rror", "Link Down")
        || rest.starts_with("AER: enabled"))
        return std::nullopt;
    return Found{"pcie", lastPciAddress(text)};
}

bool isInterface(std::string_view name)
{
    return !name.empty() && name.size() <= 15 && !has(name, ":") && !has(name, "_")
        && std::all_of(name.begin(), name.end(),
            [](char c) { return c > ' ' && c < 0x7f && c != '/' && c != '(' && c != ','; })
        && std::any_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "mlx5_core 0000:18:00.0 ib0: Port module event: error: ...", "NETDEV WATCHDOG: eth0 (ice): ..."
std::optional<Found> nicOf(std::string_view text)
{
    if (text.starts_with("NETDEV WATCHDOG: "))
        return Found{"nic", wordAfter(text, "NETDEV WATCHDOG: ", ":(")};
    static constexpr std::string_view drivers[]
        = {"mlx5_core", "mlx4_core", "mlx4_en", "mlx5_ib", "bnxt_en", "ice", "i40e", "ixgbe", "igb",
            "e1000e", "tg3", "r8169", "ena", "irdma", "qede", "hfi1"};
    TextScan scan(text);
    const auto driver = scan.word(':');
    if (std::find(std::begin(drivers), std::end(drivers), driver) == std::end(drivers))
        return std::nullopt;
    if (!hasAny(text, "rror", "ail", "timeout", "timed out", "ink down", "ink is Down",
            "ompromised", "ecovery"))
        return std::nullopt;
    scan.take(':');
    const auto address = scan.word();
    auto name = scan.word(':');
    if (isInterface(name))
        return Found{"nic", name};
    return Found{"nic", pciAddressAt(address, 0)};
}

// "EXT4-fs error (device sda1): ...", "I/O error, dev nvme0n1, sector 0"
std::optional<Found> filesystemOf(std::string_view text)
{
    static constexpr std::string_view systems[]
        = {"EXT4-fs", "EXT3-fs", "EXT2-fs", "XFS (", "BTRFS ", "F2FS-fs", "NILFS ("};
    const bool fs = std::any_of(std::begin(systems), std::end(systems),
        [&](std::string_view name) { return text.starts_with(name); });
    if (fs && hasAny(text, "rror", "orruption", "emount", "hutdown", "hutting down")) {
        auto device = wordAfter(text, "device ", "):");
        if (device.empty())
            device = wordAfter(text, "(", "):");
        return Found{"filesystem", device};
    }
    for (const std::string_view layer :
        {"", "blk_update_request: ", "print_req_error: ", "end_request: ", "Buffer "}) {
        auto rest = text;
        if (takeFront(rest, layer)
            && (rest.starts_with("I/O error, dev ") || rest.starts_with("I/O error on dev ")))
            return Found{"filesystem", wordAfter(rest, "dev ", ",")};
    }
    return std::nullopt;
}

// "nfs: server storage-01 not responding, still trying", "CIFS: VFS: \\nas has not responded"
std::optional<Found> networkFilesystemOf(std::string_view text)
{
    const bool nfs = text.starts_with("nfs: ") || text.starts_with("NFS: ")
        || text.starts_with("lockd: ") || text.starts_with("nfs4: ");
    if (nfs && hasAny(text, "not responding", "timed out", "rror", "tale"))
        return Found{"network-filesystem", wordAfter(text, "server ", ",:")};
    if (text.starts_with("CIFS: ") && hasAny(text, "not responded", "rror", "econnect"))
        return Found{"network-filesystem", wordAfter(text, "\\\\", " ,:")};
    if (text.starts_with("LustreError: ") || (text.starts_with("ceph: ") && has(text, "hung")))
        return Found{"network-filesystem", {}};
    return std::nullopt;
}

// "INFO: task a:1 blocked for more than 120 seconds.", "watchdog: BUG: soft lockup - CPU#3 ...",
// "rcu: INFO: rcu_sched self-detected stall on CPU"
std::optional<Found> hungOf(std::string_view text)
{
    const bool blocked = text.starts_with("INFO: task ")
        && hasAny(text, " blocked for more than ", " blocked in I/O wait for more than ");
    takeFront(text, "NMI ");
    takeFront(text, "watchdog: ");
    takeFront(text, "rcu: ");
    const bool locked = text.starts_with("BUG: soft lockup - CPU#")
        || text.starts_with("Watchdog detected hard LOCKUP on cpu");
    const bool stalled
        = text.starts_with("INFO: rcu_") && hasAny(text, " self-detected stall", " detected stall");
    return blocked || locked || stalled ? std::optional(Found{"hung-task", {}}) : std::nullopt;
}

std::optional<Found> memoryOf(std::string_view text)
{
    const bool killed = text.starts_with("Out of memory: Killed process ")
        || text.starts_with("Out of memory (oom_kill_allocating_task): Killed process ")
        || text.starts_with("Memory cgroup out of memory: Killed process ");
    return killed ? std::optional(Found{"oom", {}}) : std::nullopt;
}

/// "python3[4711]: segfault at ...": what any user's program is called must not be read as ours.
bool beginsWithProcess(std::string_view text)
{
    constexpr std::size_t longestName = 15;
    for (auto open = text.find('['); open <= longestName; open = text.find('[', open + 1)) {
        const auto end = std::min(text.find_first_not_of("0123456789", open + 1), text.size());
        if (end > open + 1 && text.substr(end).starts_with(']'))
            return true;
    }
    return false;
}

} // namespace

std::optional<KernelLine> kernelLineOf(std::string_view text)
{
    if (beginsWithProcess(text))
        return std::nullopt;
    for (const auto &look : {&xidOf, &nvlinkOf, &pcieOf, &nicOf, &hungOf, &memoryOf,
             &networkFilesystemOf, &filesystemOf}) {
        const auto found = look(text);
        if (!found)
            continue;
        KernelLine line;
        line.kind = found->kind;
        line.device = printable(std::string(found->device.substr(0, 64)));
        line.xid = found->xid;
        line.line = printable(std::string(text.substr(0, KernelLine::longest)));
        return line;
    }
    return std::nullopt;
}

} // namespace pilothouse::agent
