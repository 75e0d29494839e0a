#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Pilothouse developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The layers of the tree: core without QtGui and QtWidgets, views without transports, engines and
generated headers, agents without Qt, SPDX lines on every source file."""
import pathlib
import re
import sys

top = pathlib.Path(sys.argv[1])
include = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')
gui = re.compile(
    r"^(QtGui|QtWidgets|QtSvg|QtPrintSupport)/|^Q(Widget|Label|Painter|Application|GuiApplication|Icon|Color|Pixmap"
    r"|Image|Font|Pen|Brush|Palette|Style\w*|PushButton|\w+View|\w+Dialog|Menu|Action|Screen|Clipboard)$"
)
generated = re.compile(r"\.(pb|grpc\.pb)\.h$|^(grpc|grpcpp|google/protobuf)/")
problems = []


def sources(folder):
    for path in sorted((top / folder).rglob("*")):
        if path.suffix in {".cpp", ".h", ".c"}:
            yield path


def each_include(folder):
    for path in sources(folder):
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            found = include.match(line)
            if found:
                yield f"{path.relative_to(top)}:{number}", found.group(1)


for where, name in each_include("core"):
    if gui.search(name) and not name.startswith("QAbstractItem") and not name.endswith("ArrayView") and name != "QStringView":
        problems.append(f"{where}: core must not include {name}")
    if name.startswith(("views/", "app/")) or (
        name.startswith("agents/") and not name.startswith("agents/wire/")
    ):
        problems.append(f"{where}: core must not include {name}")
for where, name in each_include("views"):
    if generated.search(name) or name.startswith(("app/", "agents/", "libssh/", "core/engines/")):
        problems.append(f"{where}: views must not include {name}")
    if name.startswith("core/transport/"):
        problems.append(f"{where}: views must not include {name}")
for where, name in each_include("agents"):
    if re.match(r"^Q[A-Z]|^Qt", name) or name.startswith(("core/", "views/", "app/")):
        problems.append(f"{where}: agents must not include {name}")
# A header that says "Private to FOLDER" may use the libraries it wraps; nobody else includes it.
private = {}
for path in sources("core"):
    found = re.search(r"^// Private to ([\w/]+)", path.read_text(errors="replace"), re.MULTILINE)
    if path.suffix == ".h" and found:
        private[str(path.relative_to(top))] = found.group(1)
for folder in ("core", "views", "app"):
    for where, name in each_include(folder):
        if name in private and not where.startswith(private[name] + "/"):
            problems.append(f"{where}: {name} is private to {private[name]}")
    for path in sources(folder):
        if str(path.relative_to(top)) in private:
            continue
        if path.suffix == ".h" and re.search(r'#include\s*[<"](qcustomplot|grpcpp|libssh|uv)', path.read_text()):
            problems.append(f"{path.relative_to(top)}: keep library headers out of our headers")
for folder in ("core", "views", "app", "agents", "tests"):
    for path in sources(folder):
        if "fixtures" in path.parts:
            continue
        head = path.read_text(errors="replace")[:400]
        licence = "Apache-2.0" if folder == "agents" else "GPL-3.0-or-later"
        if f"SPDX-License-Identifier: {licence}" not in head and "SPDX-License-Identifier" not in head:
            problems.append(f"{path.relative_to(top)}: no SPDX line")
        elif folder == "agents" and licence not in head:
            problems.append(f"{path.relative_to(top)}: agents are {licence}")

print("\n".join(problems))
sys.exit(1 if problems else 0)
