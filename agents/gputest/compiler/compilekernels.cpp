// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// Build tool: compiles a CUDA source through NVRTC. No GPU, driver or CUDA Toolkit is needed.
//   compilekernels LIBNVRTC SOURCE TARGET OUT     TARGET: compute_70 gives PTX, sm_80 a cubin
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <dlfcn.h>

namespace {

// From nvrtc.h: the types and calls have not changed since CUDA 11.1.
using Program = struct nvrtcProgram *;
using Code = int (*)(Program, std::size_t *);
using Text = int (*)(Program, char *);

template <typename Function> Function call(void *library, const char *name)
{
    auto function = reinterpret_cast<Function>(dlsym(library, name));
    if (!function)
        std::fprintf(stderr, "compilekernels: this NVRTC lacks %s\n", name);
    return function;
}

std::string text(void *library, const char *sizeName, const char *textName, Program program)
{
    const auto size = call<Code>(library, sizeName);
    const auto get = call<Text>(library, textName);
    std::size_t length = 0;
    if (!size || !get || size(program, &length) != 0)
        return {};
    std::string all(length, '\0');
    return get(program, all.data()) == 0 ? all : std::string();
}

/// NVRTC 13 looks for its headers' library by name only: it finds what is loaded already.
void loadBuiltins(const std::filesystem::path &library)
{
    std::error_code error;
    for (const auto &item : std::filesystem::directory_iterator(library.parent_path(), error)) {
        if (item.path().filename().string().starts_with("libnvrtc-builtins.so"))
            dlopen(item.path().c_str(), RTLD_NOW | RTLD_GLOBAL);
    }
}

} // namespace

int main(int count, char **arguments)
{
    if (count != 5) {
        std::fprintf(stderr, "usage: compilekernels LIBNVRTC SOURCE TARGET OUT\n");
        return 2;
    }
    const std::string path = arguments[2], target = arguments[3];
    loadBuiltins(arguments[1]);
    void *library = dlopen(arguments[1], RTLD_NOW);
    if (!library) {
        std::fprintf(stderr, "compilekernels: %s\n", dlerror());
        return 1;
    }
    std::ifstream file(path);
    const std::string source((std::istreambuf_iterator<char>(file)), {});
    const auto create = call<int (*)(Program *, const char *, const char *, int,
        const char *const *, const char *const *)>(library, "nvrtcCreateProgram");
    const auto compile
        = call<int (*)(Program, int, const char *const *)>(library, "nvrtcCompileProgram");
    Program program = nullptr;
    if (source.empty() || !create || !compile
        || create(&program, source.c_str(), path.c_str(), 0, nullptr, nullptr) != 0) {
        std::fprintf(stderr, "compilekernels: %s cannot be compiled\n", path.c_str());
        return 1;
    }
    const std::string architecture = "--gpu-architecture=" + target;
    const std::string include = "--include-path=" + path.substr(0, path.find_last_of('/'));
    const std::vector<const char *> options{
        architecture.c_str(), include.c_str(), "--std=c++17", "--define-macro=GPUTEST_NVRTC"};
    const int result = compile(program, static_cast<int>(options.size()), options.data());
    const std::string log = text(library, "nvrtcGetProgramLogSize", "nvrtcGetProgramLog", program);
    if (log.size() > 1)
        std::fprintf(stderr, "%s", log.c_str());
    if (result != 0)
        return 1;
    std::string code;
    if (target.starts_with("sm_")) {
        code = text(library, "nvrtcGetCUBINSize", "nvrtcGetCUBIN", program);
    } else {
        code = text(library, "nvrtcGetPTXSize", "nvrtcGetPTX", program);
        // The driver wants its end; NVRTC counts it, later versions do not.
        if (!code.empty() && code.back() != '\0')
            code += '\0';
    }
    std::ofstream out(arguments[4], std::ios::binary);
    out.write(code.data(), static_cast<std::streamsize>(code.size()));
    out.flush();
    if (code.empty() || !out) {
        std::fprintf(stderr, "compilekernels: nothing was written to %s\n", arguments[4]);
        return 1;
    }
    return 0;
}
