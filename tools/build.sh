#!/bin/sh
# build.sh PRESET [TARGET...]: configures once and builds; prints only what is wrong.
set -eu
cd "$(dirname "$0")/.."
preset=${1:-release}
[ $# -gt 0 ] && shift
mkdir -p build
if [ ! -f "build/$preset/build.ninja" ]; then
    cmake --preset "$preset" >"build/configure-$preset.log" 2>&1 || {
        cat "build/configure-$preset.log" >&2
        exit 1
    }
fi
if [ $# -gt 0 ]; then set -- --target "$@"; fi
if [ -t 1 ]; then
    cmake --build --preset "$preset" "$@"
else
    # Without a terminal a progress line a file is noise; errors are kept whole.
    log=build/build-$preset.log
    cmake --build --preset "$preset" "$@" >"$log" 2>&1 || {
        grep -vE '^\[[0-9]+/[0-9]+\] (Building|Linking)' "$log" | tail -n 200 >&2
        exit 1
    }
    tail -n 1 "$log"
fi
