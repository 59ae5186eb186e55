"""The published interface, as files under api/: a change of it shows in a commit, or the test fails.

UPDATE=1 (make golden) writes them anew.
"""
import difflib
import functools
import json
import subprocess

import pytest
from harness.server import ROOT, binary
from harness.transcripts import IS_UPDATE

from interfaces import DOCUMENTED, FACES, NEEDED, SIZES

FOLDER = ROOT / "api"
FORMS = {"openapi.json": [], "endpoints.txt": ["--endpoints"]}


def lines_of(lists):
    return [(face, line) for face, lines in lists.items() for line in lines]


def published(face, form):
    command = [binary(), "openapi", face, *FORMS[form]]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def as_file(form, text):
    """As it stands in the file: JSON is laid out, so that a changed line is a changed fact."""
    if form.endswith(".json"):
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n"
    return text


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("face", FACES)
def test_interface_is_what_the_golden_file_says(face, form):
    path = FOLDER / f"{face}.{form}"
    now = as_file(form, published(face, form))
    if IS_UPDATE:
        FOLDER.mkdir(exist_ok=True)
        path.write_text(now)
    kept = path.read_text()
    difference = "".join(
        difflib.unified_diff(kept.splitlines(True), now.splitlines(True), str(path), "the server", n=1)
    )
    assert kept == now, f"the interface has changed; make golden, and read the diff:\n{difference[:5000]}"


@functools.cache
def operations(face):
    """{(method, path): operation} of the published document."""
    document = json.loads(published(face, "openapi.json"))
    return {
        (method.upper(), path): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in ("get", "post", "put", "patch", "delete")
    }


@pytest.mark.parametrize("face", FACES)
def test_lists_are_whole(face):
    documented, needed = DOCUMENTED[face], NEEDED[face]
    assert (len(set(documented)), len(set(needed))) == (len(documented), len(needed)) == SIZES[face]


@pytest.mark.parametrize(("face", "line"), lines_of(DOCUMENTED))
def test_documented_operation_is_there(face, line):
    found = operations(face).get(tuple(line.split()))
    assert found is not None
    assert "Additions" not in found.get("tags", [])


@pytest.mark.parametrize(("face", "line"), lines_of(NEEDED))
def test_addition_is_there_and_called_one(face, line):
    found = operations(face).get(tuple(line.split()))
    assert found is not None
    assert "Additions" in found.get("tags", [])


@pytest.mark.parametrize("face", FACES)
def test_endpoints_and_document_name_the_same_operations(face):
    text = published(face, "endpoints.txt")
    listed = {tuple(reversed(line.split()[:2])) for line in text.splitlines()}
    assert listed == set(operations(face))
