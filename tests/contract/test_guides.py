"""The guides of docs/guides run as they stand, against a server with the documented limits on."""
import os
import subprocess

from harness.server import ROOT

FIRST_LOAN = ROOT / "docs" / "guides" / "first-loan.sh"
ONBOARDING = ROOT / "docs" / "guides" / "onboard-a-provider.sh"
MINUTE = 60


def run_guide(path, server, **environment):
    places = {"BASE": server.url, "SANDBOX": server.sandbox.client.url}
    return subprocess.run(
        [path],
        env={**os.environ, **places, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_first_loan_runs_twice_within_the_limits(fresh_server):
    server = fresh_server(with_limits=True)
    for _ in range(2):
        done = run_guide(FIRST_LOAN, server)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "rate limit" not in done.stderr, "the guide alone goes over the documented limits"
        assert "loan_book, all together: 0" in done.stdout
        server.check()
        server.advance(MINUTE + 1)  # both runs come from one address, and signing in is counted by address


def test_first_loan_stops_at_the_first_deviation(server):
    done = run_guide(FIRST_LOAN, server, OFFICER_PASSWORD="not this one")
    assert done.returncode != 0
    assert "/auth/login/: 401 instead of 200" in done.stderr
    assert "Upload identity documents" not in done.stdout


def test_onboarding_runs_twice_within_the_limits(fresh_server):
    server = fresh_server(with_limits=True)
    for _ in range(2):
        done = run_guide(ONBOARDING, server)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "rate limit" not in done.stderr, "the guide alone goes over the documented limits"
        assert "the notification: delivered" in done.stdout
        server.check()


def test_onboarding_stops_at_the_first_deviation(server):
    done = run_guide(ONBOARDING, server, ADMIN_PASSWORD="not this one")
    assert done.returncode != 0
    assert "/auth/login: 401 instead of 200" in done.stderr
    assert "The domain is proved" not in done.stdout
