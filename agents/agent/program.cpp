// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/agent/program.h"

#include "agents/agent/disk.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>

extern char **environ;

namespace pilothouse::agent {

static bool belongsToSession(std::string_view name)
{
    for (const std::string_view prefix : {"SSH_", "XDG_SESSION_", "PILOTHOUSE_AGENT_", "SUDO_"}) {
        if (name.starts_with(prefix))
            return true;
    }
    for (const std::string_view other : {"DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_SEAT",
             "XDG_VTNR", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "PWD", "OLDPWD", "SHLVL",
             "_", "TERM", "NOTIFY_SOCKET", "INVOCATION_ID", "JOURNAL_STREAM"}) {
        if (name == other)
            return true;
    }
    return false;
}

Environment processEnvironment()
{
    Environment all;
    for (char **entry = environ; entry && *entry; ++entry) {
        const std::string_view text = *entry;
        const auto equals = text.find('=');
        if (equals != std::string_view::npos && equals > 0)
            all.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return all;
}

Environment loginEnvironment()
{
    Environment result = processEnvironment();
    std::erase_if(result, [](const auto &entry) { return belongsToSession(entry.first); });
    const User &user = currentUser();
    result["HOME"] = user.home;
    if (!user.name.empty())
        result["USER"] = result["LOGNAME"] = user.name;
    if (!user.shell.empty())
        result.emplace("SHELL", user.shell);
    result.emplace("PATH", "/usr/local/bin:/usr/bin:/bin");
    return result;
}

EnvironmentBlock::EnvironmentBlock(const Environment &environment)
{
    for (const auto &[name, value] : environment)
        strings.push_back(name + '=' + value);
    pointers = argumentPointers(strings);
}

std::vector<char *> argumentPointers(const std::vector<std::string> &arguments)
{
    std::vector<char *> pointers;
    for (const auto &argument : arguments)
        pointers.push_back(const_cast<char *>(argument.c_str()));
    pointers.push_back(nullptr);
    return pointers;
}

std::optional<std::string> findProgram(const std::string &name, const std::string &path)
{
    errno = ENOENT;
    if (name.empty())
        return std::nullopt;
    if (name.find('/') != std::string::npos)
        return name;
    int error = ENOENT;
    std::string_view rest = path;
    while (true) {
        const auto colon = rest.find(':');
        const auto folder = rest.substr(0, colon);
        const std::string candidate = (folder.empty() ? "." : std::string(folder)) + '/' + name;
        struct stat info { };
        if (::stat(candidate.c_str(), &info) == 0 && S_ISREG(info.st_mode)) {
            if (::access(candidate.c_str(), X_OK) == 0)
                return candidate;
            error = EACCES;
        }
        if (colon == std::string_view::npos)
            break;
        rest.remove_prefix(colon + 1);
    }
    errno = error;
    return std::nullopt;
}

int spawn(const std::string &program, const std::vector<std::string> &arguments,
    const Environment &environment, const SpawnOptions &options, pid_t &pid)
{
    const EnvironmentBlock block(environment);
    const auto argv = argumentPointers(arguments);
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
    if (!options.folder.empty())
        ::posix_spawn_file_actions_addchdir_np(&actions, options.folder.c_str());
    const int wanted[] = {options.input, options.output, options.error};
    for (int i = 0; i < 3; ++i) {
        if (wanted[i] >= 0)
            ::posix_spawn_file_actions_adddup2(&actions, wanted[i], i);
        else
            ::posix_spawn_file_actions_addopen(
                &actions, i, "/dev/null", i == 0 ? O_RDONLY : O_WRONLY, 0);
    }
    if (options.extra >= 0)
        ::posix_spawn_file_actions_adddup2(&actions, options.extra, 3);
    sigset_t none, all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
    flags |= options.ownSession ? POSIX_SPAWN_SETSID : POSIX_SPAWN_SETPGROUP;
    ::posix_spawnattr_setflags(&attributes, flags);
    const int error = ::posix_spawn(
        &pid, program.c_str(), &actions, &attributes, argv.data(), block.pointers.data());
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    return error;
}

std::string outputOf(const std::vector<std::string> &command)
{
    const char *path = std::getenv("PATH");
    const auto program = findProgram(command.front(), path ? path : "/usr/bin:/bin");
    int ends[2];
    if (!program || ::pipe2(ends, O_CLOEXEC) != 0)
        return {};
    const Fd out(ends[0]);
    Fd in(ends[1]);
    SpawnOptions options;
    options.output = in.number();
    pid_t pid = 0;
    if (spawn(*program, command, processEnvironment(), options, pid) != 0)
        return {};
    in.reset();
    std::string text;
    char buffer[4096];
    ssize_t n = 0;
    while ((n = ::read(out.number(), buffer, sizeof buffer)) > 0 || (n < 0 && errno == EINTR)) {
        if (n > 0 && text.size() < 65536)
            text.append(buffer, static_cast<std::size_t>(n));
    }
    while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) { }
    return text.substr(0, text.find('\n'));
}

static User findUser()
{
    User user;
    const char *home = std::getenv("HOME");
    const char *shell = std::getenv("SHELL");
    // name:password:uid:gid:gecos:home:shell
    std::string line = outputOf({"getent", "passwd", std::to_string(::getuid())});
    std::vector<std::string> fields(1);
    for (const char c : line) {
        if (c == ':')
            fields.emplace_back();
        else
            fields.back() += c;
    }
    if (fields.size() >= 7) {
        user.name = fields[0];
        user.home = fields[5];
        user.shell = fields[6];
    } else if (const char *name = std::getenv("USER")) {
        user.name = name;
    }
    if (home && *home == '/')
        user.home = home;
    if (user.shell.empty() && shell)
        user.shell = shell;
    if (user.home.empty())
        user.home = "/";
    return user;
}

const User &currentUser()
{
    static const User user = findUser();
    return user;
}

} // namespace pilothouse::agent
