"""Patterns match what they should, capture, and are rewritten as little as needed."""
from decimal import Decimal

import pytest
from harness import patterns
from harness.client import Number, read_json, write_json


def differences(pattern, text, variables=None):
    return patterns.match(patterns.parse(pattern), read_json(text), {} if variables is None else variables)


@pytest.mark.parametrize(
    "pattern, text",
    [
        ('{"a": 1, "b": [true, null]}', '{"b": [true, null], "a": 1}'),
        ('{"a": 1, …}', '{"a": 1, "b": 2}'),
        ("{…}", "{}"),
        ("[1, …]", "[1, 2, 3]"),
        ("[…]", "[]"),
        ("<*>", '{"anything": []}'),
        ('{"a": <one>, "b": <one>}', '{"a": 5, "b": 5}'),
        ('"LF2026…"', '"LF202600001"'),
        ('"/documents/<id>/download/"', '"/documents/x-1/download/"'),
        ("1250.50", "1250.50"),
        ('"a \\"quoted\\" word"', '"a \\"quoted\\" word"'),
    ],
)
def test_it_matches(pattern, text):
    assert differences(pattern, text) == []


@pytest.mark.parametrize(
    "pattern, text, words",
    [
        ('{"a": 1}', '{"a": 1, "b": 2}', "$.b: is not expected"),
        ('{"a": 1, "b": 2}', '{"a": 1}', "$.b: is missing"),
        ('{"a": {"b": [1]}}', '{"a": {"b": [2]}}', "$.a.b[0]: expected 1, got 2"),
        ("[1]", "[1, 2]", "expected 1 items, got 2"),
        ("[1, 2, …]", "[1]", "expected 2 items, got 1"),
        ("1250.50", "1250.5", "expected 1250.50, got 1250.5"),
        ("1", "1.0", "expected 1, got 1.0"),
        ("1", "true", "expected 1, got true"),
        ('"1"', "1", 'expected "1", got 1'),
        ('{"a": <one>, "b": <one>}', '{"a": 5, "b": 6}', "expected <one> = 5, got 6"),
        ('"LF2026…"', '"LF2025"', "expected the text"),
        ("[]", "{}", "expected an array"),
        ("{}", "null", "expected an object"),
    ],
)
def test_it_tells_what_differs(pattern, text, words):
    found = differences(pattern, text)
    assert len(found) == 1 and words in found[0]


def test_captures_are_kept_and_compared():
    variables = {"old": "x"}
    pattern = '{"id": <id>, "url": "/l/<id>/<old>/<part>"}'
    assert differences(pattern, '{"id": "7", "url": "/l/7/x/y"}', variables) == []
    assert variables == {"old": "x", "id": "7", "part": "y"}


@pytest.mark.parametrize(
    "text", ["{", '{"a" 1}', '{"a": 1 "b": 2}', "[1 2]", '{"a": 1, "a": 2}', "tru", '{"a": 1} x', "<A>"]
)
def test_what_is_no_pattern_is_refused(text):
    with pytest.raises(patterns.PatternError):
        patterns.parse(text)


def test_a_request_sends_captured_values_and_nothing_open():
    node = patterns.parse('{"id": <id>, "note": "loan <id>", "all": [1.50, {}]}')
    assert write_json(patterns.evaluate(node, {"id": 7})) == '{"id": 7, "note": "loan 7", "all": [1.50, {}]}'
    for text in ("<*>", "<unknown>", "{…}", '"<unknown>"'):
        with pytest.raises(patterns.PatternError):
            patterns.evaluate(patterns.parse(text), {})


@pytest.mark.parametrize(
    "pattern, value, expected",
    [
        ('{"a": 1, …}', '{"a": 2, "b": 3}', '{"a": 2, …}'),
        ('{"id": <id>, "a": 1}', '{"id": "x", "a": 2, "c": 3}', '{"id": <id>, "a": 2, "c": 3}'),
        ('{"at": <*>, "gone": 1}', '{"at": "now"}', '{"at": <*>}'),
        ("[1, …]", "[2, 3]", "[2, …]"),
        ("[1]", "[1, 2]", "[1, 2]"),
        ("{}", '{"loan": "loan-of-ann-1"}', '{"loan": <loan>}'),
        ("{}", '{"url": "/l/loan-of-ann-1/"}', '{"url": "/l/<loan>/"}'),
        ("{}", '{"at": "2025-12-05T14:48:13Z"}', '{"at": <*>}'),
        ("1", "1250.50", "1250.50"),
    ],
)
def test_a_pattern_is_rewritten_as_little_as_needed(pattern, value, expected):
    node = patterns.rewrite(patterns.parse(pattern), read_json(value), {"loan": "loan-of-ann-1"})
    assert patterns.render(node) == expected


def test_long_patterns_break_into_lines_and_read_back():
    value = {"name": "x y" * 16, "items": [{"first": "y " * 30, "second": "z " * 30}], "empty": {}}
    text = patterns.render(patterns.rewrite(None, value, {}))
    assert all(len(line) <= 110 for line in text.splitlines()) and text.count("\n") > 4
    assert patterns.match(patterns.parse(text), value, {}) == []


def test_numbers_keep_their_text():
    number = read_json("1250.50")
    assert isinstance(number, Decimal) and number == Decimal("1250.5") and write_json(number) == "1250.50"
    assert isinstance(read_json("1E4"), Number) and write_json(read_json("1E4")) == "1E4"
    assert write_json({"a": Decimal("0.10"), "b": "é"}) == '{"a": 0.10, "b": "é"}'
    for text in ("NaN", '{"a": 1, "a": 2}'):
        with pytest.raises(ValueError):
            read_json(text)
