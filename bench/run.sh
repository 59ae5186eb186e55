#!/bin/sh
# Compares us with what others would use, on this machine, and prints one table. Takes about six minutes.
# run.sh [--seconds N]: how long each measurement lasts.
set -eu
cd "$(dirname "$0")/.."
tools/build.sh release app pamoja_bench pamoja_policies_bench pamoja_jobs_bench pamoja_tenants_bench
tools/npm.sh bench/npm
exec env PYTHONPATH=tests python3 bench/run.py "$@"
