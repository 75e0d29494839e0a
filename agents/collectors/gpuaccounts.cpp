// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/collectors/gpuaccounts.h"

#include "agents/collectors/descriptor.h"
#include "agents/collectors/kernelfile.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fcntl.h>
#include <sstream>

namespace pilothouse::agent {

static constexpr int64_t saveEveryNs = 60'000'000'000;
static constexpr const char *firstLine = "pilothouse-gpu-accounts 1";

namespace {

struct Part {
    double busy = 0; ///< of all its processes on the device
    bool known = true;
    double share = 0;
};

/// Who has how much of a device.
std::map<GpuOwner, Part> partsOf(const GpuHolding &holding, const GpuAccounts::OwnerOf &ownerOf)
{
    std::map<GpuOwner, Part> parts;
    double busy = 0;
    bool known = true;
    for (const auto &holder : holding.holders) {
        auto &part = parts[ownerOf(holder.pid)];
        part.known = part.known && holder.busy >= 0;
        part.busy += std::max(0.0, holder.busy);
        known = known && holder.busy >= 0;
        busy += std::max(0.0, holder.busy);
    }
    for (auto &[owner, part] : parts) {
        part.share = known && busy > 0 ? part.busy / busy : 1.0 / double(parts.size());
        // Processes take turns: together they keep it busy once at most.
        part.busy = busy > 1 ? part.busy / busy : part.busy;
    }
    return parts;
}

void add(double &sum, double amount)
{
    sum = std::max(sum, 0.0) + amount;
}

} // namespace

GpuAccounts::GpuAccounts(std::filesystem::path file)
    : m_file(std::move(file))
{
    if (!m_file.empty())
        load();
}

GpuAccounts::~GpuAccounts()
{
    save();
}

void GpuAccounts::take(const std::vector<GpuHolding> &holdings, int64_t boottimeNs, int64_t wallNs,
    const OwnerOf &ownerOf)
{
    for (const auto &holding : holdings) {
        auto &before = m_before[holding.device];
        const int64_t passed = boottimeNs - before.boottimeNs;
        const bool follows = before.boottimeNs != 0 && passed > 0 && passed <= longestNs;
        double joules = -1;
        if (holding.joules >= 0 && before.joules >= 0 && holding.joules >= before.joules)
            joules = holding.joules - before.joules;
        else if (holding.joules < 0 && holding.watts >= 0)
            joules = holding.watts * double(passed) / 1e9;
        before = {holding.joules, boottimeNs};
        if (!follows || holding.holders.empty())
            continue;
        const auto parts = partsOf(holding, ownerOf);
        const std::lock_guard lock(m_mutex);
        for (const auto &[owner, part] : parts) {
            const auto [place, isNew] = m_accounts.try_emplace(owner);
            GpuAccount &account = place->second;
            if (isNew)
                account.sinceNs = wallNs - passed;
            account.job = owner.job;
            account.cgroup = owner.cgroup;
            account.user = owner.user;
            account.lastNs = wallNs;
            account.gpuSeconds += part.share * double(passed) / 1e9;
            if (part.known)
                add(account.busySeconds, part.busy * double(passed) / 1e9);
            if (joules >= 0)
                add(account.energyJoules, part.share * joules);
        }
    }
    const std::lock_guard lock(m_mutex);
    if (boottimeNs - m_savedNs >= saveEveryNs || m_accounts.size() > mostOwners) {
        forgetOld(wallNs);
        save();
        m_savedNs = boottimeNs;
    }
}

void GpuAccounts::forgetOld(int64_t wallNs)
{
    std::erase_if(m_accounts, [wallNs](const auto &one) {
        return wallNs - one.second.lastNs > (one.first.job.empty() ? keptNs : keptJobsNs);
    });
    while (m_accounts.size() > mostOwners) {
        m_accounts.erase(std::min_element(m_accounts.begin(), m_accounts.end(),
            [](const auto &a, const auto &b) { return a.second.lastNs < b.second.lastNs; }));
    }
}

std::vector<GpuAccount> GpuAccounts::accounts(const std::string &job, int64_t wallNs) const
{
    const std::lock_guard lock(m_mutex);
    std::vector<GpuAccount> found;
    for (const auto &[owner, account] : m_accounts) {
        if (job.empty() ? wallNs - account.lastNs <= keptNs : owner.job == job)
            found.push_back(account);
    }
    return found;
}

/// Numbers, then job, user and group, none of which holds a tab: they are made printable before.
void GpuAccounts::save() const
{
    if (m_file.empty())
        return;
    std::string text = std::string(firstLine) + '\n';
    for (const auto &[owner, account] : m_accounts) {
        char numbers[160];
        std::snprintf(numbers, sizeof numbers, "%.17g\t%.17g\t%.17g\t%lld\t%lld\t",
            account.gpuSeconds, account.busySeconds, account.energyJoules,
            static_cast<long long>(account.sinceNs), static_cast<long long>(account.lastNs));
        text += numbers + owner.job + '\t' + owner.user + '\t' + owner.cgroup + '\n';
    }
    const auto temporary = m_file.string() + ".new";
    const Descriptor out(
        ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    // Best effort: on a full disk what is there stays.
    if (out && ::write(out.get(), text.data(), text.size()) == ssize_t(text.size()))
        ::rename(temporary.c_str(), m_file.c_str());
    else
        ::unlink(temporary.c_str());
}

void GpuAccounts::load()
{
    std::istringstream in(readOnce(m_file));
    std::string line;
    if (!std::getline(in, line) || line != firstLine)
        return;
    while (std::getline(in, line) && m_accounts.size() < mostOwners) {
        std::istringstream fields(line);
        GpuAccount account;
        fields >> account.gpuSeconds >> account.busySeconds >> account.energyJoules
            >> account.sinceNs >> account.lastNs;
        if (!fields || fields.get() != '\t' || !std::isfinite(account.gpuSeconds)
            || account.gpuSeconds < 0 || !std::isfinite(account.busySeconds)
            || !std::isfinite(account.energyJoules))
            continue;
        std::getline(fields, account.job, '\t');
        std::getline(fields, account.user, '\t');
        std::getline(fields, account.cgroup, '\t');
        m_accounts[{account.job, account.cgroup, account.user}] = account;
    }
}

} // namespace pilothouse::agent
