#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pilothouse developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""p95 of two questions: one hour of 8 GPUs in 360 columns, and the newest value of 512 nodes; ours through the
store's own calls from memory and (printed) from disk, victoria-metrics by its HTTP API. 512 nodes x 8 series x
1 h in both. Peer / ours, the worse of the two; budget: >= 50."""
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
    return float(words[1]) / 1e6, float(words[3]) / 1e6


def p95(times):
    return sorted(times)[len(times) * 95 // 100]


def theirs(peer):
    end = begin / 1000 + TICKS
    hour, latest = [], []
    for _ in range(ROUNDS):
        spent, found = peer.ask("/api/v1/query_range", query=f'{METRIC}{{node="n0"}}', start=end - TICKS, end=end,
                                step="10s", nocache="1")
        if len(found) != 8:
            raise SystemExit(f"{len(found)} series in an hour")
        hour.append(spent)
        spent, found = peer.ask("/api/v1/query", query=f'{METRIC}{{device="GPU-0"}}', time=end, nocache="1")
        if len(found) != NODES:
            raise SystemExit(f"{len(found)} newest values")
        latest.append(spent)
    return p95(hour), p95(latest)


with tempfile.TemporaryDirectory(prefix="phb-") as hot, tempfile.TemporaryDirectory(prefix="phb-") as cold, \
        victoria.Victoria() as peer:
    peer.load(victoria.lines(NODES, TICKS, 400, *arguments[2:]))
    processes = [start(hot), start(cold, "cold")]
    try:
        pairs = []
        for _ in range(5):
            (hour, latest), (disk, _), (their_hour, their_latest) = ours(processes[0]), ours(processes[1]), theirs(peer)
            print(f"hour: ours {hour * 1e6:.0f} us (from disk {disk * 1e6:.0f}), victoria-metrics {their_hour * 1e6:.0f} us; "
                  f"latest: {latest * 1e6:.0f} us, {their_latest * 1e6:.0f} us")
            print(f"  {their_hour / hour:.0f}x (from disk {their_hour / disk:.0f}x), {their_latest / latest:.0f}x")
            pairs.append(min((their_hour, hour), (their_latest, latest), key=lambda pair: pair[0] / pair[1]))
        common.ratio(pairs)
    finally:
        for process in processes:
            process.stdin.close()
            process.wait()
