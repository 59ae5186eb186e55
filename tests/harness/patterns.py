"""What a transcript expects: JSON with `…` for "and more", `<name>` to capture or compare, `<*>`.

Inside text `…` is anything and `<name>` a captured part: "/documents/<document>/download/", "LF2026…".
"""
import json
import re
from dataclasses import dataclass

from .client import Number, write_json

WIDTH = 110
NAME = r"[a-z_][a-z0-9_]*(?:\.[a-z0-9_]+)*"
HOLE = re.compile(rf"<(\*|{NAME})>|…")
TOKEN = re.compile(
    rf"""\s*(?:(?P<string>"(?:\\.|[^"\\])*")|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"""
    rf"""|(?P<word>true|false|null)|<(?P<hole>\*|{NAME})>|(?P<mark>[\[\]{{}},:…]))"""
)
WORDS = {"true": True, "false": False, "null": None}
# Values that differ from run to run, as a rewritten transcript leaves them open.
VOLATILE = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*(?:Z|[+-]\d\d:\d\d)"
    r"|req_\w+|ey[\w-]+\.[\w-]+\.[\w-]+|[A-Za-z0-9_-]{40,}"
)


class PatternError(ValueError):
    """The text is no pattern, or asks for a value that nothing captured."""


@dataclass(frozen=True)
class Hole:
    """`<name>`, or `<*>` with the name None."""

    name: str | None


@dataclass(frozen=True)
class Text:
    """A string with holes in it."""

    source: str


@dataclass(frozen=True)
class Open:
    """An object or array; with has_more it may hold more than the content says."""

    content: dict | list
    has_more: bool


def parse(text):
    """Reads a whole pattern; raises PatternError."""
    node, position = _parse_value(text, 0)
    if text[position:].strip():
        raise PatternError(f"unexpected {text[position:].strip()[:40]!r} after the JSON")
    return node


def is_balanced(text):
    """Whether every bracket that the text opens is closed in it, so that it ends here."""
    bare = re.sub(r'"(?:\\.|[^"\\])*"', '""', text)
    return sum(bare.count(c) for c in "[{") <= sum(bare.count(c) for c in "]}")


def _next(text, position):
    match = TOKEN.match(text, position)
    if match is None:
        raise PatternError(f"cannot read {text[position:].strip()[:40]!r}")
    return match


def _parse_value(text, position):
    token = _next(text, position)
    if token["string"] is not None:
        return _string(token["string"]), token.end()
    if token["number"] is not None:
        number = token["number"]
        return (int(number) if re.fullmatch(r"-?\d+", number) else Number(number)), token.end()
    if token["word"] is not None:
        return WORDS[token["word"]], token.end()
    if token["hole"] is not None:
        return Hole(None if token["hole"] == "*" else token["hole"]), token.end()
    if token["mark"] == "{":
        return _parse_members(text, token.end())
    if token["mark"] == "[":
        return _parse_items(text, token.end())
    raise PatternError(f"unexpected {token['mark']!r}")


def _string(source):
    try:
        value = json.loads(source)
    except ValueError as error:
        raise PatternError(f"{source}: {error}") from None
    return Text(value) if HOLE.search(value) else value


def _parse_members(text, position):
    members, has_more = {}, False
    while True:
        token = _next(text, position)
        if token["mark"] == "}":
            return Open(members, has_more), token.end()
        if token["mark"] == "…":
            has_more = True
        elif token["string"] is not None:
            key = json.loads(token["string"])
            if key in members:
                raise PatternError(f"the member {key!r} stands twice")
            colon = _next(text, token.end())
            if colon["mark"] != ":":
                raise PatternError(f"a colon is missing after {token['string']}")
            members[key], end = _parse_value(text, colon.end())
            position = _after_comma(text, end, "}")
            continue
        elif token["mark"] != ",":
            raise PatternError(f"unexpected {token.group().strip()!r} in an object")
        position = token.end()


def _parse_items(text, position):
    items, has_more = [], False
    while True:
        token = _next(text, position)
        if token["mark"] == "]":
            return Open(items, has_more), token.end()
        if token["mark"] == "…":
            has_more = True
            position = _after_comma(text, token.end(), "]")
            continue
        item, end = _parse_value(text, position)
        items.append(item)
        position = _after_comma(text, end, "]")


def _after_comma(text, position, closing):
    token = _next(text, position)
    if token["mark"] == ",":
        return token.end()
    if token["mark"] == closing:
        return position
    raise PatternError(f"unexpected {token.group().strip()[:40]!r}; a comma or {closing} is missing")


def fill(text, variables):
    """The text with each <name> replaced by its value."""

    def value(match):
        if match.group(0) == "…" or match.group(1) == "*":
            return match.group(0)
        if match.group(1) not in variables:
            raise PatternError(f"<{match.group(1)}> was not captured")
        return as_text(variables[match.group(1)])

    return HOLE.sub(value, text)


def fill_expression(text, variables):
    """A regular expression with each <name> that was captured replaced by its value; (?P<name>…) captures."""

    def value(match):
        known = match.group(1) in variables
        return re.escape(as_text(variables[match.group(1)])) if known else match.group(0)

    return re.sub(rf"(?<!\?P)<({NAME})>", value, text)


def evaluate(node, variables):
    """The plain value of a pattern without open ends: what a request sends."""
    if isinstance(node, Hole):
        if node.name is None or node.name not in variables:
            raise PatternError(f"<{node.name or '*'}> has no value to send")
        return variables[node.name]
    if isinstance(node, Text):
        return fill(node.source, variables)
    if isinstance(node, Open):
        if node.has_more:
            raise PatternError("a request cannot hold …")
        if isinstance(node.content, dict):
            return {key: evaluate(value, variables) for key, value in node.content.items()}
        return [evaluate(value, variables) for value in node.content]
    return node


