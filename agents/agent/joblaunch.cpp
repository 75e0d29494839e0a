// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/agent/joblaunch.h"

#include "agents/agent/disk.h"
#include "agents/agent/jobfolder.h"

#include <cerrno>
#include <csignal>
#include <sstream>

#include <fcntl.h>
#include <sys/wait.h>

namespace fs = std::filesystem;

namespace pilothouse::agent {

static std::vector<std::string> words(const std::string &text)
{
    std::istringstream in(text);
    std::vector<std::string> out;
    for (std::string word; in >> word;)
        out.push_back(word);
    return out;
}

static void addEnvironment(const v1::Job &job, Environment &environment)
{
    for (const auto &[name, value] : job.spec().environment())
        environment[name] = value;
    if (job.gpu_uuids_size() > 0) {
        std::string uuids;
        for (const auto &uuid : job.gpu_uuids())
            uuids += (uuids.empty() ? "" : ",") + uuid;
        for (const char *name :
            {"CUDA_VISIBLE_DEVICES", "NVIDIA_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES"})
            environment[name] = uuids;
    }
    environment["PILOTHOUSE_JOB_ID"] = job.id();
    environment["PILOTHOUSE_JOB_NAME"] = job.spec().name();
}

static void useScript(const v1::JobSpec &spec, const fs::path &folder, JobCommand &command)
{
    const fs::path file = folder / jobfile::script;
    if (const int error = writeDurably(file, spec.script(), 0700)) {
        command.trouble = "The script could not be written to " + folder.string() + ": "
            + errnoText(error) + '.';
        command.exitCode = 126;
        return;
    }
    if (spec.script().starts_with("#!")) {
        const std::string line = spec.script().substr(2, spec.script().find('\n') - 2);
        command.program = file;
        command.arguments = {file};
        // As the kernel does it: the interpreter and all the rest as one argument.
        const auto begin = line.find_first_not_of(" \t");
        if (begin != std::string::npos) {
            const auto end = line.find_first_of(" \t", begin);
            command.fallback.push_back(line.substr(begin, end - begin));
            const auto rest = end == std::string::npos ? end : line.find_first_not_of(" \t", end);
            if (rest != std::string::npos)
                command.fallback.push_back(
                    line.substr(rest, line.find_last_not_of(" \t\r") + 1 - rest));
            command.fallback.push_back(file);
        }
        if (line.ends_with('\r')) {
            command.trouble = "The script's first line ends with a carriage return (a Windows line "
                              "ending), so its interpreter cannot be found.";
        }
        return;
    }
    command.arguments = words(spec.interpreter());
    if (command.arguments.empty())
        command.arguments = {"/bin/sh"};
    command.arguments.push_back(file);
}

JobCommand prepareJob(const v1::Job &job, const fs::path &folder, Environment base)
{
    JobCommand command;
    const auto &spec = job.spec();
    command.environment = std::move(base);
    command.environment.erase(clockShiftVariable);
    addEnvironment(job, command.environment);
    const std::string home = command.environment["HOME"];
    command.folder = spec.folder().empty() ? home : spec.folder();
    if (command.folder == "~" || command.folder.starts_with("~/"))
        command.folder = home + command.folder.substr(1);
    else if (!command.folder.starts_with('/'))
        command.folder = home + '/' + command.folder;
    if (!spec.script().empty())
        useScript(spec, folder, command);
    else
        command.arguments.assign(spec.argv().begin(), spec.argv().end());
    if (!command.trouble.empty() || !command.program.empty())
        return command;
    const std::string name = command.arguments.front();
    if (name == "pilothouse-agent") { // our own built-in jobs, wherever this agent is installed
        command.program = "/proc/self/exe";
        return command;
    }
    if (name == "pilothouse-gputest") { // brought by the console, beside this agent
        std::error_code error;
        const auto self = fs::read_symlink("/proc/self/exe", error);
        command.program = (self.parent_path() / name).string();
        if (error || ::access(command.program.c_str(), X_OK) != 0) {
            command.exitCode = 127;
            command.trouble = "The GPU test is not beside this agent: launch it from Pilothouse, "
                              "which brings it.";
        }
        return command;
    }
    const auto found = findProgram(name, command.environment["PATH"]);
    if (!found) {
        command.exitCode = errno == ENOENT ? 127 : 126;
        command.trouble = errno == ENOENT
            ? "There is no program \"" + name + "\" on this host's PATH."
            : "The program \"" + name + "\" may not be executed.";
        return command;
    }
    command.program = *found;
    return command;
}

/// What the child could not do: sent through the word pipe.
struct Failure {
    int stage; // 0 = folder, 1 = program
    int error;
};

[[noreturn]] static void runChild(const JobCommand &command, int log, int gate, int word)
{
    const auto tell = [word](int stage) {
        const Failure failure{stage, errno};
        [[maybe_unused]] const auto written = ::write(word, &failure, sizeof failure);
        ::_exit(127);
    };
    ::setpgid(0, 0);
    const int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    ::dup2(null, 0);
    ::dup2(log, 1);
    ::dup2(log, 2);
    for (int number = 1; number < NSIG; ++number)
        ::signal(number, SIG_DFL);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    char go = 0;
    ssize_t n = 0;
    while ((n = ::read(gate, &go, 1)) < 0 && errno == EINTR) { }
    if (n != 1)
        ::_exit(127);
    if (::chdir(command.folder.c_str()) != 0)
        tell(0);
    const EnvironmentBlock block(command.environment);
    ::execve(
        command.program.c_str(), argumentPointers(command.arguments).data(), block.pointers.data());
    if (errno == EACCES && !command.fallback.empty())
        ::execve(command.fallback.front().c_str(), argumentPointers(command.fallback).data(),
            block.pointers.data());
    if (errno == ENOEXEC) { // a text file without "#!", as every shell does it
        std::vector<std::string> shell{"/bin/sh", command.program};
        shell.insert(shell.end(), command.arguments.begin() + 1, command.arguments.end());
        ::execve("/bin/sh", argumentPointers(shell).data(), block.pointers.data());
    }
    tell(1);
    ::_exit(127);
}

int JobProcess::start(const JobCommand &command, int log)
{
    int gate[2], word[2];
    if (::pipe2(gate, O_CLOEXEC) != 0)
        return errno;
    const Fd gateOut(gate[0]);
    m_gate = Fd(gate[1]);
    if (::pipe2(word, O_CLOEXEC) != 0)
        return errno;
    m_word = Fd(word[0]);
    const Fd wordIn(word[1]);
    m_program = command.program;
    m_folder = command.folder;
    m_script = !command.fallback.empty();
    m_pid = ::fork(); // the supervisor has one thread
    if (m_pid < 0)
        return errno;
    if (m_pid == 0) {
        m_gate.reset(); // or the child would hold its own gate open
        runChild(command, log, gate[0], word[1]);
    }
    ::setpgid(m_pid, m_pid);
    return 0;
}

void JobProcess::release()
{
    [[maybe_unused]] const auto written = ::write(m_gate.number(), "g", 1);
    m_gate.reset();
}

std::string JobProcess::trouble(int &exitCode)
{
    Failure failure{};
    ssize_t n = 0;
    while ((n = ::read(m_word.number(), &failure, sizeof failure)) < 0 && errno == EINTR) { }
    m_word.reset();
    if (n != sizeof failure)
        return {}; // closed by a successful exec
    exitCode = failure.error == ENOENT ? 127 : 126;
    if (failure.stage == 0)
        return "The working directory " + m_folder
            + " cannot be entered: " + errnoText(failure.error) + '.';
    if (m_script && failure.error == ENOENT)
        return "The interpreter in the script's first line is not there.";
    return m_program + " could not be executed: " + errnoText(failure.error) + '.';
}

} // namespace pilothouse::agent
