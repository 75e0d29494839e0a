# SPDX-FileCopyrightText: 2026 The Pilothouse developers
# SPDX-License-Identifier: Apache-2.0
"""Our own agent code must call nothing that a static program can only do by loading host libraries.

usage: check_symbols.py NM ARCHIVE...
"""
import re
import subprocess
import sys

FORBIDDEN = re.compile(
    r"^(getpw|getgr|getaddrinfo|getnameinfo|gethostby|getservby|getprotoby|initgroups|iconv|dlopen|dlsym"
    # Only found in a shared library here: the linker then leaves a call to address 0.
    r"|XXH)"
)

nm, archives = sys.argv[1], sys.argv[2:]
bad = []
seen = 0
for archive in archives:
    text = subprocess.run([nm, "--undefined-only", archive], check=True, capture_output=True, text=True).stdout
    where = ""
    for line in text.splitlines():
        if line.endswith(":"):
            where = line[:-1]
        elif line.split():
            seen += 1
            symbol = line.split()[-1]
            if FORBIDDEN.match(symbol):
                bad.append(f"{archive}({where}): {symbol}")
if not seen:
    sys.exit("no symbols were read: is this an archive?")
if bad:
    sys.exit("forbidden in the static agent:\n" + "\n".join(bad))
print(f"{seen} undefined symbols, none forbidden")
