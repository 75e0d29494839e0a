# SPDX-FileCopyrightText: 2026 The Pilothouse developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""detect: the health rules against the faults that the simulator planted; no peer, a score.

Recall: planted faults that a finding of a fitting rule names, on the same device (or node), while
they last or within `GRACE` of their end. Precision: findings that a planted fault of a fitting kind
explains in the same way. ratio: the smaller of the two."""
import collections
import json
import sys

from common import BUILD, run

NODES, HOURS = 64, 8
GRACE = 15  # seconds: a counter that comes back with the device
# What says what. A rule may name several kinds: a hot card is also a slow one.
FITTING = {
    "straggler": ("slow",),
    "thermal": ("thermal", "hot", "memory-hot", "hardware-slowdown", "slow"),
    "power-brake": ("power-brake", "hardware-slowdown", "slow"),
    "xid": ("xid",),
    "ecc-corrected": ("ecc-corrected",),
    "ecc-uncorrectable": ("ecc-uncorrected", "remap-pending", "xid"),
    "nvlink": ("nvlink", "xid"),
    "pcie": ("pcie",),
    "driver-hang": ("lost",),
    "lost-gpu": ("lost", "xid"),
    "nic-errors": ("receive-errors", "transmit-errors"),
    "stale-mount": ("stale-mount", "blocked", "stuck"),
    "lost-link": ("silent",),
    "dead-agent": ("silent",),
}


def fits(fault, finding):
    rule = "xid" if finding["rule"].startswith("xid-") else finding["rule"]
    same = fault["node"] == finding["node"] and (
        "device" not in fault or fault["device"] == finding["device"])
    began = fault["start"] - 1 <= finding["start"] <= fault["end"] + GRACE
    return same and began and rule in FITTING[fault["kind"]]


def table(title, good, every):
    print(f"{title}:")
    for name in sorted(every):
        print(f"  {name:20} {good[name]:5} of {every[name]}")
    return sum(good.values()) / max(1, sum(every.values()))


def score(seed):
    told = json.loads(run(list(map(str, [BUILD / "app" / "pilothouse_detectbench", NODES, HOURS, seed]))))
    # Those under way at the beginning have no beginning to see.
    faults = [one for one in told["truth"]["faults"] if 0 <= one["start"] < told["seconds"] - GRACE]
    by_node = collections.defaultdict(list)
    for one in told["truth"]["faults"]:
        by_node[one["node"]].append(one)
    explained, findings = collections.Counter(), collections.Counter()
    seen = set()
    for finding in told["found"]:
        matching = [one for one in by_node[finding["node"]] if fits(one, finding)]
        rule = finding["rule"]
        findings[rule] += 1
        explained[rule] += bool(matching)
        seen.update(id(one) for one in matching)
        if not matching:
            print("  not planted:", json.dumps(finding))
    found, planted = collections.Counter(), collections.Counter()
    for one in faults:
        planted[one["kind"]] += 1
        found[one["kind"]] += id(one) in seen
        if id(one) not in seen:
            print(f"  not seen: {one['kind']} on {one['node']} for {one['end'] - one['start']:.0f} s at {one['start']:.0f}")
    recall = table("planted and seen", found, planted)
    precision = table("seen and planted", explained, findings)
    return recall, precision


recalls, precisions = zip(*(score(seed) for seed in (sys.argv[1:] or ["1", "2"])))
recall, precision = sum(recalls) / len(recalls), sum(precisions) / len(precisions)
print(f"{NODES} nodes, {HOURS} h; recall {recall:.3f}, precision {precision:.3f}")
print(f"ratio: {min(recall, precision):.3f}")
