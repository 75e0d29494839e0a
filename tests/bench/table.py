#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pilothouse developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sort and filter of 100,000 rows until they are in place: CPU time of RowIndexModel, its work thread included, against
QSortFilterProxyModel over a table of QVariants. The worst of all steps counts. Budget: >= 50."""
import statistics

import common

program = common.BUILD / "app" / "pilothouse_bench_table"
pairs, each = [], {}
for number in range(5):
    own = common.figures(common.run([program, "ours", "9"]))
    other = common.figures(common.run([program, "peer", "1"]))
    steps = [name for name in own if not name.endswith(("_rows", "_wall")) and name != "load"]
    for name in steps:
        assert own[name + "_rows"] == other[name + "_rows"], f"{name}: not the same rows"
        each.setdefault(name, []).append((other[name], own[name], other[name + "_wall"], own[name + "_wall"]))
    worst = min(steps, key=lambda name: other[name] / own[name])
    print(f"pair {number + 1}: load {own['load'] / 1000:.0f} ms and {other['load'] / 1000:.0f} ms, worst is {worst}")
    pairs.append((other[worst], own[worst]))
for name, times in each.items():
    peer, ours, peer_wall, ours_wall = (statistics.median(column) / 1000 for column in zip(*times))
    print(f"{name}: ours {ours:.2f} ms, peer {peer:.1f} ms, {statistics.median(o / w for o, w, _, _ in times):.0f}x; "
          f"wall {ours_wall:.2f} and {peer_wall:.1f} ms")
common.ratio(pairs)
