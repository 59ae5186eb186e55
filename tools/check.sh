#!/bin/sh
# check.sh [--staged | --fast | --all]: layers, style and format; then clang-tidy on what changed since the last
# commit, which takes some seconds a file (not with --staged and --fast; with --all on every file).
set -u
cd "$(dirname "$0")/.."
scope=${1:-changed}
failed=0

# The C++ files of the scope, one a line.
changed() {
    case "$scope" in
        --staged) git diff --cached --name-only --diff-filter=ACMR ;;
        --all) git ls-files ;;
        *) { git diff --name-only --diff-filter=ACMR HEAD; git ls-files --others --exclude-standard; } ;;
    esac 2>/dev/null | grep -E '^(src|bench|tests)/.*\.(cpp|hpp)$' | sort -u
}

python3 tools/check_layers.py || failed=1
if [ "$scope" = --staged ]; then
    files=$(git diff --cached --name-only --diff-filter=ACMR | grep -E '\.(cpp|hpp|py|sql)$' || true)
    # shellcheck disable=SC2086  # our file names hold no spaces
    [ -z "$files" ] || python3 tools/check_style.py $files || failed=1
else
    python3 tools/check_style.py || failed=1
fi

if command -v clang-format-14 >/dev/null; then
    if [ "$scope" = --staged ]; then files=$(changed); else files=; fi
    if [ "$scope" != --staged ] || [ -n "$files" ]; then
        # shellcheck disable=SC2086
        tools/format.sh --dry-run $files || { failed=1; echo "run: make fix" >&2; }
    fi
else
    echo "clang-format-14 is not installed: format not checked (make setup)" >&2
fi

if [ "$scope" != --staged ] && [ "$scope" != --fast ]; then
    files=$(changed | grep '\.cpp$' || true)
    # shellcheck disable=SC2086
    [ -z "$files" ] || python3 tools/tidy.py $files || failed=1
fi
exit $failed
