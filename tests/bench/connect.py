#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pilothouse developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cold connect to the handshake's reply with the daemon running, against `ssh host true` with the same
key exchange. Ours / peer; budget: <= 1.5."""
import time

import common

with common.Home() as home:
    common.run([common.BENCH, "connect", "bench0"], env=home.environment)  # deploys, starts the daemon
    pairs = []
    for _ in range(5):
        own = min(common.figures(common.run([common.BENCH, "connect", "bench0"], env=home.environment))["ms"]
                  for _ in range(3))
        times = []
        for _ in range(3):
            started = time.monotonic()
            common.run(["ssh", *home.ssh_options, "bench0", "true"], env=home.environment)
            times.append((time.monotonic() - started) * 1e3)
        print(f"ours {own:.1f} ms, ssh {min(times):.1f} ms")
        pairs.append((own, min(times)))
    common.ratio(pairs)
