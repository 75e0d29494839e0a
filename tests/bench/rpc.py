#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pilothouse developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Unary calls back to back on a warm SSH channel, p50, against `ssh -S control host true`. Budget: >= 10."""
import statistics
import subprocess
import time

import common

with common.Home() as home:
    control = str(home.folder / "ctl")
    ssh = ["ssh", *home.ssh_options, "-S", control]
    master = subprocess.Popen([*ssh, "-M", "-N", "bench0"], env=home.environment)
    try:
        common.run([common.BENCH, "rpc", "bench0", "10"], env=home.environment)  # deploys
        pairs = []
        for _ in range(5):
            own = common.figures(common.run([common.BENCH, "rpc", "bench0", "2000"], env=home.environment))["p50_us"]
            times = []
            for _ in range(60):
                started = time.monotonic()
                common.run([*ssh, "bench0", "true"], env=home.environment)
                times.append((time.monotonic() - started) * 1e6)
            other = statistics.median(times)
            print(f"ours {own:.0f} us, ssh -S {other:.0f} us")
            pairs.append((other, own))
        common.ratio(pairs)
    finally:
        master.terminate()
        master.wait()
