#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pilothouse developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Samples per CPU-second from the socket to queryable: 16 agents' gRPC streams into our store, flat out,
against the same batches (136 series x 32 ticks = 4,352 samples) on victoria-metrics' /api/v1/import.
Both until flushed. Ours / peer; budget: >= 15."""
import tempfile
import time

import common
from store import victoria

NODES, BATCH = 16, 32
OUR_TICKS, THEIR_TICKS = 8320, 1280
pairs = []
for seed in range(1, 6):
    with tempfile.TemporaryDirectory(prefix="phb-") as folder:
        out = common.run([victoria.OURS, "ingest", folder, str(NODES), str(OUR_TICKS), str(BATCH)])
    ours = common.figures(out)
    begin = int(time.time() - THEIR_TICKS) * 1000
    bodies = list(victoria.lines(NODES, THEIR_TICKS, BATCH, begin, seed))
    samples = NODES * THEIR_TICKS * ours["samples"] / (NODES * OUR_TICKS)
    with victoria.Victoria() as peer:
        before = peer.cpu()
        peer.load(bodies)
        spent = peer.cpu() - before
        _, found = peer.ask("/api/v1/query", query=f"sum(count_over_time(load1[{THEIR_TICKS + 10}s]))",
                            time=begin / 1000 + THEIR_TICKS + 5)
        if int(found[0]["value"][1]) != NODES * THEIR_TICKS:
            raise SystemExit(f"victoria-metrics has {found}")
    print(f"ours {ours['per_cpu_s'] / 1e6:.1f} M samples per CPU-second ({ours['samples'] / ours['wall_s'] / 1e6:.1f} M/s, "
          f"{ours['wire_bytes'] / ours['samples']:.2f} B/sample on the wire), victoria-metrics {samples / spent / 1e6:.2f} M")
    pairs.append((ours["per_cpu_s"], samples / spent))
common.ratio(pairs)
