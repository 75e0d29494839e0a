// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later

// Started by ssh with its prompt as argument. Sends token, kind and prompt (each as a 32 bit length
// in host order and bytes) to the socket, and prints the answer: one byte, 0 when there is one,
// then its text. Ends with 1 when the question was declined, as ssh expects.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static bool sendAll(int fd, const char *data, std::size_t size)
{
    while (size > 0) {
        const ssize_t sent = ::send(fd, data, size, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        data += sent;
        size -= std::size_t(sent);
    }
    return true;
}

static bool sendText(int fd, const char *text)
{
    const auto size = std::uint32_t(std::strlen(text));
    return sendAll(fd, reinterpret_cast<const char *>(&size), sizeof size)
        && sendAll(fd, text, size);
}

int main(int argc, char **argv)
{
    const char *path = std::getenv("PILOTHOUSE_ASKPASS_SOCKET");
    const char *token = std::getenv("PILOTHOUSE_ASKPASS_TOKEN");
    const char *kind = std::getenv("SSH_ASKPASS_PROMPT");
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (!path || !token || std::strlen(path) >= sizeof address.sun_path)
        return 1;
    std::strcpy(address.sun_path, path);
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || ::connect(fd, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0)
        return 1;
    if (!sendText(fd, token) || !sendText(fd, kind ? kind : "")
        || !sendText(fd, argc > 1 ? argv[1] : ""))
        return 1;
    std::string answer;
    char buffer[4096];
    ssize_t got = 0;
    while ((got = ::recv(fd, buffer, sizeof buffer, 0)) > 0)
        answer.append(buffer, std::size_t(got));
    if (answer.empty() || answer[0] != '\0')
        return 1;
    answer[0] = ' ';
    answer += '\n';
    const bool written = ::write(STDOUT_FILENO, answer.data() + 1, answer.size() - 1)
        == ssize_t(answer.size() - 1);
    explicit_bzero(answer.data(), answer.size());
    explicit_bzero(buffer, sizeof buffer);
    return written ? 0 : 1;
}
