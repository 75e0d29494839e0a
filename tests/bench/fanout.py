#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pilothouse developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""`true` on 50 loopback hosts: client CPU of the process tree per host, against pdsh over ssh with the
same key exchange. Budget: >= 8."""
import common

HOSTS = 50
with common.Home(addresses=[f"127.0.0.{1 + i}" for i in range(HOSTS)]) as home:
    aliases = [f"bench{i}" for i in range(HOSTS)]
    pdsh_environment = dict(home.environment, PDSH_SSH_ARGS_APPEND="-F " + home.ssh_options[1], PDSH_RCMD_TYPE="ssh")
    pairs = []
    for _ in range(5):
        own, wall, out = common.children_cpu([common.BENCH, "fanout", "32", *aliases], env=home.environment)
        if common.figures(out)["failures"]:
            raise SystemExit("some hosts failed")
        other, other_wall, _ = common.children_cpu(["pdsh", "-f", "32", "-w", ",".join(aliases), "true"],
                                                   env=pdsh_environment)
        print(f"ours {own / HOSTS * 1e3:.2f} ms/host CPU, {wall:.2f} s; pdsh {other / HOSTS * 1e3:.2f} ms/host, {other_wall:.2f} s")
        pairs.append((other, own))
    common.ratio(pairs)
