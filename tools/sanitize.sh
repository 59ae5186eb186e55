#!/bin/sh
# sanitize.sh asan|tsan: the unit tests and what speaks to the server, built with sanitizers; any finding fails.
# Under tsan only the race tests speak to the server: they are what threads meet in.
set -eu
cd "$(dirname "$0")/.."
preset=$1
tools/build.sh "$preset"
export PRESET="$preset" PAMOJA_BINARY="$PWD/build/$preset/pamoja"
export ASAN_OPTIONS=detect_stack_use_after_return=1:halt_on_error=1
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
export TSAN_OPTIONS="halt_on_error=1 second_deadlock_stack=1"
if [ -z "${PAMOJA_TEST_PG:-}" ]; then
    exec env PYTHONPATH=tests /usr/bin/python3 -m harness.postgres "$0" "$@"
fi
ctest --test-dir "build/$preset" --output-on-failure --timeout 900 --no-tests=error
tests=tests/api
if [ "$preset" = tsan ]; then tests=tests/properties/test_races.py; fi
/usr/bin/python3 -m pytest -c tests/pytest.ini -q "$tests"
