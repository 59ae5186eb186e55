"""SIGKILL under load, again and again: what was acknowledged is there, and no money moves twice."""
import http.client
import os
import random
import subprocess
import threading
import time
from collections import Counter
from decimal import Decimal

import pytest
from harness.client import Client
from harness.faces import FlexiFinance, new_person
from harness.lending import (
    Borrower,
    active_loan,
    all_pages,
    new_payer,
    officer,
    paid_of,
    statement_of,
    wait_until,
)
from harness.ports import free_port
from harness.server import SMTP_OFFSET, binary

CRASHES = 20
LOST = (OSError, http.client.HTTPException)


@pytest.fixture
def lasting_sandbox(tmp_path):
    """The outside parties as a process of their own: they live on when the server dies."""
    port = free_port(SMTP_OFFSET)
    with open(tmp_path / "sandbox.txt", "wb") as log:
        process = subprocess.Popen([binary(), "sandbox", "--port", str(port)], stdout=log, stderr=log)
    client = Client(f"http://127.0.0.1:{port}", timeout=5)
    wait_until(lambda: answers(client), "the sandbox is ready")
    yield port
    process.kill()
    process.wait()


def answers(client):
    try:
        return client.get("/control/mpesa/statement").status == 200
    except LOST:
        return False


class Load:
    """Workers that keep writing while the server dies; each remembers what was acknowledged."""

    def __init__(self, server, borrowers, running, seed):
        self.server = server
        self.borrowers = borrowers
        self.running = running  # each borrower's loan to repay
        self.seed = seed
        self.stopping = threading.Event()
        self.lock = threading.Lock()
        self.registered, self.applied, self.approved, self.decided, self.pushed = [], [], [], [], []
        self.statuses = Counter()
        self.failures = []
        self.threads = [threading.Thread(target=self.run, args=(self.lend, n)) for n in range(len(borrowers))]
        self.threads.append(threading.Thread(target=self.run, args=(self.register, 0)))

    def run(self, act, number):
        chance = random.Random(f"{self.seed}/{act.__name__}/{number}")
        while not self.stopping.is_set():
            try:
                act(number, chance)
            except LOST:
                time.sleep(0.05)
            except Exception as error:  # shown by the test: a thread has nobody to tell
                self.failures.append(error)
                return

    def note(self, acknowledged, answer, item):
        with self.lock:
            self.statuses[answer.status] += 1
            if answer.status // 100 == 2:
                acknowledged.append(item)
        return answer.status // 100 == 2

    def register(self, _, chance):
        person = new_person("crash")
        body = {
            "email": person.email, "password": person.password, "first_name": "Crash",
            "last_name": "Wanjiru", "phone_number": person.phone, "date_of_birth": "1990-01-01",
        }
        client = Client(self.server.url, timeout=10)
        self.note(self.registered, client.post("/api/v1/auth/register/", body), person)
        client.close()
        self.stopping.wait(chance.random())

    def lend(self, number, chance):
        """An application and its approval, and repayments of a loan that runs already."""
        borrower, officer_token = self.borrowers[number]
        client = Client(self.server.url, borrower.person.token, timeout=10)
        staff = Client(self.server.url, officer_token, timeout=10)
        body = {"product_id": "quick_cash", "requested_amount": 1000 + number, "requested_tenure": 3}
        answer = self.insist(client, "POST", "/api/v1/loans/apply/", body)
        if not self.note(self.applied, answer, (number, answer["data"] and answer["data"].get("loan_id"))):
            self.reject_waiting(client, staff)
            return
        loan_id = answer["data"]["loan_id"]
        try:
            answer = staff.put(f"/api/v1/admin/loans/{loan_id}/approve/", {})
            self.note(self.approved, answer, (number, loan_id))
        except LOST:
            pass  # it may have been approved all the same
        for _ in range(chance.randrange(1, 4)):
            amount, phone = chance.randrange(1, 50), new_payer()
            push = {"loan_id": self.running[number], "amount": amount, "phone_number": phone}
            answer = self.insist(client, "POST", "/api/v1/payments/stk-push/", push)
            payment_id = (answer["data"] or {}).get("payment_id")
            self.note(self.pushed, answer, (number, payment_id, amount))

    def insist(self, client, method, path, body):
        """Sends it with one key until it is answered, as a careful client does; a 409 says: still running."""
        headers = {"Idempotency-Key": os.urandom(12).hex()}
        while True:
            try:
                answer = client.request(method, path, body, headers=headers)
                if answer.status != 503:
                    return answer
            except LOST:
                if self.stopping.is_set():
                    raise
            time.sleep(0.05)

    def reject_waiting(self, client, staff):
        for loan in client.get("/api/v1/loans/?status=SUBMITTED&per_page=100")["data"]["loans"]:
            staff.put(f"/api/v1/admin/loans/{loan['loan_id']}/reject/", {"rejection_reason": "too many"})

    def wait_for_answers(self, count, seconds=3):
        """Until so many more answers came; a slow machine gets its chance before the next crash."""
        wanted, end = sum(self.statuses.values()) + count, time.monotonic() + seconds
        while sum(self.statuses.values()) < wanted and time.monotonic() < end:
            time.sleep(0.02)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        for thread in self.threads:
            thread.join(60)


