// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/collectors/amdcard.h"
#include "agents/collectors/processes.h"
#include "agents/collectors/runner.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>

#include <unistd.h>

using namespace pilothouse::agent;
namespace fs = std::filesystem;

static void check(bool good)
{
    if (!good)
        std::abort();
}

/// A copy of the recorded /proc and /sys.
struct RecordedTree {
    fs::path root;
    std::vector<fs::path> files; // in order of their names

    RecordedTree()
    {
        std::string name = fs::temp_directory_path() / "pilothouse-fuzz-XXXXXX";
        check(::mkdtemp(name.data()) != nullptr);
        root = name;
        for (const char *fixture : {"proc-6.18", "sysfs-amdgpu"})
            fs::copy(fs::path(PILOTHOUSE_SOURCE) / "tests/fixtures" / fixture, root,
                fs::copy_options::recursive);
        for (const auto &entry : fs::recursive_directory_iterator(root)) {
            if (entry.is_regular_file())
                files.push_back(entry.path());
        }
        std::sort(files.begin(), files.end());
    }
    ~RecordedTree() { fs::remove_all(root); }
};

static std::string textOf(const fs::path &file)
{
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

static void write(const fs::path &file, std::string_view text)
{
    std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
}

/// All but the one that starts a child process and the one that starts a thread for each card.
static const std::vector<const CollectorInfo *> &plainCollectors()
{
    static const std::vector<const CollectorInfo *> some = [] {
        const auto all = collectors();
        std::vector<const CollectorInfo *> some(all.begin(), all.end());
        std::erase_if(some, [](const CollectorInfo *one) {
            return std::strcmp(one->name, "network-mounts") == 0
                || std::strcmp(one->name, "amd") == 0;
        });
        check(some.size() + 2 == all.size());
        return some;
    }();
    return some;
}

static void readAll(const RecordedTree &tree)
{
    Registry registry{Catalogue()};
    Runner runner(tree.root, registry, plainCollectors());
    for (int second = 1; second <= 2; ++second) {
        runner.sample(second * int64_t(1'000'000'000));
        check(registry.values().size() <= Registry::maxSeries);
        check(registry.catalogue().series.size() == registry.values().size());
    }
    for (const auto &series : registry.catalogue().series)
        check(!series.metric.empty() && series.step > 0);
    for (const auto &process : ProcessLister(tree.root).list(50, {}, {}))
        check(process.pid > 0);
    readAmdCard(tree.root / "sys/class/drm/card0/device");
}

// The first byte chooses the file, the rest is what it holds.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static const RecordedTree tree;
    if (size == 0)
        return 0;
    const auto &file = tree.files[data[0] % tree.files.size()];
    const auto whole = textOf(file);
    write(file, {reinterpret_cast<const char *>(data) + 1, size - 1});
    readAll(tree);
    write(file, whole);
    return 0;
}
