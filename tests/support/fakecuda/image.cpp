// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fakecuda/image.h"

#include <cstdlib>
#include <cstring>

#include <elf.h>

namespace fakecuda {

static Image readElf(const unsigned char *bytes)
{
    Image image;
    Elf64_Ehdr header;
    std::memcpy(&header, bytes, sizeof header);
    constexpr unsigned cudaMachine = 190;
    if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_machine != cudaMachine
        || header.e_shentsize != sizeof(Elf64_Shdr) || header.e_shstrndx >= header.e_shnum)
        return image;
    const auto section = [&](unsigned index) {
        Elf64_Shdr found;
        std::memcpy(&found, bytes + header.e_shoff + index * sizeof found, sizeof found);
        return found;
    };
    const char *names
        = reinterpret_cast<const char *>(bytes) + section(header.e_shstrndx).sh_offset;
    for (unsigned i = 0; i < header.e_shnum; ++i) {
        const Elf64_Shdr one = section(i);
        const std::string name = names + one.sh_name;
        if (one.sh_type == SHT_PROGBITS && one.sh_size > 0 && name.starts_with(".text."))
            image.kernels.insert(name.substr(6));
    }
    image.cubin = true;
    // The architecture is the lowest byte up to CUDA 12 and the second one from ABI 8 (CUDA 13) on.
    image.architecture = header.e_ident[EI_ABIVERSION] >= 8 ? int(header.e_flags >> 8 & 0xff)
                                                            : int(header.e_flags & 0xff);
    return image;
}

static Image readPtx(const std::string &text)
{
    Image image;
    const auto target = text.find("\n.target sm_");
    if (text.find("\n.version ") == std::string::npos || target == std::string::npos)
        return image;
    static const std::string entry = ".visible .entry ";
    for (auto at = text.find(entry); at != std::string::npos; at = text.find(entry, at + 1)) {
        const auto begin = at + entry.size();
        image.kernels.insert(text.substr(begin, text.find('(', begin) - begin));
    }
    image.architecture = std::atoi(text.c_str() + target + 12);
    return image;
}

Image readImage(const void *bytes)
{
    if (std::memcmp(bytes, ELFMAG, SELFMAG) == 0)
        return readElf(static_cast<const unsigned char *>(bytes));
    return readPtx(static_cast<const char *>(bytes));
}

} // namespace fakecuda