def settle(server, borrowers):
    """Moves the clock until every payment is decided; less than a day, after which they would be given up."""
    for _ in range(40):
        if not any(borrower.payments(status="PENDING") for borrower, _ in borrowers):
            return
        server.advance(120)
    raise AssertionError(f"still open: {[b.payments(status='PENDING') for b, _ in borrowers]}")


def assert_all_there(server, borrowers, load):
    for person in load.registered:
        FlexiFinance().login(server.client(), person)
    loans, payments = {}, {}
    for number, (borrower, _) in enumerate(borrowers):
        for loan in all_pages(borrower.client, "/api/v1/loans/", "loans"):
            loans[number, loan["loan_id"]] = loan["status"]
        for payment in borrower.payments():
            payments[number, payment["payment_id"]] = Decimal(payment["amount"])
    assert not [item for item in load.applied if item not in loans]
    assert not [item for item in load.approved if loans.get(item) not in ("APPROVED", "ACTIVE", "COMPLETED")]
    lost = [(n, key, amount) for n, key, amount in load.pushed if payments.get((n, key)) != amount]
    assert not lost


def never_heard_of(server, borrowers, entries):
    """Receipts of pushes of which no word reached us: the server died before it could note the answer, and
    was still down when Safaricom called back, which it does once. Without the checkout id of the answer
    nobody can be asked, so these alone may be missing; the provider's own record tells them apart."""
    silent = set()
    payments = {p["phone_number"]: (b, p) for b, _ in borrowers for p in b.payments(status="FAILED")}
    for entry in entries:
        if entry["direction"] == "in" and entry["phone"] in payments:
            path = "/control/mpesa/callbacks?phone=%2B" + entry["phone"][1:]
            told = server.sandbox.client.get(path).expect(200)["callbacks"]
            assert not [callback for callback in told if callback["status"] == 200], (entry, told)
            borrower, payment = payments[entry["phone"]]
            detail = borrower.client.get(f"/api/v1/payments/{payment['payment_id']}/").expect(200)["data"]
            assert detail["mpesa_transaction"]["result_desc"] == "M-Pesa did not answer the request", detail
            silent.add(entry["receipt"])
    return silent


def assert_money(server, staff, borrowers):
    statement = server.sandbox.client.get("/control/mpesa/statement").expect(200)
    silent = never_heard_of(server, borrowers, statement["entries"])
    print(f"{len(silent)} payments were never heard of")
    known = [entry for entry in statement["entries"] if entry["receipt"] not in silent]
    closing, lines = statement_of(staff)
    signs = {"in": 1, "out": -1}
    assert -closing == sum(signs[entry["direction"]] * Decimal(entry["amount"]) for entry in known)
    assert len(lines) == len(known)
    paid_out = Counter((e["phone"], e["reference"]) for e in statement["entries"] if e["direction"] == "out")
    assert not [twice for twice, count in paid_out.items() if count > 1]
    payers = Counter(e["phone"] for e in statement["entries"] if e["direction"] == "in")
    assert max(payers.values(), default=0) <= 1, "every push has a phone of its own"
    for borrower, _ in borrowers:
        active = list(all_pages(borrower.client, "/api/v1/loans/", "loans", status="ACTIVE"))
        out = [e for e in statement["entries"] if e["phone"] == borrower.person.phone]
        assert len(out) == len(active)
        assert sum(paid_of(borrower.loan(loan["loan_id"])) for loan in active) == sum(
            Decimal(p["amount"]) for p in borrower.payments(payment_type="REPAYMENT", status="COMPLETED")
        )


def test_nothing_acknowledged_is_lost(fresh_server, lasting_sandbox):
    seed = int(os.environ.get("PAMOJA_SEED") or random.SystemRandom().randrange(1 << 32))
    print(f"seed {seed}")
    chance = random.Random(seed)
    server = fresh_server(sandbox_port=lasting_sandbox, arguments=["--sandbox-apart"])
    borrowers = [(Borrower(server, "crash"), officer(server).token) for _ in range(4)]
    staff = officer(server)
    running = [active_loan(server, staff, borrower, amount=20000) for borrower, _ in borrowers]
    for borrower, _ in borrowers:
        server.sandbox.mpesa_next(borrower.person.phone, "success", delay_ms=30, count=10000)
    with Load(server, borrowers, running, seed) as load:
        for crash in range(CRASHES):
            load.wait_for_answers(chance.randrange(3, 12))
            time.sleep(chance.uniform(0, 0.3))
            server.kill()
            if crash % 4 == 0:
                server.check()
            server.start()
    assert not load.failures, load.failures
    print(f"{dict(load.statuses)}; {len(load.applied)} applications, {len(load.pushed)} payments")
    assert len(load.applied) > 5 and len(load.pushed) > 5 and load.registered
    assert not [status for status in load.statuses if status == 500]
    for borrower, _ in borrowers:
        borrower.client = server.client(token=borrower.person.token)
    settle(server, borrowers)
    assert_all_there(server, borrowers, load)
    assert_money(server, officer(server), borrowers)
