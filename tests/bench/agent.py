#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pilothouse developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""CPU per sample: our daemon and GPU helper with one subscriber against prometheus-node-exporter
scraped with gzip at 1 Hz, both at the same time, five windows of ten seconds. Budget: >= 10."""
import gzip
import subprocess
import time
import urllib.request

import common

WINDOW = 10


def scrape(port):
    request = urllib.request.Request(f"http://127.0.0.1:{port}/metrics", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as reply:
        text = gzip.decompress(reply.read()).decode()
    return sum(1 for line in text.splitlines() if line and not line.startswith("#"))


with common.Home(ssh=False) as home:
    port = common.free_port()
    peer = subprocess.Popen(["prometheus-node-exporter", f"--web.listen-address=127.0.0.1:{port}"],
                            stderr=subprocess.DEVNULL)
    try:
        # Deploys and warms up both.
        common.run([common.BENCH, "subscribe", "2"], env=home.environment)
        scrape(port)
        pids = home.agent_pids()
        pairs = []
        for _ in range(5):
            ours = subprocess.Popen([common.BENCH, "subscribe", str(WINDOW)], env=home.environment,
                                    stdout=subprocess.PIPE, text=True)
            ours.stdout.readline()
            before = sum(map(common.cpu_seconds, pids)), common.cpu_seconds(peer.pid)
            theirs = 0
            started = time.monotonic()
            for tick in range(WINDOW):
                time.sleep(max(0, started + tick + 0.5 - time.monotonic()))
                theirs += scrape(port)
            out, _ = ours.communicate()
            after = sum(map(common.cpu_seconds, pids)), common.cpu_seconds(peer.pid)
            samples = common.figures(out)["samples"]
            own, other = (after[0] - before[0]) / samples, (after[1] - before[1]) / theirs
            print(f"ours {own * 1e6:.2f} us/sample ({samples / WINDOW:.0f}/s, {(after[0] - before[0]) / WINDOW * 100:.3f} % "
                  f"of a core), node_exporter {other * 1e6:.2f} us/sample ({theirs / WINDOW:.0f}/s)")
            pairs.append((other, own))
        print(f"rss: {sum(map(common.rss_bytes, pids)) / 1e6:.1f} MB, node_exporter {common.rss_bytes(peer.pid) / 1e6:.1f} MB")
        binary = next((common.BUILD / "agents").glob("pilothouse-agent-*"))
        print(f"binary: {binary.stat().st_size / 1e6:.1f} MB")
        common.ratio(pairs)
    finally:
        peer.terminate()
        peer.wait()
