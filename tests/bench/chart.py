#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pilothouse developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""64 curves of 3,600 points redrawn at 1600x900, from the store to the screen, against QCustomPlot's own graphs without
antialiasing, CPU a frame (both have one thread; a busy machine spoils wall time). Budget: >= 10. Also 1 curve of 10 M."""
import os
import statistics

import common

PROGRAM = common.BUILD / "app" / "pilothouse_chartbench"
ENVIRONMENT = dict(os.environ, QT_QPA_PLATFORM="offscreen")


def frame(*arguments, seconds=2):
    return common.figures(common.run([PROGRAM, *map(str, arguments), str(seconds)], env=ENVIRONMENT))


def pairs_of(curves, points, rounds=5):
    pairs = []
    for _ in range(rounds):
        peer, own = frame("qcp", curves, points), frame("ours", curves, points)
        print(f"{curves} x {points:,}: ours {own['cpu_ms']:.2f} ms ({own['ms']:.2f} on the clock), "
              f"QCPGraph {peer['cpu_ms']:.2f} ms ({peer['ms']:.2f})", flush=True)
        pairs.append((peer["cpu_ms"], own["cpu_ms"]))
    return pairs


if __name__ == "__main__":
    large = pairs_of(1, 10_000_000, rounds=3)
    print(f"1 x 10 M: {statistics.median(top / bottom for top, bottom in large):.1f} (goal 100)")
    live = frame("live", 64, 3600)
    print(f"64 x 3,600 live, one column further each frame: {live['cpu_ms']:.2f} ms")
    common.ratio(pairs_of(64, 3600))
