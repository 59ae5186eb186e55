#!/usr/bin/env python3
"""The rules of STYLE.md that a script can see. Prints path:line: what is wrong and what to write instead.

    tools/check_style.py [--root DIR] [PATH...]   all sources, or these; exits 1 when a rule is broken
    tools/check_style.py --shrink                 lowers tools/function_lengths.txt to the code's lengths

Functions over 70 lines stand in tools/function_lengths.txt and may only shrink. A place that must break a
rule stands in tools/style_allowed.txt with its reason.
"""
import argparse
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from sources import code_of, comments_of, functions_of, includes_of, is_test, literals_of

LINE_MAX = 110
FUNCTION_MAX = 70
FILE_MAX = 400
MONEY = (
    r"(?:amount|money|balance|price|fee|interest|principal|instal+ment|payment|payout|kobo|cents|shillings)"
)
OPEN_TASK = "|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK"))


@dataclass(frozen=True)
class Rule:
    name: str
    pattern: re.Pattern
    instead: str
    where: str = "code"  # code, sql (string literals that hold SQL) or comment


def rule(name, pattern, instead, where="code"):
    return Rule(name, re.compile(pattern), instead, where)


NUMBER_PARSERS = (
    r"\b(?:std::)?(?:stoi|stol|stoll|stoul|stoull|stof|stod|atoi|atol|atoll|atof"
    r"|strtol|strtoll|strtoul|strtod|sscanf)\s*\("
)
ABBREVIATIONS = (
    r"\b(?:cfg|ctx|req|resp|msg|acct|amt|usr|mgr|svc|stmt|conn|buf|cnt|txn|tmp|attrs?|cb)\b"
)
RULES = [
    rule(
        "using-namespace",
        r"\busing\s+namespace\s+(?!std::\w*literals)",
        "name what you use: using std::chrono::seconds",
    ),
    rule(
        "parse-number",
        NUMBER_PARSERS,
        "parse with base/decimal.hpp or std::from_chars: they see what is left over",
    ),
    rule(
        "money-double",
        rf"\b(?:double|float)\s+\w*{MONEY}\w*\b|\b(?:double|float)\b[^;,)]*\b\w*{MONEY}\w*\s*\(",
        "no floating point touches money: Money, Rate or an integer of minor units",
    ),
    rule(
        "bare-random",
        r"\b(?:std::)?s?rand\s*\(|std::(?:mt19937|random_device|default_random_engine)",
        "take randomness from base/random.hpp, so that a test can fix it",
    ),
    rule(
        "bare-clock",
        r"\bsystem_clock::now\b|\b(?:std::)?time\s*\(\s*(?:nullptr|NULL|0)\s*\)|\bgettimeofday\b",
        "take the time from the Tx or base/clock.hpp, so that a test can move it",
    ),
    rule(
        "sleep",
        r"\bsleep_(?:for|until)\b|\b(?:u|nano)?sleep\s*\(",
        "wait on a condition variable or the Clock",
    ),
    rule(
        "print",
        r"\bstd::(?:cout|cerr|clog|endl)\b|\b(?:printf|puts)\s*\(",
        "write to the log; programs print in app/",
    ),
    rule(
        "raw-new",
        r"\bnew\s+[A-Za-z_]|\bdelete\s+(?:\[\]\s*)?[a-z_*]",
        "std::make_unique or a value",
    ),
    rule("null", r"\bNULL\b", "nullptr"),
    rule("typedef", r"\btypedef\b", "using Name = …"),
    rule("abbreviation", ABBREVIATIONS, "write the word out"),
    rule("select-star", r"\bSELECT\s+(?:\w+\.)?\*", "name the columns", "sql"),
    rule("for-update", r"\bFOR\s+(?:UPDATE|SHARE)\b", "tx.lock: SQLite knows no row locks", "sql"),
    rule(
        "sql-clock",
        r"(?i)\bnow\(\)|\bCURRENT_(?:TIMESTAMP|DATE|TIME)\b|\bdatetime\('now|\bclock_timestamp\(",
        "bind tx.now(): the database's clock cannot be moved",
        "sql",
    ),
    rule(
        "sql-random",
        r"(?i)\bgen_random_uuid\(|\brandom\(\)|\bnextval\(|\bAUTOINCREMENT\b|\bSERIAL\b",
        "bind tx.new_id(): the database's randomness cannot be fixed",
        "sql",
    ),
    rule(
        "sql-dialect",
        r"(?i)\bILIKE\b|\bINSERT\s+OR\s+\w+|\bREPLACE\s+INTO\b|::(?:text|bigint|int|jsonb?)\b|\bPRAGMA\b",
        "one SQL text serves both engines: lower(), ON CONFLICT, CAST",
        "sql",
    ),
    rule("open-task", rf"\b(?:{OPEN_TASK})\b", "write an issue, or do it", "comment"),
]
FREE_IN_TESTS = {"parse-number", "print"}
SQL = re.compile(r"\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|VALUES|FROM|WHERE|CREATE TABLE|PRAGMA)\b")
VAGUE_FILE = re.compile(
    r"(?:^|_)(?:utils?|helpers?|common|misc|managers?|service|impl)(?:_test)?\.(?:cpp|hpp)$"
)


class Exceptions:
    """tools/style_allowed.txt: RULE PATH  # reason. A folder ends in a slash and covers what it holds."""

    def __init__(self, path):
        self.problems, self.allowed = [], []
        for number, line in enumerate(path.read_text().splitlines() if path.is_file() else [], 1):
            entry, _, reason = line.partition("#")
            if not entry.strip():
                continue
            words = entry.split()
            if len(words) != 2 or len(reason.split()) < 3:
                self.problems.append((path, number, "write: RULE PATH  # the reason"))
            else:
                self.allowed.append(tuple(words))

    def allow(self, name, relative):
        return any(
            name == rule_name and (relative == path or (path.endswith("/") and relative.startswith(path)))
            for rule_name, path in self.allowed
        )


