# SPDX-FileCopyrightText: 2026 The Pilothouse developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmarks share: a throw-away sshd, CPU of a process tree, paired ratios."""
import contextlib
import os
import pathlib
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
BUILD = TOP / "build" / "release"
BENCH = BUILD / "app" / "pilothouse_bench"
KEX = "curve25519-sha256"  # the same for both sides; libssh has no sntrup
TICK = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def run(argv, **more):
    done = subprocess.run(argv, capture_output=True, text=True, **more)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, argv))} failed ({done.returncode}): {done.stderr.strip()}")
    return done.stdout


def figures(text):
    """{"name": value} of "name value" lines."""
    return {name: float(value) for name, value in (line.split() for line in text.splitlines() if line)}


def cpu_seconds(pid):
    """utime + stime of one living process, by the 10 ms ticks of procfs, refined by schedstat."""
    total = 0.0
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(FileNotFoundError):
            total += int((task / "schedstat").read_text().split()[0]) / 1e9
    return total


def rss_bytes(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


def children_cpu(argv, **more):
    """(CPU seconds of the command and all it waited for, wall seconds, stdout)."""
    before = os.times()
    started = time.monotonic()
    out = run(argv, **more)
    wall = time.monotonic() - started
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return spent, wall, out


class Home:
    """A private HOME with XDG folders, an agent run folder and, with `ssh`, a throw-away sshd."""

    def __init__(self, ssh=True, addresses=("127.0.0.1",)):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="phb-"))
        self.environment = dict(os.environ, HOME=str(self.folder), SHELL="/bin/sh", QT_LOGGING_RULES="*.debug=false")
        for name in ("CONFIG", "DATA", "STATE", "CACHE"):
            self.environment[f"XDG_{name}_HOME"] = str(self.folder / name.lower())
        self.environment["XDG_RUNTIME_DIR"] = str(self.folder / "run")
        self.environment["PILOTHOUSE_AGENT_RUN"] = str(self.folder / "agent-run")
        self.environment["PILOTHOUSE_SSH_CONFIG"] = str(self.folder / ".ssh" / "config")
        self.environment.pop("SSH_AUTH_SOCK", None)
        (self.folder / "run").mkdir(mode=0o700)
        (self.folder / ".ssh").mkdir(mode=0o700)
        self.sshd = None
        if ssh:
            self._start_sshd(addresses)

    def _start_sshd(self, addresses):
        self.port = free_port()
        dot = self.folder / ".ssh"
        for name in ("host", "id"):
            run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(dot / name)])
        shutil.copy(dot / "id.pub", dot / "authorized_keys")
        pathlib.Path("/run/sshd").mkdir(exist_ok=True)
        # The sessions get our HOME; the remote shell is the user's own unless it is replaced below.
        environment = " ".join(
            f"{key}={self.environment[key]}"
            for key in ("HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "PILOTHOUSE_AGENT_RUN")
        )
        (dot / "sshd_config").write_text(
            f"Port {self.port}\n"
            "ListenAddress 0.0.0.0\n"
            f"HostKey {dot / 'host'}\n"
            f"AuthorizedKeysFile {dot / 'authorized_keys'}\n"
            f"PidFile {dot / 'sshd.pid'}\nUsePAM no\nStrictModes no\nPermitRootLogin yes\n"
            f"MaxStartups 500\nMaxSessions 100\nPrintMotd no\nLogLevel ERROR\nSetEnv {environment}\n"
        )
        host_key = " ".join((dot / "host.pub").read_text().split()[:2])
        known, config = [], []
        for index, address in enumerate(addresses):
            known.append(f"[{address}]:{self.port} {host_key}")
            config.append(
                f"Host bench{index}\n  HostName {address}\n  Port {self.port}\n  IdentityFile {dot / 'id'}\n"
                f"  IdentitiesOnly yes\n  UserKnownHostsFile {dot / 'known_hosts'}\n  GlobalKnownHostsFile /dev/null\n"
                f"  KexAlgorithms {KEX}\n"
            )
        (dot / "known_hosts").write_text("\n".join(known) + "\n")
        (dot / "config").write_text("\n".join(config))
        # /bin/sh as login shell for the time of the run: a private /etc/passwd in a mount namespace.
        passwd = pathlib.Path("/etc/passwd").read_text().splitlines()
        user = subprocess.check_output(["id", "-un"], text=True).strip()
        (dot / "passwd").write_text(
            "".join(
                (":".join(line.split(":")[:6] + ["/bin/sh"]) if line.startswith(user + ":") else line) + "\n"
                for line in passwd
            )
        )
        self.sshd = subprocess.Popen(
            ["unshare", "-m", "sh", "-c",
             f"mount --bind {dot / 'passwd'} /etc/passwd && exec /usr/sbin/sshd -D -e -f {dot / 'sshd_config'}"],
            stderr=open(dot / "sshd.log", "w"), start_new_session=True,
        )
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 0.2):
                return
            time.sleep(0.05)
        sys.exit("sshd did not start: " + (dot / "sshd.log").read_text())

    @property
    def ssh_options(self):
        return ["-F", str(self.folder / ".ssh" / "config")]

    def agent_pids(self):
        """Daemon and GPU helper that belong to this home."""
        found = []
        for process in pathlib.Path("/proc").iterdir():
            if process.name.isdigit():
                with contextlib.suppress(OSError):
                    if str(self.folder).encode() in (process / "environ").read_bytes():
                        words = (process / "cmdline").read_bytes().split(b"\0")
                        if b"serve" in words or b"gpuhelper" in words[0]:
                            found.append(int(process.name))
        return found

    def close(self):
        for pid in self.agent_pids():
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGTERM)
        if self.sshd:
            with contextlib.suppress(OSError):
                os.killpg(self.sshd.pid, signal.SIGTERM)
            self.sshd.wait()
        time.sleep(0.3)
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def ratio(pairs):
    """Median of peer/ours (or whatever the pairs hold as (top, bottom)); printed last."""
    each = [top / bottom for top, bottom in pairs]
    print("pairs: " + ", ".join(f"{one:.2f}" for one in each))
    print(f"ratio: {statistics.median(each):.2f}")