def as_text(value):
    return value if isinstance(value, str) else write_json(value)


def match(node, value, variables, where="$"):
    """Differences between pattern and value, as sentences; captures into `variables` what it lacks."""
    if isinstance(node, Hole):
        return _match_hole(node, value, variables, where)
    if isinstance(node, Text):
        return _match_text(node, value, variables, where)
    if isinstance(node, Open):
        if isinstance(node.content, dict):
            return _match_object(node, value, variables, where)
        return _match_array(node, value, variables, where)
    if type(node) is not type(value) or write_json(node) != write_json(value):
        return [f"{where}: expected {write_json(node)}, got {write_json(value)}"]
    return []


def _match_hole(node, value, variables, where):
    if node.name is None:
        return []
    if node.name not in variables:
        variables[node.name] = value
        return []
    known = variables[node.name]
    if write_json(known) != write_json(value):
        return [f"{where}: expected <{node.name}> = {write_json(known)}, got {write_json(value)}"]
    return []


def _match_text(node, value, variables, where):
    if not isinstance(value, str):
        return [f"{where}: expected the text {node.source!r}, got {write_json(value)}"]
    expression, names, end = "", [], 0
    for hole in HOLE.finditer(node.source):
        expression += re.escape(node.source[end : hole.start()])
        name = hole.group(1)
        if name in (None, "*"):
            expression += ".*?"
        elif name in variables:
            expression += re.escape(as_text(variables[name]))
        elif name in names:
            expression += f"(?P=v{names.index(name)})"
        else:
            expression += f"(?P<v{len(names)}>.+?)"
            names.append(name)
        end = hole.end()
    found = re.fullmatch(expression + re.escape(node.source[end:]), value, re.S)
    if not found:
        return [f"{where}: expected the text {node.source!r}, got {write_json(value)}"]
    variables.update({name: found.group(f"v{index}") for index, name in enumerate(names)})
    return []


def _match_object(node, value, variables, where):
    if not isinstance(value, dict):
        return [f"{where}: expected an object, got {write_json(value)[:200]}"]
    found = []
    for key, member in node.content.items():
        if key in value:
            found += match(member, value[key], variables, f"{where}.{key}")
        else:
            found.append(f"{where}.{key}: is missing")
    if not node.has_more:
        found += [f"{where}.{key}: is not expected" for key in value if key not in node.content]
    return found


def _match_array(node, value, variables, where):
    if not isinstance(value, list):
        return [f"{where}: expected an array, got {write_json(value)[:200]}"]
    if len(value) < len(node.content) or (len(value) > len(node.content) and not node.has_more):
        return [f"{where}: expected {len(node.content)} items, got {len(value)}: {write_json(value)[:300]}"]
    found = []
    for index, (item, actual) in enumerate(zip(node.content, value)):
        found += match(item, actual, variables, f"{where}[{index}]")
    return found


def rewrite(node, value, variables):
    """The pattern changed as little as makes it match the value. Node None writes the value anew."""
    if node is not None and not match(node, value, dict(variables)):
        return node
    if isinstance(value, dict):
        content = node.content if isinstance(node, Open) and isinstance(node.content, dict) else {}
        has_more = bool(content) and node.has_more
        kept = {key: rewrite(content[key], value[key], variables) for key in content if key in value}
        if not has_more:
            kept |= {k: rewrite(None, v, variables) for k, v in value.items() if k not in content}
        return Open(kept, has_more)
    if isinstance(value, list):
        content = node.content if isinstance(node, Open) and isinstance(node.content, list) else []
        has_more = bool(content) and node.has_more
        length = min(len(content), len(value)) if has_more else len(value)
        padded = list(content[:length]) + [None] * (length - len(content))
        return Open([rewrite(item, each, variables) for item, each in zip(padded, value)], has_more)
    return generalise(value, variables)


def generalise(value, variables):
    """A value as a rewritten transcript shows it: captured values by their name, volatile ones open."""
    if not isinstance(value, str):
        return value
    for name, known in variables.items():
        if isinstance(known, str) and len(known) >= 8:
            if known == value:
                return Hole(name)
            value = value.replace(known, f"<{name}>")
    if VOLATILE.fullmatch(value):
        return Hole(None)
    value = VOLATILE.sub("<*>", value)
    return Text(value) if HOLE.search(value) else value


def render(node, indent=0, used=0):
    """The pattern as text, on one line where it fits."""
    line = _one_line(node)
    if used + indent + len(line) <= WIDTH or not isinstance(node, Open) or not node.content:
        return line
    inner = " " * (indent + 4)
    if isinstance(node.content, dict):
        parts = [
            f"{json.dumps(key)}: {render(value, indent + 4, len(json.dumps(key)) + 3)}"
            for key, value in node.content.items()
        ]
    else:
        parts = [render(value, indent + 4, 1) for value in node.content]
    parts += ["…"] * node.has_more
    opening, closing = "{}" if isinstance(node.content, dict) else "[]"
    return opening + "\n" + inner + (",\n" + inner).join(parts) + "\n" + " " * indent + closing


def _one_line(node):
    if isinstance(node, Hole):
        return f"<{node.name or '*'}>"
    if isinstance(node, Text):
        return json.dumps(node.source, ensure_ascii=False)
    if isinstance(node, Open):
        if isinstance(node.content, dict):
            parts = [f"{json.dumps(key)}: {_one_line(value)}" for key, value in node.content.items()]
            return "{" + ", ".join(parts + ["…"] * node.has_more) + "}"
        return "[" + ", ".join([_one_line(value) for value in node.content] + ["…"] * node.has_more) + "]"
    return write_json(node)
