#!/usr/bin/env python3
"""summary.py CTEST.xml PYTEST.xml...: one closing line, N passed, M failed; exits 1 unless all passed.

Of ctest's report each GoogleTest case counts; a program that ended without saying counts as one failure.
A report that is missing, or that ran nothing, is a failure too: a stage that did not run has not passed.
"""
import re
import sys
import xml.etree.ElementTree as xml
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Count:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other):
        return Count(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)


def count_ctest(root):
    """Counts GoogleTest's cases in the output that ctest kept of each program."""
    total = Count()
    for case in root.iter("testcase"):
        output = "".join(part.text or "" for part in case.iter("system-out"))

        def number(word):
            return sum(int(found) for found in re.findall(rf"^\[  {word} +\] (\d+) tests?", output, re.M))

        counted = Count(number("PASSED"), number("FAILED"), number("SKIPPED"))
        if case.get("status") != "run" and counted.failed == 0:
            counted.failed = 1
        elif counted == Count():
            counted.passed = 1
        total += counted
    return total


def count_pytest(root):
    total = Count()
    for suite in root.iter("testsuite"):
        failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped = int(suite.get("skipped", 0))
        total += Count(max(0, int(suite.get("tests", 0)) - failed - skipped), failed, skipped)
    return total


def count(path):
    """The cases of one report, of either kind."""
    try:
        root = xml.parse(path).getroot()
    except (OSError, xml.ParseError) as error:
        print(f"{path}: {error}", file=sys.stderr)
        return Count(failed=1)
    is_pytest = any(suite.get("name") == "pytest" for suite in root.iter("testsuite"))
    total = count_pytest(root) if is_pytest else count_ctest(root)
    if total.passed + total.failed == 0:
        print(f"{path}: no test ran", file=sys.stderr)
        total.failed = 1
    return total


def line_of(total):
    skipped = f", {total.skipped} skipped" if total.skipped else ""
    return f"{total.passed} passed, {total.failed} failed{skipped}"


def main():
    total = Count()
    for path in sys.argv[1:]:
        counted = count(Path(path))
        print(f"{Path(path).stem}: {line_of(counted)}")
        total += counted
    print(line_of(total))
    return 1 if total.failed or not total.passed else 0


if __name__ == "__main__":
    sys.exit(main())
