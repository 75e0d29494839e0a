// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/sim/sockets.h"

#include "agents/agent/unixsocket.h"
#include "agents/sim/model/hardware.h"
#include "agents/wire/magic.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

namespace pilothouse::sim {

using agent::Fd;

NodeSockets::NodeSockets(
    std::filesystem::path folder, std::size_t nodes, std::function<void(std::size_t, int)> accepted)
    : m_folder(std::move(folder))
    , m_accepted(std::move(accepted))
    , m_epoll(::epoll_create1(EPOLL_CLOEXEC))
    , m_listening(nodes)
    , m_nextClient(nodes)
{
}

NodeSockets::~NodeSockets()
{
    for (std::size_t node = 0; node < m_listening.size(); ++node)
        setOpen(node, false);
}

std::filesystem::path NodeSockets::pathOf(const std::filesystem::path &folder, std::size_t node)
{
    return folder / (nodeName(node) + ".sock");
}

void NodeSockets::watch(int fd, uint32_t events, uint64_t what)
{
    epoll_event event{};
    event.events = events;
    event.data.u64 = what;
    ::epoll_ctl(m_epoll.number(), EPOLL_CTL_ADD, fd, &event);
}

std::string NodeSockets::openOne(std::size_t node)
{
    const auto path = pathOf(m_folder, node);
    // Under its name only when it listens: who sees the file may connect.
    auto made = path;
    made += ".new";
    m_listening[node] = agent::listenUnix(made);
    if (!m_listening[node] || ::rename(made.c_str(), path.c_str()) != 0)
        return "The socket " + path.string() + " cannot be made: " + std::strerror(errno) + '.';
    watch(m_listening[node].number(), EPOLLIN, node);
    return {};
}

std::string NodeSockets::openAll()
{
    for (std::size_t node = 0; node < m_listening.size(); ++node) {
        if (const auto problem = openOne(node); !problem.empty())
            return problem;
    }
    return {};
}

void NodeSockets::setOpen(std::size_t node, bool open)
{
    if (open == bool(m_listening[node]))
        return;
    if (open) {
        openOne(node); // tried again with the next tick if it fails
        return;
    }
    ::unlink(pathOf(m_folder, node).c_str());
    m_listening[node].reset();
    std::erase_if(m_clients, [node](auto &entry) {
        if (entry.second.node != node)
            return false;
        ::shutdown(entry.second.copy.number(), SHUT_RDWR);
        return true;
    });
}

void NodeSockets::accept(std::size_t node)
{
    Fd client(
        ::accept4(m_listening[node].number(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!client || agent::peerUser(client.number()) != long(::getuid()))
        return;
    const auto sent = ::send(client.number(), wire::magic.data(), wire::magic.size(), MSG_NOSIGNAL);
    if (sent != ssize_t(wire::magic.size()))
        return;
    Fd copy(::fcntl(client.number(), F_DUPFD_CLOEXEC, 0));
    watch(copy.number(), EPOLLRDHUP, m_nextClient);
    m_clients.emplace(m_nextClient++, Client{std::move(copy), node});
    m_accepted(node, client.release());
}

void NodeSockets::poll()
{
    epoll_event events[64];
    int count = 0;
    do {
        count = ::epoll_wait(m_epoll.number(), events, 64, 0);
        for (int i = 0; i < count; ++i) {
            const uint64_t what = events[i].data.u64;
            if (what >= m_listening.size())
                m_clients.erase(what);
            else if (m_listening[what])
                accept(what);
        }
    } while (count == 64);
}

std::size_t raiseFileLimit()
{
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    ::getrlimit(RLIMIT_NOFILE, &limit);
    return std::size_t(limit.rlim_cur);
}

} // namespace pilothouse::sim
