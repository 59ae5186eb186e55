"""The database is away, the disk is full, the server is told to end; several servers beside each other."""
import subprocess
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from harness.client import Client, RawConnection, write_json
from harness.faces import FlexiFinance, new_person
from harness.lending import Borrower, approve, log_in, officer, wait_until
from harness.postgres import Postgres
from harness.server import Server

PROFILE = "/api/v1/users/profile/"


def rename(client, name):
    return client.put(PROFILE, {"first_name": name})


def is_ready(server):
    return server.client().get("/readyz").status == 200


def assert_unavailable(answer):
    """A 503 in the face's shape that says when to come again, and nothing of what is wrong."""
    assert answer.status == 503, (answer.status, answer.text[:300])
    assert answer["success"] is False and answer["data"] is None
    lowered = answer.text.lower()
    for word in ("postgres", "sqlite", "connection", "127.0.0.1", "disk", "errno", "server closed"):
        assert word not in lowered, answer.text


@pytest.fixture
def own_postgres(request):
    if request.config.getoption("--engine") == "sqlite":
        pytest.skip("about PostgreSQL")
    with Postgres() as postgres:
        yield postgres


def test_an_outage_of_postgresql_heals(own_postgres):
    with Server(database=own_postgres.create_database("outage")) as server:
        borrower = Borrower(server, "outage")
        rename(borrower.client, "Before").expect(200)
        for number in (1, 2):
            own_postgres.crash()
            acknowledged = f"Before{number}" if number > 1 else "Before"
            for _ in range(3):
                start = time.monotonic()
                assert_unavailable(borrower.client.get(PROFILE))
                assert_unavailable(rename(borrower.client, "Lost"))
                assert time.monotonic() - start < 15, "an outage is told, not waited for"
            assert not is_ready(server)
            assert server.client().get("/healthz").status == 200, "the process itself lives"
            own_postgres.revive()
            wait_until(lambda: is_ready(server), "the server has its database again")
            profile = borrower.client.get(PROFILE).expect(200)
            assert profile["data"]["first_name"] == acknowledged
            rename(borrower.client, f"Before{number + 1}").expect(200)
        # What waited for the database goes on as well: the jobs.
        loan_id = borrower.apply()
        approve(officer(server), loan_id)
        wait_until(lambda: borrower.loan(loan_id)["status"] == "ACTIVE", "jobs run again", 30)


