#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pilothouse developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""p95 of two questions: one hour of 8 GPUs in 360 columns, and the newest value of 512 nodes. 512 nodes x 8 series x
1 h in both; ours through the store's own calls, victoria-metrics by its HTTP API. Ours is started anew with memory for
almost nothing, so that it answers from disk: the kernel has the files in memory (as it has theirs), and up to 32 MiB of
decoded rows stay, as theirs keeps its own caches; only its cache of whole answers is off (nocache=1). Also printed:
another node each time, of which nothing is decoded yet; the same written in blocks of 16 rows; from memory.
Peer / ours, the worse of the two; budget: >= 50."""
import contextlib
import itertools
import subprocess
import tempfile
import time

import common
from store import victoria

NODES, TICKS, ROUNDS = 512, 3600, 200
METRIC = "gpu_power_watts"
begin = int(time.time() - TICKS) * 1000
arguments = [str(one) for one in (NODES, TICKS, begin, 1, METRIC)]


def start(folder, *more):
    process = subprocess.Popen([victoria.OURS, "query", folder, *arguments, *more], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True)
    if "ready" not in process.stdout.readline():
        raise SystemExit("our side did not start")
    return process


def ours(process):
    process.stdin.write("go\n")
    process.stdin.flush()
    words = process.stdout.readline().split()
    return [float(word) / 1e6 for word in words[1::2]]  # the hour, of another node each time, newest values


def p95(times):
    return sorted(times)[len(times) * 95 // 100]


def theirs(peer):
    end = begin / 1000 + TICKS
    hour, other, latest = [], [], []
    for i in range(2 * ROUNDS):
        node = 0 if i < ROUNDS else next(peer.nodes)
        spent, found = peer.ask("/api/v1/query_range", query=f'{METRIC}{{node="n{node}"}}', start=end - TICKS, end=end,
                                step="10s", nocache="1")
        if len(found) != 8:
            raise SystemExit(f"{len(found)} series in an hour")
        (hour if i < ROUNDS else other).append(spent)
    for _ in range(ROUNDS):
        spent, found = peer.ask("/api/v1/query", query=f'{METRIC}{{device="GPU-0"}}', time=end, nocache="1")
        if len(found) != NODES:
            raise SystemExit(f"{len(found)} newest values")
        latest.append(spent)
    return p95(hour), p95(other), p95(latest)


def told(name, ours, theirs):
    return f"{name} {ours * 1e6:.0f} us ({theirs / ours:.0f}x)"


with contextlib.ExitStack() as stack:
    processes = []
    for mode in ["disk"], ["small"], []:
        processes.append(start(stack.enter_context(tempfile.TemporaryDirectory(prefix="phb-")), *mode))
    peer = stack.enter_context(victoria.Victoria())  # last: it closes a connection that is idle for a minute
    peer.nodes = itertools.cycle(range(NODES))
    peer.load(victoria.lines(NODES, TICKS, 400, *arguments[2:]))
    try:
        pairs = []
        for _ in range(5):
            disk, small, memory = map(ours, processes)
            theirs_now = theirs(peer)
            print("victoria-metrics: hour %.0f us, another node %.0f us, newest %.0f us" % tuple(one * 1e6 for one in theirs_now))
            print("  ours from disk: " + ", ".join(map(told, ("hour", "another node", "newest"), disk, theirs_now)))
            print("  written in small blocks: " + ", ".join(map(told, ("hour", "another node"), small, theirs_now)))
            print("  from memory: " + ", ".join(map(told, ("hour", "another node"), memory, theirs_now)))
            questions = [(theirs_now[0], disk[0]), (theirs_now[2], disk[2])]
            pairs.append(min(questions, key=lambda pair: pair[0] / pair[1]))
        common.ratio(pairs)
    finally:
        for process in processes:
            process.stdin.close()
            process.wait()
