#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pilothouse developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole fleet live: 1,000 simulated agents with 160 metrics at 1 Hz, the console on its fleet page (8,000 GPUs)
under Xvfb, against victoria-metrics that scrapes the same 1,000 nodes each second. CPU of theirs / ours, runs in turn;
budget: >= 1. Also printed, with its goal: our CPU (<= 60 % of a core, all threads), the age of the newest sample in
view (p99 <= 150 ms, taken when it is oldest: just before the map is painted anew), the worst stall of the main thread
(<= 50 ms) and memory (<= 1.5 GB, flat over the first run's 5 minutes).
Usage: fleet.py [PAIRS [SECONDS [FIRST_SECONDS]]]"""
import collections
import os
import pathlib
import subprocess
import sys
import threading
import time

import common
from store import victoria

NODES, GPUS, SERIES = 1000, 8, 160
PAIRS, SECONDS, FIRST = (int(one) for one in (sys.argv[1:] + ["3", "60", "300"][len(sys.argv) - 1:]))
SETTLE = 30
APP = common.BUILD / "app"


class Trace(threading.Thread):
    """What the console tells of itself each second."""

    def __init__(self, stream):
        super().__init__(daemon=True)
        self.stream, self.lines, self.other = stream, [], collections.deque(maxlen=20)
        self.start()

    def run(self):
        for line in self.stream:
            words = line.split()
            if words[:2] == ["fleet", "stall"]:
                self.lines.append((int(words[2]), int(words[4]), [int(age) for age in words[6:]]))
            else:
                self.other.append(line.rstrip())

    def gpus(self):
        return self.lines[-1][1] if self.lines else 0


def ended(process):
    process.stdin.close()
    process.wait()


def simulator(folder):
    process = subprocess.Popen([common.BUILD / "agents" / "pilothouse-sim", "--until-stdin-ends", "--dir", folder, "--nodes", str(NODES),
                                "--gpus", str(GPUS), "--series", str(SERIES), "--history", "60", "--rollups", "0"],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    if "ready" not in process.stdout.readline():
        raise SystemExit("the simulator did not start")
    return process


def wait_for(condition, seconds, what):
    limit = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > limit:
            raise SystemExit(f"{what} within {seconds} s")
        time.sleep(0.5)


def ours(environment, folder, seconds):
    """CPU in cores; prints the rest."""
    sim = simulator(folder / "fleet")
    console = subprocess.Popen([APP / "pilothouse", f"--demo=folder={folder / 'fleet'}"], text=True,
                               env=dict(environment, PILOTHOUSE_TRACE_FLEET="1"), stderr=subprocess.PIPE)
    trace = Trace(console.stderr)
    try:
        started = time.monotonic()
        wait_for(lambda: console.poll() is not None or trace.gpus() >= NODES * GPUS * 0.97, 180, "not all GPUs were seen")
        if console.poll() is not None:
            raise SystemExit("the console failed: " + "\n".join(trace.other))
        ready = time.monotonic() - started
        connecting = max(line[0] for line in trace.lines)
        time.sleep(SETTLE)
        first, sim_before, before, begin = len(trace.lines), common.cpu_seconds(sim.pid), \
            common.cpu_seconds(console.pid), time.monotonic()
        memory = []
        while time.monotonic() - begin < seconds:
            memory.append(common.rss_bytes(console.pid))
            time.sleep(1)
        spent = time.monotonic() - begin
        cpu = (common.cpu_seconds(console.pid) - before) / spent
        sim_cpu = (common.cpu_seconds(sim.pid) - sim_before) / spent
        lines = trace.lines[first:]
        ages = sorted(age for line in lines for age in line[2])
        print(f"ours: {cpu * 100:.1f} % of a core, age of the newest sample in view p50 {ages[len(ages) // 2]} p99 "
              f"{ages[len(ages) * 99 // 100]} ms ({len(ages) / spent:.1f} paints/s), worst stall {max(line[0] for line in lines)} ms, "
              f"memory {memory[0] / 1e6:.0f} -> {memory[-1] / 1e6:.0f} MB in {spent:.0f} s; load {os.getloadavg()[0]:.1f}")
        stalls = sorted(line[0] for line in lines)
        print(f"  worst stall of each second: p50 {stalls[len(stalls) // 2]} p90 {stalls[len(stalls) * 9 // 10]} ms; connecting to all took "
              f"{ready:.0f} s (worst stall {connecting} ms); the simulator: {sim_cpu * 100:.0f} %")
        return cpu
    finally:
        console.terminate()
        console.wait()
        ended(sim)


def theirs(seconds):
    port = common.free_port()
    exporter = subprocess.Popen([APP / "pilothouse_fleetexporter", str(port), str(NODES), str(GPUS), str(SERIES)],
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    if "ready" not in exporter.stdout.readline():
        raise SystemExit("the exporter did not start")
    nodes = "".join(f"  - targets: ['127.0.0.1:{port}']\n    labels: {{__metrics_path__: /{n}, instance: node-{n + 1:04}}}\n"
                    for n in range(NODES))
    config = f"global: {{scrape_interval: 1s}}\nscrape_configs:\n- job_name: fleet\n  static_configs:\n{nodes}"
    try:
        with victoria.Victoria(scrape=config) as peer:
            def scraped():
                found = peer.ask("/api/v1/query", query="sum(scrape_samples_scraped)")[1]
                return int(found[0]["value"][1]) if found else 0
            wait_for(lambda: scraped() > NODES * SERIES * 0.97, 120, "victoria-metrics did not scrape all nodes")
            time.sleep(SETTLE)
            before, begin = peer.cpu(), time.monotonic()
            time.sleep(seconds)
            cpu = (peer.cpu() - before) / (time.monotonic() - begin)
            print(f"victoria-metrics: {cpu * 100:.1f} % of a core, {scraped()} samples a second, memory "
                  f"{common.rss_bytes(peer.process.pid) / 1e6:.0f} MB; load {os.getloadavg()[0]:.1f}")
            return cpu
    finally:
        ended(exporter)


with common.Home(ssh=False) as home:
    display = f":{90 + os.getpid() % 400}"
    xvfb = subprocess.Popen(["Xvfb", display, "-screen", "0", "1600x1000x24"], stderr=subprocess.DEVNULL)
    try:
        time.sleep(1)
        environment = dict(home.environment, DISPLAY=display, QT_QPA_PLATFORM="xcb")
        pairs = []
        for number in range(PAIRS):
            mine = ours(environment, pathlib.Path(home.folder) / f"run{number}", FIRST if number == 0 else SECONDS)
            pairs.append((theirs(SECONDS), mine))
        common.ratio(pairs)
    finally:
        xvfb.terminate()
