// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// pilothouse_fleetexporter PORT NODES GPUS SERIES: the nodes of a simulated fleet as exporters, so
// that a scraper gets what the console gets: GET /N is node N's values now, in Prometheus' text
// format. One thread, connections that stay open. Ends with standard input.
#include "agents/sim/model/fleet.h"
#include "agents/wire/tickcodec.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <vector>

using namespace pilothouse;

namespace {

/// A node's page: names are made once, as an exporter's library does.
class Pages {
public:
    explicit Pages(const sim::SimOptions &options)
        : m_fleet(options)
        , m_series(options.nodes)
    {
    }

    std::string page(std::size_t node)
    {
        auto &series = m_series[node];
        if (series.empty()) {
            for (const auto &one : m_fleet.catalogue(node))
                series.push_back(
                    {one.metric + (one.device.empty() ? " " : "{device=\"" + one.device + "\"} "),
                        one.step});
        }
        const std::chrono::duration<double> second = std::chrono::steady_clock::now() - m_start;
        std::string text;
        if (!m_fleet.values(node, second.count(), m_values))
            return text;
        text.reserve(series.size() * 90);
        char number[32];
        for (std::size_t i = 0; i < series.size(); ++i) {
            if (m_values[i] == wire::absent)
                continue;
            std::snprintf(number, sizeof number, "%.10g\n", double(m_values[i]) * series[i].step);
            text += series[i].name;
            text += number;
        }
        return text;
    }

private:
    struct Series {
        std::string name;
        double step;
    };
    sim::SimFleet m_fleet;
    std::vector<std::vector<Series>> m_series;
    std::vector<int64_t> m_values;
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
};

/// Answers all whole requests that are in `in`; false when the connection is over.
bool answer(int fd, std::string &in, Pages &pages, std::size_t nodes)
{
    char buffer[4096];
    const auto got = ::recv(fd, buffer, sizeof buffer, 0);
    if (got <= 0)
        return got < 0 && errno == EAGAIN;
    in.append(buffer, std::size_t(got));
    for (std::size_t end = 0; (end = in.find("\r\n\r\n")) != std::string::npos;) {
        const auto node = std::strtoul(in.c_str() + std::strlen("GET /"), nullptr, 10);
        const auto body = node < nodes ? pages.page(node) : std::string();
        const auto reply = "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\n"
                           "Content-Length: "
            + std::to_string(body.size()) + "\r\n\r\n" + body;
        // 15 KB fit into a socket's buffer.
        if (::send(fd, reply.data(), reply.size(), MSG_NOSIGNAL) != ssize_t(reply.size()))
            return false;
        in.erase(0, end + 4);
    }
    return true;
}

int listenOn(uint16_t port)
{
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const int yes = 1;
    ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool bound = ::bind(listener, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0
        && ::listen(listener, 4096) == 0;
    return bound ? listener : -1;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 5) {
        std::fprintf(stderr, "usage: pilothouse_fleetexporter PORT NODES GPUS SERIES\n");
        return 2;
    }
    sim::SimOptions options;
    options.nodes = std::strtoul(argv[2], nullptr, 10);
    options.gpus = std::strtoul(argv[3], nullptr, 10);
    options.series = std::strtoul(argv[4], nullptr, 10);
    Pages pages(options);
    const int listener = listenOn(uint16_t(std::atoi(argv[1])));
    if (listener < 0) {
        std::perror("listen");
        return 1;
    }
    std::puts("ready");
    std::fflush(stdout);
    std::map<int, std::string> clients;
    std::vector<pollfd> watched;
    while (true) {
        watched.assign({{STDIN_FILENO, POLLIN, 0}, {listener, POLLIN, 0}});
        for (const auto &[fd, in] : clients)
            watched.push_back({fd, POLLIN, 0});
        ::poll(watched.data(), watched.size(), -1);
        if (watched[0].revents != 0)
            return 0;
        for (int fd = 0; (watched[1].revents & POLLIN) != 0
             && (fd = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;)
            clients[fd];
        for (std::size_t i = 2; i < watched.size(); ++i) {
            const int fd = watched[i].fd;
            if (watched[i].revents != 0 && !answer(fd, clients[fd], pages, options.nodes)) {
                ::close(fd);
                clients.erase(fd);
            }
        }
    }
}
