// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/collectors/kernelfile.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace pilothouse::agent {

namespace {
constexpr std::size_t firstSize = 16 * 1024, largestSize = 4 * 1024 * 1024;
}

KernelFile::KernelFile(const std::filesystem::path &root, std::string_view path)
    : m_name(path)
    , m_path((root / path).string())
{
}

KernelFile::KernelFile(KernelFile &&other) noexcept
    : m_name(std::move(other.m_name))
    , m_path(std::move(other.m_path))
    , m_error(std::move(other.m_error))
    , m_fd(std::exchange(other.m_fd, -1))
{
}

KernelFile::~KernelFile()
{
    if (m_fd >= 0)
        ::close(m_fd);
}

std::string_view KernelFile::refuse(const char *reason)
{
    // A device may be gone and come back under the same name: open again next time.
    if (m_fd >= 0)
        ::close(std::exchange(m_fd, -1));
    m_error = m_name + ": " + reason;
    return {};
}

std::string_view KernelFile::read(TextBuffer &buffer)
{
    if (m_fd < 0)
        m_fd = ::open(m_path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (m_fd < 0)
        return refuse(std::strerror(errno));
    if (buffer.empty())
        buffer.resize(firstSize);
    std::size_t size = 0;
    for (;;) {
        if (size == buffer.size()) {
            if (size >= largestSize)
                return refuse("larger than 4 MiB");
            buffer.resize(size * 2);
        }
        // The kernel makes up to a page of text per call, so only a read of nothing is the end.
        const ssize_t got = ::pread(m_fd, buffer.data() + size, buffer.size() - size, off_t(size));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return refuse(std::strerror(errno));
        if (got == 0)
            break;
        size += std::size_t(got);
    }
    if (size == 0)
        return refuse("empty");
    return {buffer.data(), size};
}

std::string readOnce(const std::filesystem::path &path)
{
    TextBuffer buffer;
    KernelFile file(path.parent_path(), path.filename().string());
    return std::string(file.read(buffer));
}

} // namespace pilothouse::agent
