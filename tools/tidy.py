#!/usr/bin/env python3
"""Runs clang-tidy over the given C++ files with the release build's commands. Exits 1 on any finding.

    tools/tidy.py FILE...    files without a compile command are passed over

The commands are g++'s: what clang does not take (g++'s precompiled header and warnings) is left out first.
"""
import json
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "release"
NOT_FOR_CLANG = re.compile(
    r"\s-(?:Winvalid-pch|fpch-preprocess|Werror|Wno-(?:restrict|maybe-uninitialized|stringop-overflow))\b"
)
PRECOMPILED = re.compile(r"\s-include\s+(\S+cmake_pch\.hxx)")


def commands(wanted):
    """The compile commands of the wanted files, as clang takes them."""
    kept = []
    for entry in json.loads((BUILD / "compile_commands.json").read_text()):
        if Path(entry["file"]).resolve() not in wanted:
            continue
        command = re.sub(r"^.*?(\S*g\+\+)", r"\1", entry["command"], count=1)
        command = NOT_FOR_CLANG.sub("", command)
        # The header's text stands in for its compiled form, which only g++ reads.
        command = PRECOMPILED.sub(lambda match: f" -include {plain_header(Path(match.group(1)))}", command)
        kept.append({**entry, "command": command})
    return kept


def plain_header(path):
    """A copy of the precompiled header's source, away from g++'s compiled form of it."""
    copy = ROOT / "build" / "tidy" / "headers.hpp"
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_text(re.sub(r"#pragma GCC system_header\n", "", path.read_text()))
    return copy


def tidy(path):
    done = subprocess.run(
        ["clang-tidy-14", "--quiet", "-p", ROOT / "build" / "tidy", path],
        capture_output=True, text=True, check=False,
    )
    return done.returncode, done.stdout


def main():
    if shutil.which("clang-tidy-14") is None or not (BUILD / "compile_commands.json").is_file():
        print("clang-tidy-14 or the release build is not there: not run (make build)", file=sys.stderr)
        return 0
    wanted = {Path(each).resolve() for each in sys.argv[1:]}
    entries = commands(wanted)
    if not entries:
        return 0
    (ROOT / "build" / "tidy" / "compile_commands.json").write_text(json.dumps(entries))
    failed = False
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for code, output in pool.map(tidy, [entry["file"] for entry in entries]):
            failed |= code != 0
            print(output, end="")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
