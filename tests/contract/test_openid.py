"""Relying parties that others wrote, run with Node against the OpenID provider of a tenant."""
import os
import subprocess
from pathlib import Path

import pytest
from harness.server import Server

NPM = Path(__file__).resolve().parents[1] / "npm"


@pytest.fixture
def own_server(engine):
    """One of its own: the libraries hold tokens against the real time, which other tests leave behind."""
    with Server(database=engine.fresh_database()) as started:
        yield started


def test_relying_party(own_server):
    assert (NPM / "node_modules").is_dir(), "tests/npm has no packages; run make setup"
    done = subprocess.run(
        ["node", "--test", "relying_party.js"],
        cwd=NPM,
        env={**os.environ, "PAMOJA_URL": own_server.url},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
