"""Each transcript tests/api/FACE/*.api is a test on each engine."""
from pathlib import Path

import pytest
from harness.faces import FACES, house_balances
from harness.transcript_runner import Runner
from harness.transcripts import read_transcript

FOLDER = Path(__file__).parent
NAMES = sorted(path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.glob("*/**/*.api"))


@pytest.mark.parametrize("name", NAMES)
def test_transcript(name, engine, request, files):
    transcript = read_transcript(FOLDER / f"{name}.api")
    face = name.split("/")[0]
    fresh = transcript.fresh
    if fresh:
        make = request.getfixturevalue("fresh_server")
        server = make(clock=fresh.words["at"], with_limits=bool(fresh.words["limits"]))
    else:
        server = request.getfixturevalue("server")
    Runner(transcript, server, face, FACES[face], files, house_balances(server)).run()
    server.check()
