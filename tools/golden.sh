#!/bin/sh
# golden.sh: rewrites the transcripts' answers and the golden files under api/ from what the server says now.
set -eu
cd "$(dirname "$0")/.."
export UPDATE=1
/usr/bin/python3 -m pytest -c tests/pytest.ini -q tests/api tests/contract --engine sqlite
git --no-pager diff --stat -- api tests
