#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pilothouse developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bytes per sample on disk: three hours of two nodes (136 series each, as NVML and /proc give them), five
seeds. Ours is everything in the folder; victoria-metrics' is its data without its index, after a forced
merge. Ours / peer; budget: <= 1.0."""
import tempfile
import time

import common
from store import victoria

NODES, TICKS = 2, 10800
pairs = []
for seed in range(1, 6):
    begin = int(time.time() - TICKS) * 1000
    with tempfile.TemporaryDirectory(prefix="phb-") as folder:
        out = common.run([victoria.OURS, "bytes", folder, str(NODES), str(TICKS), str(begin), str(seed)])
    ours = common.figures(out)
    with victoria.Victoria() as peer:
        peer.load(victoria.lines(NODES, TICKS, 64, begin, seed))
        peer.merge()
        theirs = peer.data_bytes() / ours["samples"]
    print(f"ours {ours['per_sample']:.3f} B/sample, victoria-metrics {theirs:.3f} ({ours['samples'] / 1e6:.1f} M samples)")
    pairs.append((ours["per_sample"], theirs))
common.ratio(pairs)
