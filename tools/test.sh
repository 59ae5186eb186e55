#!/bin/bash
# test.sh [sqlite|postgres]: everything that CI runs, on both engines unless one is named. Each stage runs even when
# an earlier one failed, except that nothing can be tested that was not built. Closes with "N passed, M failed".
set -u
cd "$(dirname "$0")/.."
engine=${1:-}

# One PostgreSQL for all stages: this script starts itself again below it.
if [ -z "${PAMOJA_TEST_PG:-}" ]; then
    exec env PYTHONPATH=tests /usr/bin/python3 -m harness.postgres "$0" "$@"
fi

preset=${PRESET:-release}
reports=build/reports
rm -rf "$reports"
mkdir -p "$reports"
failed_stages=()

stage() { # NAME COMMAND...: runs it and prints how long it took
    local name=$1 start=$SECONDS
    shift
    printf '== %s\n' "$name"
    "$@" || failed_stages+=("$name")
    printf '== %s took %d s\n' "$name" $((SECONDS - start))
}

unit_tests() {
    ctest --test-dir "build/$preset" --output-on-failure --timeout 300 --no-tests=error \
        --output-junit "$PWD/$reports/unit.xml" --test-output-size-passed 10000000 \
        --test-output-size-failed 10000000 | tail -n 200
    return "${PIPESTATUS[0]}"
}

pytest() { # REPORT ARGUMENT...
    local report=$1
    shift
    PAMOJA_BINARY=${PAMOJA_BINARY:-$PWD/build/$preset/pamoja} PYTHONDONTWRITEBYTECODE=1 \
        /usr/bin/python3 -m pytest -c tests/pytest.ini -q --durations=5 --junitxml="$reports/$report.xml" "$@"
}

stage checks tools/check.sh --fast
stage build tools/build.sh "$preset"
if [[ " ${failed_stages[*]} " == *" build "* ]]; then
    echo "0 passed, 1 failed"
    exit 1
fi
stage unit-tests unit_tests
stage black-box-tests pytest black-box tests ${engine:+--engine "$engine"}

if [ ${#failed_stages[@]} -gt 0 ]; then echo "failed: ${failed_stages[*]}"; fi
python3 tools/summary.py "$reports"/*.xml || exit 1
[ ${#failed_stages[@]} -eq 0 ]
