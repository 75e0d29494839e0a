#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pilothouse developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Adds up the tests' own result files, since a QSKIP exits 0.

usage: totals.py BUILD_FOLDER. Reads ctest.xml (which tests ran and how they ended) and
results/NAME.xml (QtTest's own). The last line is "N passed, N failed, N skipped". Exit 1 when
something failed or, with CI=true, a skip is not in tests/allowed-skips.txt.
"""
import os
import pathlib
import sys
import xml.etree.ElementTree as ET

build = pathlib.Path(sys.argv[1])
passed = failed = 0
skips = []


def qtest(name, path):
    """(passed, failed, [skipped]) of one QtTest result file, or None when it is damaged."""
    try:
        root = ET.parse(path).getroot()
    except ET.ParseError:
        return None
    good, bad, skipped = 0, 0, []
    for case in root.iter("testcase"):
        result = case.get("result") or ""
        if case.find("failure") is not None or case.find("error") is not None or result == "fail":
            bad += 1
        elif case.find("skipped") is not None or result == "skip":
            skip = case.find("skipped")
            skipped.append((f"{name} {case.get('name')}", skip.get("message") if skip is not None else ""))
        else:
            good += 1
    return good, bad, skipped


for case in ET.parse(build / "ctest.xml").getroot().iter("testcase"):
    name, ran_well = case.get("name"), case.get("status") == "run"
    path = build / "results" / f"{name}.xml"
    own = qtest(name, path) if path.exists() else None
    if own is None:
        passed, failed = passed + ran_well, failed + (not ran_well)
        if not ran_well:
            print(f"failed: {name} (no readable result file: it crashed, hung or is no QtTest)")
        continue
    good, bad, skipped = own
    if not ran_well and bad == 0:
        bad = 1
        print(f"failed: {name} (crashed or hung after its last result)")
    passed, failed = passed + good, failed + bad
    skips += skipped

allowed = {
    line.strip()
    for line in (pathlib.Path(__file__).parent / "allowed-skips.txt").read_text().splitlines()
    if line.strip() and not line.startswith("#")
}
strict = os.environ.get("CI") == "true"
refused = 0
for what, why in skips:
    known = what in allowed or what.split("(")[0] in allowed
    refused += strict and not known
    print(f"skipped: {what}: {why}" + (" (not allowed in CI)" if strict and not known else ""))
print(f"{passed} passed, {failed + refused} failed, {len(skips) - refused} skipped")
sys.exit(1 if failed or refused or passed == 0 else 0)
