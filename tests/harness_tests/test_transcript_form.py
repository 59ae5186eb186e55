"""Transcripts are read, run, refused and rewritten as tests/api/README.md says."""
from decimal import Decimal
from pathlib import Path

import pytest
from harness.faces import FACES
from harness.server import Server
from harness.transcript_runner import Runner
from harness.transcripts import TranscriptError, read_transcript

FAKE = Path(__file__).parent / "fake_pamoja.py"
WHOLE = """# A borrower takes a loan.
user ann
message email to ann contains token=(?P<token>[a-z0-9]+)
message email to <ann.email> contains token=<token>
POST /api/v1/loans/ {"amount": 5}
401 {"success": false, "message": "Log in first.", …}
as ann
with X-Key: key of <ann.email>
POST /api/v1/loans/ {
    "amount": 1250.50
}
201 {"success": true, "data": {"loan_id": <loan>, "amount": 1250.50, "key": "key of <ann.email>"}}
header Location: /api/v1/loans/<loan>/
GET /api/v1/loans/<loan>/
200 {"data": {"status": "SUBMITTED", …}, …}
advance 2 days
wait GET /api/v1/loans/<loan>/ until 200 {"data": {"status": "ACTIVE", …}, …}
GET /api/v1/loans/mine/
200 text "no …"
let note "verified by <token>"
mpesa next ann insufficient_funds count 2 after 50 ms
sandbox POST /control/embedly/inflow {"reference": <note>}
POST /api/v1/files/ multipart kind="BANK STATEMENT" front=@note.txt back=@note.txt
201 {"success": true, "data": [["kind", ""], ["front", "note.txt"], ["back", "note.txt"]]}
as nobody
GET /api/v1/loans/nothing/
404
"""


@pytest.fixture(scope="module")
def fake():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PAMOJA_BINARY", str(FAKE))
        with Server() as server:
            yield server


@pytest.fixture
def run(fake, tmp_path):
    (tmp_path / "note.txt").write_text("a note")

    def run_text(text, is_update=False, balances=None):
        path = tmp_path / "loans.api"
        path.write_text(text)
        accounts = FACES["flexifinance"]
        transcript = read_transcript(path)
        Runner(transcript, fake, "flexifinance", accounts, tmp_path, balances, is_update).run()
        return path.read_text()

    return run_text


def test_a_whole_transcript_runs(run, fake):
    run(WHOLE)
    steered = fake.sandbox.client.post("/control/again", {}).expect(200)["steered"]
    assert steered[0][0] == "/control/mpesa/next" and steered[0][1]["outcome"] == "insufficient_funds"
    assert steered[0][1]["count"] == 2 and steered[0][1]["delay_ms"] == 50
    assert steered[1][1]["reference"].startswith("verified by abc")


@pytest.mark.parametrize(
    "text, words",
    [
        ("GET /api/v1/loans/x/\n200", "loans.api:1: GET /api/v1/loans/x/\nexpected status 200, got 404"),
        ('GET /api/v1/loans/x/\n404 {"data": 1, …}', "$.data: expected 1, got null"),
        ("GET /api/v1/loans/x/\n404 empty", "expected no body"),
        ('GET /api/v1/loans/mine/\n200 text "two loans"', "expected"),
        ("GET /api/v1/loans/mine/\n200 {}", "the body is no JSON"),
        ("GET /api/v1/loans/x/\n404\nheader Location: <*>", "no header Location"),
        ("GET /api/v1/loans/x/\n404\nheader Content-Type: text/html", "expected"),
        ("GET /api/v1/loans/x/", "no answer stands below"),
        ("GET /api/v1/loans/<loan>/\n200", "<loan> was not captured"),
        ("as ann", "nobody is called ann"),
        ("login ann", "nobody is called ann"),
        ("ledger ann:wallet +1.00", "shows no balances"),
        ("GET /api/v1/undocumented/\n404\nDELETE /api/v1/loans/\n501", "documents no DELETE"),
    ],
)
def test_what_differs_fails_with_its_line(run, text, words):
    with pytest.raises(TranscriptError) as failure:
        run(text + "\n")
    assert words in str(failure.value)


@pytest.mark.parametrize(
    "text, words",
    [
        ("fly to the moon", "loans.api:1: no such command"),
        ("200 {}", "an answer stands below one request"),
        ("GET /\n200\n200", "an answer stands below one request"),
        ("as nobody\nfresh server", "'fresh server' stands first"),
        ("header A: b", "'header' stands below an answer"),
        ('GET /\n200 {"a": }', "loans.api:2: unexpected '}'"),
    ],
)
def test_what_is_no_transcript_is_refused(tmp_path, text, words):
    path = tmp_path / "loans.api"
    path.write_text(text + "\n")
    with pytest.raises(TranscriptError) as failure:
        read_transcript(path)
    assert words in str(failure.value)


def test_waiting_ends(run, monkeypatch):
    monkeypatch.setattr("harness.transcript_runner.WAIT_SECONDS", 0.1)
    with pytest.raises(TranscriptError, match="expected status 200, got 404"):
        run("wait GET /api/v1/loans/x/ until 200 {…}\n")
    with pytest.raises(TranscriptError, match="no email to a@b.c matches"):
        run("message email to a@b.c contains never\n")


def test_a_server_of_its_own_is_asked_for(tmp_path):
    path = tmp_path / "loans.api"
    path.write_text("# Why.\nfresh server at 2025-12-05T14:48:13Z with limits\n")
    words = read_transcript(path).fresh.words
    assert words == {"at": "2025-12-05T14:48:13Z", "limits": " with limits"}


def test_updating_writes_the_answers_and_keeps_what_matches(run):
    text = """# Kept.
login ann ann@example.com secret
as ann
POST /api/v1/loans/ {"amount": 5}
201 {"data": {"loan_id": <loan>, "amount": 6, …}, …}
GET /api/v1/loans/<loan>/

# Kept too.
GET /api/v1/loans/mine/
404 {"old": {
    "lines": 1
}}
"""
    updated = run(text, is_update=True)
    assert '201 {"data": {"loan_id": <loan>, "amount": 5, …}, …}\n' in updated
    assert '\n200 {"success": true, "data": {"loan_id": <loan>, "status": "' in updated
    assert updated.endswith("# Kept too.\nGET /api/v1/loans/mine/\n200\n")
    assert run(updated) == updated


def test_ledger_lines_compare_changes(run):
    balances = {"ann:wallet": [Decimal("10.00"), Decimal("7.50")], "house:fees": [Decimal("-10.00")]}

    def balance(account):
        return balances[account].pop(0)

    run("ledger ann:wallet +10.00, house:fees -10.00\nledger ann:wallet -2.50\n", balances=balance)
    with pytest.raises(TranscriptError, match=r"ann:wallet moved by \+1.00, expected \+2.00"):
        run("ledger ann:wallet +2.00\n", balances=lambda account: Decimal("1.00"))
