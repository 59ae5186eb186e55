"""M-Pesa clients that others wrote, run with Node against the sandbox of a running server."""
import os
import subprocess
from pathlib import Path

import pytest

NPM = Path(__file__).resolve().parents[1] / "npm"
TESTS = sorted(path.name for path in NPM.glob("*.test.js"))


@pytest.mark.parametrize("name", TESTS)
def test_npm_client(name, sandbox):
    assert (NPM / "node_modules").is_dir(), "tests/npm has no packages; run make setup"
    done = subprocess.run(
        ["node", "--test", name],
        cwd=NPM,
        env={**os.environ, "PAMOJA_SANDBOX_URL": sandbox.client.url},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
