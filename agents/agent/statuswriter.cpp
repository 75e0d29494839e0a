// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/agent/statuswriter.h"

#include "agents/agent/disk.h"
#include "agents/agent/jobfolder.h"

#include <cerrno>

#include <fcntl.h>

namespace fs = std::filesystem;

namespace pilothouse::agent {

static constexpr std::size_t statusRoom = 4096;
static constexpr std::size_t spareRoom = 64 * 1024; // for file systems that never write in place
static constexpr int places = 3; // running, ended, ended with leftovers

static fs::path placeOf(const fs::path &folder, int number)
{
    return folder / (".end" + std::to_string(number));
}

StatusWriter::StatusWriter(fs::path folder)
    : m_folder(std::move(folder))
{
}

StatusWriter::~StatusWriter()
{
    for (int i = m_nextReserved; i < m_reserved; ++i)
        ::unlink(placeOf(m_folder, i).c_str());
    ::unlink((m_folder / ".reserve").c_str());
}

int StatusWriter::claim(const wire::JobStatus &status)
{
    const fs::path temporary = m_folder / (".claim" + std::to_string(::getpid()));
    if (const int error = writeDurably(temporary, wire::formatJobStatus(status))) {
        ::unlink(temporary.c_str());
        return error;
    }
    // link() is atomic and never replaces, on NFS too.
    const int linked
        = ::link(temporary.c_str(), (m_folder / jobfile::status).c_str()) == 0 ? 0 : errno;
    ::unlink(temporary.c_str());
    return linked ? linked : syncFolder(m_folder);
}

static int fill(const fs::path &path, std::size_t size)
{
    const Fd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!file)
        return errno;
    // Real bytes: not every file system can promise room otherwise.
    if (const int error = writeAll(file.number(), std::string(size, '\n')))
        return error;
    return ::fsync(file.number()) == 0 ? 0 : errno;
}

int StatusWriter::reserve()
{
    for (m_reserved = 0; m_reserved < places; ++m_reserved) {
        if (const int error = fill(placeOf(m_folder, m_reserved), statusRoom)) {
            ::unlink(placeOf(m_folder, m_reserved).c_str());
            return error;
        }
    }
    return fill(m_folder / ".reserve", spareRoom);
}

/// In place, without giving the blocks back first.
static int overwrite(const fs::path &path, const std::string &text)
{
    const Fd file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!file)
        return errno;
    std::string whole = text;
    whole.resize(std::max(text.size(), statusRoom), '\n');
    if (const int error = writeAll(file.number(), whole))
        return error;
    return ::fsync(file.number()) == 0 ? 0 : errno;
}

int StatusWriter::replace(const wire::JobStatus &status)
{
    const std::string text = wire::formatJobStatus(status);
    const fs::path target = m_folder / jobfile::status;
    if (m_nextReserved >= m_reserved)
        return writeDurably(target, text);
    if (status.ended())
        ::unlink((m_folder / ".reserve").c_str());
    const fs::path place = placeOf(m_folder, m_nextReserved);
    if (const int error = overwrite(place, text))
        return error;
    if (::rename(place.c_str(), target.c_str()) != 0)
        return errno;
    ++m_nextReserved;
    return syncFolder(m_folder);
}

} // namespace pilothouse::agent
