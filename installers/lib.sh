# SPDX-FileCopyrightText: 2026 The Pilothouse developers
# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by run, check and bench: one place for packages, the build and what the user is told.

set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
cd "$top"
cache=${XDG_CACHE_HOME:-$HOME/.cache}/pilothouse-build
jobs=${PILOTHOUSE_JOBS:-$(nproc)}
export CCACHE_DIR="${CCACHE_DIR:-$cache/ccache}"

say() { printf '%s\n' "$*"; }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1; then
        sudo "$@"
    else
        say "This needs root, and there is no sudo here. Run as root: $*" >&2
        exit 1
    fi
}

# packages GROUP...: installs what is missing of installers/packages.txt, said beforehand.
packages() {
    if ! command -v apt-get >/dev/null 2>&1; then
        say "No apt-get here: install what installers/packages.txt names by your own means."
        return 0
    fi
    wanted=""
    for group in "$@"; do
        wanted="$wanted $(sed -n "s/^$group  *//p" installers/packages.txt | tr '\n' ' ')"
    done
    # shellcheck disable=SC2086
    present=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' $wanted 2>/dev/null | sed -n 's/^installed //p')
    missing=""
    for package in $wanted; do
        printf '%s\n' "$present" | grep -qx "$package" || missing="$missing $package"
    done
    [ -z "$missing" ] && return 0
    say "Installing Debian packages:$missing"
    as_root apt-get update -q
    # shellcheck disable=SC2086
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing
}

# zig builds the GPU helper for old hosts; without it the build falls back to this machine's compiler.
zig() {
    [ -x installers/fetch-zig ] || return 0
    installers/fetch-zig || say "Going on without zig: the GPU helper will need this machine's glibc or newer."
}

# NVRTC compiles the GPU test's kernels; without it only that program is left out.
nvrtc() {
    [ -x installers/fetch-nvrtc ] || return 0
    installers/fetch-nvrtc || say "Going on without NVRTC: the GPU test is left out."
}

# build PRESET [cmake options...]: configures once, builds with progress.
build() {
    preset=$1
    shift
    if [ ! -f "build/$preset/build.ninja" ] || [ $# -gt 0 ]; then
        say "Configuring $preset"
        cmake --preset "$preset" "$@" >"build-$preset.log" 2>&1 || {
            tail -n 30 "build-$preset.log" >&2
            exit 1
        }
        mkdir -p "build/$preset"
        mv "build-$preset.log" "build/$preset/configure.log"
    fi
    NINJA_STATUS="[%f/%t, %es] " ninja -C "build/$preset" -j "$jobs"
}