def banned(text):
    """(line, rule) of each banned word."""
    code, comments = code_of(text), comments_of(text)
    sql = [(line, content) for line, content in literals_of(text) if SQL.search(content)]
    for each in RULES:
        if each.where == "sql":
            for line, content in sql:
                if each.pattern.search(content):
                    yield line, each
            continue
        searched = comments if each.where == "comment" else code
        for match in each.pattern.finditer(searched):
            yield searched.count("\n", 0, match.start()) + 1, each


def check_text(path, relative, text, exceptions):
    """Rules about one file that need no other file."""
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        if len(line) > LINE_MAX:
            yield path, number, f"{len(line)} characters; break the line at {LINE_MAX}"
    if path.suffix == ".sql":
        for line, each in banned_in_sql(text):
            yield path, line, f"{each.name}: {each.instead}"
    if path.suffix not in (".cpp", ".hpp"):
        return
    for line, each in banned(text):
        is_free = is_test(path) and each.name in FREE_IN_TESTS
        if not is_free and not exceptions.allow(each.name, relative):
            yield path, line, f"{each.name}: {each.instead}"
    if len(lines) > FILE_MAX and not exceptions.allow("file-length", relative):
        text = f"{len(lines)} lines; a file over {FILE_MAX} holds two things: split it by noun"
        yield path, FILE_MAX + 1, text
    if path.suffix == ".hpp" and not re.match(r"\s*#pragma once\b", code_of(text)):
        yield path, 1, "a header begins with #pragma once"
    if VAGUE_FILE.search(path.name):
        yield path, 1, "name the file after the noun that it owns"


def banned_in_sql(text):
    without_comments = re.sub(r"--[^\n]*", "", text)
    for each in RULES:
        if each.where in ("sql", "comment"):
            for match in each.pattern.finditer(without_comments if each.where == "sql" else text):
                yield text.count("\n", 0, match.start()) + 1, each


def long_functions(relative, text):
    return {(relative, f.name): f for f in functions_of(text) if f.length > FUNCTION_MAX}


def read_baseline(path):
    entries = {}
    for line in path.read_text().splitlines() if path.is_file() else []:
        if line.strip() and not line.startswith("#"):
            file, name, length = line.split()
            entries[file, name] = int(length)
    return entries


def check_functions(root, long, baseline):
    for key, function in long.items():
        most = baseline.get(key, FUNCTION_MAX)
        if function.length > most:
            yield root / key[0], function.line, (
                f"{function.name} has {function.length} lines, {most} at most; make parts of it functions"
            )


def check_dead_headers(root, texts):
    """A header that only its own source or test includes is there for nobody."""
    included = {}
    for path, text in texts.items():
        for include in includes_of(text):
            included.setdefault(include.path, []).append(path)
    for path in texts:
        if path.suffix != ".hpp" or root / "src" not in path.parents:
            continue
        own = {path.with_suffix(".cpp"), path.with_name(path.stem + "_test.cpp")}
        if not set(included.get(path.relative_to(root / "src").as_posix(), [])) - own:
            yield path, 1, "nobody includes this header; use it or take it away"


def sources_of(root):
    """Everything that the rules are for, below the folders of ours."""
    for folder in ("src", "bench", "tests", "tools", "migrations"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".cpp", ".hpp", ".py", ".sql") and "node_modules" not in path.parts:
                yield path


def check(root, only=None):
    """All violations below root (or in `only`), as (path, line, text)."""
    texts = {path: path.read_text() for path in sources_of(root)}
    exceptions = Exceptions(root / "tools" / "style_allowed.txt")
    violations, long = list(exceptions.problems), {}
    for path, text in texts.items():
        relative = path.relative_to(root).as_posix()
        violations += check_text(path, relative, text, exceptions)
        if path.suffix in (".cpp", ".hpp"):
            long.update(long_functions(relative, text))
    violations += check_functions(root, long, read_baseline(root / "tools" / "function_lengths.txt"))
    for path, line, text in check_dead_headers(root, texts):
        if not exceptions.allow("dead-header", path.relative_to(root).as_posix()):
            violations.append((path, line, text))
    return [v for v in violations if only is None or v[0] in only]


def shrink(root):
    """Lowers the baseline to the present lengths; never raises an entry, never adds one."""
    path = root / "tools" / "function_lengths.txt"
    now = {}
    for source in sources_of(root):
        if source.suffix in (".cpp", ".hpp"):
            now.update(long_functions(source.relative_to(root).as_posix(), source.read_text()))
    head = [line for line in path.read_text().splitlines() if line.startswith("#")] if path.is_file() else []
    kept = [
        f"{file} {name} {min(most, now[file, name].length)}"
        for (file, name), most in read_baseline(path).items()
        if (file, name) in now
    ]
    path.write_text("\n".join(head + sorted(kept)) + "\n")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--root", type=Path, default=Path(__file__).parent.parent)
    arguments.add_argument("--shrink", action="store_true", help="lower tools/function_lengths.txt")
    arguments.add_argument("paths", nargs="*", type=Path)
    given = arguments.parse_args()
    root = given.root.resolve()
    if given.shrink:
        shrink(root)
        return 0
    violations = check(root, {p.resolve() for p in given.paths} or None)
    for path, line, text in violations:
        print(f"{path.relative_to(root)}:{line}: {text}")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
