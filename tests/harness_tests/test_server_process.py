"""The harness starts and ends the server, and notices when it does not do so well."""
from pathlib import Path

import pytest
from harness.openapi import ContractViolation
from harness.server import Server, ServerFailure

FAKE = Path(__file__).parent / "fake_pamoja.py"


@pytest.fixture
def make(monkeypatch):
    monkeypatch.setenv("PAMOJA_BINARY", str(FAKE))

    def with_fault(fault=""):
        return Server(environment={"FAKE_FAULT": fault})

    return with_fault


def test_it_starts_restarts_survives_a_kill_and_ends(make):
    with make() as server:
        client = server.client()
        assert client.get("/healthz").status == 200
        server.restart()
        assert server.client().get("/healthz").status == 200
        server.kill()
        server.start()
        assert server.advance(86400) == "2025-12-06T00:00:00Z"
        data = server.data
        assert data.is_dir()
    assert not data.exists()


@pytest.mark.parametrize(
    "fault, words",
    [
        ("start", "ended with 3:\ncannot start"),
        ("exit", "ended with 7"),
        ("log", "the log tells of a fault"),
        ("check", "pamoja check exited 1"),
    ],
)
def test_a_misbehaving_server_fails_the_test(make, fault, words):
    with pytest.raises(ServerFailure, match=words):
        with make(fault):
            pass


def test_a_failing_test_shows_its_own_failure(make):
    with pytest.raises(ZeroDivisionError):
        with make("exit"):
            1 / 0


def test_an_answer_against_the_document_fails(make):
    with make("schema") as server:
        client = server.client("flexifinance", token="any")
        client.get("/api/v1/loans/00000000-0000-0000-0000-000000000000/")
        with pytest.raises(ContractViolation, match="'success' is a required property"):
            client.post("/api/v1/loans/", {"amount": 5})
        server.client(token="any").post("/api/v1/loans/", {"amount": 5}).expect(201)


def test_a_client_keeps_and_renews_its_connection(make):
    with make() as server:
        client = server.client()
        client.get("/healthz")
        first = client._connection.sock
        client.get("/healthz")
        assert client._connection.sock is first
        server.kill()
        server.start()
        client.get("/healthz").expect(200)
