"""Runs tests/api/FACE/NAME.api: requests and expected answers as text. tests/api/README.md tells the form."""
import json
import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from .patterns import PatternError, is_balanced, parse

METHODS = "GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS"
UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}
IS_UPDATE = os.environ.get("UPDATE") == "1"


class TranscriptError(AssertionError):
    """A transcript cannot be read, or the server did not answer as it says."""


@dataclass
class Expectation:
    """STATUS and what follows it; lines [start, end) of the file, so that they can be rewritten."""

    status: int
    kind: str  # json, text, empty or any
    pattern: object = None
    start: int = 0
    end: int = 0


@dataclass
class Step:
    """One command of a transcript."""

    command: str
    line: int  # counted from 1
    words: dict = field(default_factory=dict)
    expected: Expectation | None = None
    end: int = 0  # the line index behind the step, where a missing answer is put
    headers: list = field(default_factory=list)  # (name, pattern) expected of the answer


COMMANDS = [
    ("fresh", r"fresh server(?: at (?P<at>\S+))?(?P<limits> with limits)?"),
    ("restart", r"restart server"),
    ("crash", r"crash server"),
    ("user", r"user (?P<name>[a-z_]+)(?: (?P<email>\S+))?"),
    ("login", r"login (?P<name>[a-z_]+)(?: (?P<email>\S+) (?P<password>\S+))?"),
    ("as", r"as (?P<name>[a-z_]+)"),
    ("let", r"let (?P<name>[a-z_]+) (?P<json>.+)"),
    ("with", r"with (?P<header>[A-Za-z0-9-]+): ?(?P<value>.*)"),
    ("sign", r"sign (?P<header>[A-Za-z0-9-]+)"),
    ("header", r"header (?P<header>[A-Za-z0-9-]+): ?(?P<value>.*)"),
    ("advance", r"advance (?P<count>\d+) (?P<unit>second|minute|hour|day|week)s?"),
    ("totp", r"totp (?P<name>[a-z_]+) of (?P<secret>\S+)"),
    ("message", r"message (?P<channel>email|sms|push) to (?P<to>\S+) contains (?P<pattern>.+)"),
    (
        "mpesa",
        r"mpesa next (?P<phone>\S+) (?P<outcome>[a-z0-9_]+)"
        r"(?: count (?P<count>\d+))?(?: after (?P<delay>\d+) ms)?",
    ),
    ("ledger", r"ledger (?P<changes>.+)"),
    ("sandbox", rf"sandbox (?P<method>{METHODS}) (?P<path>\S+)(?: (?P<body>.+))?"),
    ("wait", r"wait (?P<method>GET) (?P<path>\S+) until (?P<answer>\d{3}.*)"),
    ("request", rf"(?P<method>{METHODS}) (?P<path>\S+)(?: (?P<body>.+))?"),
]
COMMANDS = [(name, re.compile(expression, re.S)) for name, expression in COMMANDS]


@dataclass
class Transcript:
    """A file, read."""

    path: Path
    lines: list
    steps: list

    @property
    def fresh(self):
        """The step that asks for a server of its own, or None."""
        return next((step for step in self.steps if step.command == "fresh"), None)


def read_transcript(path):
    """Reads a transcript; raises TranscriptError that names the line."""
    lines = Path(path).read_text().splitlines()
    transcript, index = Transcript(Path(path), lines, []), 0
    while index < len(lines):
        text, end = _join(lines, index)
        if text and not text.startswith("#"):
            try:
                _read_step(transcript, text, index, end)
            except PatternError as error:
                raise TranscriptError(f"{path}:{index + 1}: {error}") from None
        index = end
    return transcript


def _join(lines, index):
    """A command with the lines that its open brackets continue on, and the index behind it."""
    text, end = lines[index].strip(), index + 1
    if text.startswith("#") or re.match(r"message |ledger ", text):
        return text, end
    while end < len(lines) and not is_balanced(text):
        text += "\n" + lines[end]
        end += 1
    return text, end


def _read_step(transcript, text, index, end):
    if re.match(r"\d{3}\b", text):
        request = transcript.steps[-1] if transcript.steps else None
        if request is None or request.command not in ("request", "sandbox") or request.expected:
            raise PatternError("an answer stands below one request")
        request.expected = _read_expectation(text, index, end)
        return
    for name, expression in COMMANDS:
        match = expression.fullmatch(text)
        if not match:
            continue
        step = Step(name, index + 1, match.groupdict(), end=end)
        if name == "header":
            request = transcript.steps[-1] if transcript.steps else None
            if request is None or request.expected is None:
                raise PatternError("'header' stands below an answer")
            pattern = parse(json.dumps(step.words["value"], ensure_ascii=False))
            request.headers.append((step.words["header"], pattern))
            return
        if name == "fresh" and transcript.steps:
            raise PatternError("'fresh server' stands first")
        if name == "wait":
            step.expected = _read_expectation(step.words["answer"], index, end)
        transcript.steps.append(step)
        return
    raise PatternError(f"no such command: {text.splitlines()[0][:80]}")


def _read_expectation(text, start, end):
    status, rest = int(text[:3]), text[3:].strip()
    if not rest:
        return Expectation(status, "any", None, start, end)
    if rest == "empty":
        return Expectation(status, "empty", None, start, end)
    kind = "text" if rest.startswith("text ") else "json"
    return Expectation(status, kind, parse(rest[5:] if kind == "text" else rest), start, end)
