#!/bin/sh
# format.sh -i | --dry-run [FILE...]: clang-format over our C++, or over the files given.
set -eu
cd "$(dirname "$0")/.."
mode=$1
shift
if [ $# -eq 0 ]; then
    # shellcheck disable=SC2046  # our file names hold no spaces
    set -- $(find src bench tests -name node_modules -prune -o \( -name '*.cpp' -o -name '*.hpp' \) -print)
fi
[ $# -gt 0 ] || exit 0
printf '%s\n' "$@" | xargs -P 2 -n 40 clang-format-14 --style=file -Werror "$mode"