@pytest.fixture
def small_disk(tmp_path):
    """A file system of its own with 16 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", folder]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("only root can mount a small file system")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def fill(folder):
    """Takes all that is left of the disk; gives the file to remove."""
    ballast = folder / "ballast"
    with open(ballast, "wb", buffering=0) as file:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                pass
    return ballast


def test_a_full_disk_heals(small_disk, request):
    if request.config.getoption("--engine") == "postgres":
        pytest.skip("about SQLite")
    data = small_disk / "data"
    data.mkdir()
    with Server(data=data) as server:
        borrower = Borrower(server, "full")
        rename(borrower.client, "Before").expect(200)
        ballast = fill(small_disk)
        acknowledged, refused = "Before", 0
        for number in range(3000):
            answer = rename(borrower.client, f"Full{number}")
            if answer.status == 200:
                acknowledged = f"Full{number}"
            else:
                assert_unavailable(answer)
                refused += 1
            if refused == 20:
                break
        assert refused == 20, "the disk was never full"
        profile = borrower.client.get(PROFILE).expect(200)  # reading needs no room
        assert profile["data"]["first_name"] == acknowledged, "exactly what was acknowledged"
        ballast.unlink()
        wait_until(lambda: rename(borrower.client, "After").status == 200, "the server writes again")
        assert is_ready(server)
        server.restart()
        assert borrower.client.get(PROFILE).expect(200)["data"]["first_name"] == "After"


def test_sigterm_lets_requests_in_flight_finish(fresh_server):
    server = fresh_server()
    idle = RawConnection(server.port)
    people = [new_person("flight") for _ in range(12)]
    connections = [RawConnection(server.port, timeout=30) for _ in people]
    for person, connection in zip(people, connections):
        body = write_json({
            "email": person.email, "password": person.password, "first_name": "Flight",
            "last_name": "Wanjiru", "phone_number": person.phone, "date_of_birth": "1990-01-01",
        }).encode()
        head = "POST /api/v1/auth/register/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        connection.send(head.encode() + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
    time.sleep(0.05)  # they are read, and wait for their turn at the password hash
    start = time.monotonic()
    assert server.terminate() == 0
    assert time.monotonic() - start < 15, "a connection that idles is not waited for"
    answers = [connection.read_answer("POST") for connection in connections]
    assert all(answer is not None for answer in answers), "a request in flight was dropped"
    assert {answer.status for answer in answers} <= {201, 503}
    done = [person for person, answer in zip(people, answers) if answer.status == 201]
    assert len(done) >= len(people) // 2
    for connection in [idle, *connections]:
        connection.close()
    server.start()
    for person in done:
        FlexiFinance().login(server.client(), person)


class Twins:
    """Two servers on one database, with one sandbox."""

    def __init__(self, fresh_database):
        self.first = Server(database=fresh_database)
        self.second = Server(
            data=self.first.data,
            database=fresh_database,
            sandbox_port=self.first.sandbox_port,
            arguments=["--sandbox-apart"],
        )

    def __enter__(self):
        self.first.start()
        self.second.start()
        return self

    def __exit__(self, kind, *_):
        self.second.end(is_failing=kind is not None)
        self.first.end(is_failing=kind is not None)


@pytest.fixture
def twins(request):
    """One process at a time owns a SQLite file, so this is about PostgreSQL."""
    if request.config.getoption("--engine") == "sqlite":
        pytest.skip("about PostgreSQL")
    with Twins(request.getfixturevalue("postgres").fresh_database()) as both:
        yield both


def test_two_servers_share_sessions(twins):
    borrower = Borrower(twins.first, "twin")
    there = twins.second.client(token=borrower.person.token)
    assert there.get(PROFILE).expect(200)["data"]["email"] == borrower.person.email
    rename(there, "Second").expect(200)
    assert borrower.client.get(PROFILE).expect(200)["data"]["first_name"] == "Second"
    credentials = {"email": borrower.person.email, "password": borrower.person.password}
    tokens = log_in(twins.second, credentials)
    there.post("/api/v1/auth/logout/").expect(200)
    borrower.client.get(PROFILE).expect(401)
    twins.first.client(token=tokens.token).get(PROFILE).expect(200)


def test_two_servers_count_wrong_passwords_together(twins):
    person = Borrower(twins.first, "guess").person
    wrong = {"email": person.email, "password": "Wrong" + person.password}

    def guess(number):
        client = Client((twins.first if number % 2 else twins.second).url)
        status = client.post("/api/v1/auth/login/", wrong).status
        client.close()
        return status

    with ThreadPoolExecutor(8) as threads:
        statuses = Counter(threads.map(guess, range(24)))
    assert set(statuses) <= {401, 423, 429, 409}, statuses
    right = {"email": person.email, "password": person.password}
    both = (twins.first, twins.second)
    locked = {server.client().post("/api/v1/auth/login/", right).status for server in both}
    assert len(locked) == 1 and locked != {200}, "locked on both"


def test_two_servers_run_each_job_once(twins):
    borrower = Borrower(twins.first, "jobs")
    person, sandbox = borrower.person, twins.first.sandbox
    wait_until(lambda: sandbox.messages("email", person.email), "the welcome came")
    staff = [officer(twins.first), officer(twins.second)]
    sandbox.mpesa_next(person.phone, "success", delay_ms=10, count=100)
    loans = [borrower.apply() for _ in range(6)]
    for number, loan_id in enumerate(loans):
        approve(staff[number % 2], loan_id)
    wait_until(
        lambda: all(borrower.loan(loan_id)["status"] == "ACTIVE" for loan_id in loans), "all are paid out", 40
    )
    entries = sandbox.client.get("/control/mpesa/statement")["entries"]
    assert len([entry for entry in entries if entry["phone"] == person.phone]) == len(loans)
    asked = sandbox.client.get("/control/mpesa/requests?phone=%2B" + person.phone[1:])["requests"]
    assert len([request for request in asked if "/b2c/" in request["path"]]) == len(loans)
    told = Counter(message["text"] for message in sandbox.messages("email", person.email))
    assert told and max(told.values()) == 1, "each message is about something else, and was sent once"


def test_one_key_at_two_servers_has_one_effect(twins):
    borrower = Borrower(twins.first, "key")
    headers = {"Idempotency-Key": "once-in-all"}
    body = {"product_id": "quick_cash", "requested_amount": 10000, "requested_tenure": 6}

    def apply(number):
        client = Client((twins.first if number % 2 else twins.second).url, borrower.person.token)
        answer = client.post("/api/v1/loans/apply/", body, headers=headers)
        client.close()
        return answer

    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(apply, range(32)))
    made = {answer.body for answer in answers if answer.status == 201}
    assert len(made) == 1 and {answer.status for answer in answers} <= {201, 409}
    assert borrower.client.get("/api/v1/loans/")["data"]["pagination"]["total_items"] == 1
