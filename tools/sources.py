"""Reading C++ well enough for the checks: comments, literals, includes and functions, without a compiler."""
import re
from dataclasses import dataclass
from pathlib import Path

TOKEN = re.compile(
    r"""(?P<raw>R"(?P<tag>[^()\\\s]{0,16})\((?P<inner>.*?)\)(?P=tag)")"""
    r"""|(?P<string>"(?:\\.|[^"\\\n])*")"""
    r"""|(?P<digits>\b\d[\w']*)"""
    r"""|(?P<char>'(?:\\.|[^'\\\n])+')"""
    r"""|(?P<line>//[^\n]*)"""
    r"""|(?P<block>/\*.*?\*/)""",
    re.S | re.X,
)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+(?:"([^"]+)"|<([^>]+)>)', re.M)
DIRECTIVE = re.compile(r"^[ \t]*#[^\n]*(?:\\\n[^\n]*)*", re.M)


@dataclass(frozen=True)
class Include:
    line: int
    path: str
    is_quoted: bool


@dataclass(frozen=True)
class Function:
    line: int
    name: str
    length: int


def is_test(path):
    return Path(path).name.endswith("_test.cpp")


def code_of(text, keep_strings=False):
    """The text with comments blanked, and the insides of literals unless kept; line numbers stay right."""

    def blank(match):
        whole = match.group(0)
        if match.group("digits"):
            return whole.replace("'", "")
        if match.group("line") or match.group("block"):
            return re.sub(r"[^\n]", " ", whole)
        if keep_strings:
            return whole
        return whole[0] + re.sub(r"[^\n]", " ", whole[1:-1]) + whole[-1]

    return TOKEN.sub(blank, text)


def comments_of(text):
    """The text with everything but comments blanked; line numbers stay right."""
    kept, end = [], 0
    for match in TOKEN.finditer(text):
        if match.group("line") or match.group("block"):
            kept += [re.sub(r"[^\n]", " ", text[end : match.start()]), match.group(0)]
            end = match.end()
    return "".join(kept)


def includes_of(text):
    """Every #include of a file."""
    text = code_of(text, keep_strings=True)
    return [
        Include(text.count("\n", 0, match.start()) + 1, match[1] or match[2], match[1] is not None)
        for match in INCLUDE.finditer(text)
    ]


def literals_of(text):
    """(line, content) of every string, with adjacent literals joined as the compiler joins them."""
    found, end = [], None
    for match in TOKEN.finditer(text):
        if match.group("raw"):
            content = match.group("inner")
        elif match.group("string"):
            content = match.group("string")[1:-1]
        else:
            continue
        if end is not None and not text[end : match.start()].strip():
            found[-1] = (found[-1][0], found[-1][1] + content)
        else:
            found.append((text.count("\n", 0, match.start()) + 1, content))
        end = match.end()
    return found


def functions_of(text):
    """Functions and test bodies at namespace or class level, with their length in lines."""
    code = DIRECTIVE.sub(lambda match: re.sub(r"[^\n]", " ", match.group(0)), code_of(text))
    found, position, head = [], 0, 0
    while (match := re.compile(r"[;{}]").search(code, position)) is not None:
        position = match.end()
        if match.group(0) != "{":
            head = position
            continue
        kind = kind_of_block(code[head : match.start()])
        if kind == "scope":
            head = position
            continue
        position = after_block(code, match.start())
        if kind == "initialiser":
            continue  # The head goes on: more initialisers, or the body, follow.
        if kind == "function":
            start = head + len(code[head:]) - len(code[head:].lstrip())
            found.append(
                Function(
                    code.count("\n", 0, start) + 1,
                    name_of(code[head : match.start()]),
                    code.count("\n", start, position) + 1,
                )
            )
        head = position
    return found


def kind_of_block(head):
    """What an opening brace begins: a scope to look into, a function, a member's initialiser, or data."""
    head = re.sub(r"\btemplate\s*<[^{}]*?>(?=\s*(?:class|struct|[\w:]+[\s&*]))", " ", head).strip()
    if re.match(r"(?:inline\s+)?namespace\b|extern\s*\"", head):
        return "scope"
    if re.search(r"\)\s*(?:const\s*)?(?:noexcept\s*)?:(?!:)", head) and re.search(r"[\w>]$", head):
        return "initialiser"
    if ")" in head and not re.search(r"(?<![=!<>])=(?!=)\s*[\w:<>, ]*$", head):
        return "function"
    return "scope" if re.search(r"\b(?:class|struct|union|enum)\b", head) else "data"


def name_of(head):
    """A function's name as written, or TEST(Suite, Name) for a test."""
    test = re.search(r"\bTEST(?:_[FP])?\s*\(\s*(\w+)\s*,\s*(\w+)", head)
    if test:
        return f"{test.group(1)}.{test.group(2)}"
    plain = re.search(r"((?:[\w~]+::)*(?:operator\s*[^\s(]+|operator\s*\(\)|~?\w+))\s*\(", head)
    return re.sub(r"\s+", "", plain.group(1)) if plain else "function"


def after_block(code, opening):
    """The position behind the brace that closes the one at `opening`."""
    depth = 0
    for match in re.compile(r"[{}]").finditer(code, opening):
        depth += 1 if match.group(0) == "{" else -1
        if depth == 0:
            return match.end()
    return len(code)
