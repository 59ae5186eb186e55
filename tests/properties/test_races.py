"""Requests that arrive at the same instant: what may happen once happens once."""
from collections import Counter
from decimal import Decimal

import pytest
from harness.faces import new_person
from harness.lending import (
    Borrower,
    active_loan,
    approve,
    disburse,
    new_payer,
    officer,
    paid_of,
    wait_until,
)
from harness.races import at_once

APPLICATION = {"product_id": "quick_cash", "requested_amount": 10000, "requested_tenure": 6}


def statuses(answers):
    return Counter(answer.status for answer in answers)


@pytest.fixture
def staff(server):
    return officer(server)


@pytest.fixture
def borrower(server):
    return Borrower(server, "racer")


def assert_one_effect(answers, status):
    """One answer, byte for byte, for all; who came while the first was under way may have got a 409."""
    good = [answer for answer in answers if answer.status == status]
    assert good and {answer.status for answer in answers} <= {status, 409}, statuses(answers)
    assert len({answer.body for answer in good}) == 1
    replayed = [answer for answer in good if answer.header("Idempotency-Replayed") == "true"]
    assert len(replayed) == len(good) - 1
    busy = [answer for answer in answers if answer.status == 409]
    assert all(answer["errors"][0]["code"] == "request_in_flight" for answer in busy)


def test_64_creates_with_one_key_make_one_loan(borrower):
    clients = [borrower.another_client() for _ in range(64)]
    headers = {"Idempotency-Key": "apply-once"}
    answers = at_once(
        64, lambda n: clients[n].post("/api/v1/loans/apply/", APPLICATION, headers=headers)
    )
    assert_one_effect(answers, 201)
    assert borrower.client.get("/api/v1/loans/")["data"]["pagination"]["total_items"] == 1


def test_32_pushes_with_one_key_ask_the_phone_once(server, borrower, staff):
    loan_id, phone = active_loan(server, staff, borrower), new_payer()
    clients = [borrower.another_client() for _ in range(32)]
    headers = {"Idempotency-Key": "push-once"}
    answers = at_once(32, lambda n: borrower.push(loan_id, 100, phone, clients[n], headers=headers))
    assert_one_effect(answers, 200)
    wait_until(lambda: paid_of(borrower.loan(loan_id)) == 100, "the payment arrived")
    asked = server.sandbox.client.get("/control/mpesa/requests?phone=%2B" + phone[1:])["requests"]
    assert [request["path"] for request in asked].count("/mpesa/stkpush/v1/processrequest") == 1


def test_one_registration_wins_an_address(server):
    person = new_person("twin")
    body = {
        "email": person.email, "password": person.password, "first_name": "Twin", "last_name": "Wanjiru",
        "phone_number": person.phone, "date_of_birth": "1990-01-01",
    }
    clients = [server.client() for _ in range(8)]
    answers = at_once(8, lambda n: clients[n].post("/api/v1/auth/register/", body))
    assert statuses(answers)[201] == 1 and not {s for s in statuses(answers) if s >= 500}, statuses(answers)


def test_one_approval_wins(server, borrower, staff):
    loan_id = borrower.apply()
    clients = [server.client(token=staff.token) for _ in range(16)]
    path = f"/api/v1/admin/loans/{loan_id}"
    reason = {"rejection_reason": "race"}

    def decide(number):
        if number % 4 == 3:
            return clients[number].put(f"{path}/reject/", reason)
        return clients[number].put(f"{path}/approve/", {})

    assert statuses(at_once(16, decide)) == {200: 1, 409: 15}


def test_a_loan_is_paid_out_once(server, borrower, staff):
    phone = borrower.person.phone
    server.sandbox.mpesa_next(phone, "insufficient_funds", delay_ms=10)
    loan_id = borrower.apply()
    approve(staff, loan_id)
    path = "/control/mpesa/callbacks?phone=%2B" + phone[1:]
    wait_until(lambda: server.sandbox.client.get(path)["callbacks"], "the first payout failed")
    clients = [server.client(token=staff.token) for _ in range(16)]
    wait_until(lambda: disburse_may_start(borrower), "the failure was recorded")
    assert statuses(at_once(16, lambda n: disburse(clients[n], loan_id))) == {200: 1, 409: 15}
    wait_until(lambda: borrower.loan(loan_id)["status"] == "ACTIVE", "the loan is paid out")
    entries = server.sandbox.client.get("/control/mpesa/statement")["entries"]
    assert len([entry for entry in entries if entry["phone"] == phone]) == 1


def disburse_may_start(borrower):
    return any(payment["status"] == "FAILED" for payment in borrower.payments(payment_type="DISBURSEMENT"))


def test_repayments_of_one_loan_all_count(server, borrower, staff):
    loan_id = active_loan(server, staff, borrower)
    clients = [borrower.another_client() for _ in range(16)]
    phones = [new_payer() for _ in range(16)]
    for phone in phones:
        server.sandbox.mpesa_next(phone, "success", delay_ms=0)
    answers = at_once(16, lambda n: borrower.push(loan_id, 10 + n, phones[n], clients[n]))
    assert statuses(answers) == {200: 16}
    wait_until(lambda: not borrower.payments(status="PENDING"), "every payment is decided")
    assert paid_of(borrower.loan(loan_id)) == sum(10 + n for n in range(16))


def test_credit_is_refunded_once(server, borrower, staff):
    loan_id, phone = active_loan(server, staff, borrower, amount=1000, tenure=1), new_payer()
    server.sandbox.mpesa_next(phone, "success", delay_ms=0)
    borrower.push(loan_id, 5000, phone).expect(200)
    wait_until(lambda: borrower.loan(loan_id)["status"] == "COMPLETED", "the loan is repaid")
    credit = Decimal(borrower.client.get(f"/api/v1/loans/{loan_id}/payoff/")["data"]["credit"])
    assert credit > 0
    clients = [borrower.another_client() for _ in range(8)]
    answers = at_once(8, lambda n: clients[n].post("/api/v1/payments/refund-credit/"))
    assert statuses(answers)[201] == 1 and set(statuses(answers)) <= {201, 409, 422}, statuses(answers)
    wait_until(lambda: not borrower.payments(status="PENDING"), "the refund is decided")
    entries = server.sandbox.client.get("/control/mpesa/statement")["entries"]
    own = [entry for entry in entries if entry["phone"] == borrower.person.phone]
    out = [Decimal(entry["amount"]) for entry in own if entry["direction"] == "out"]
    assert sorted(out) == sorted([Decimal(1000), credit // 1])


def test_concurrent_refreshes_leave_one_lineage(server, borrower):
    person = borrower.person
    credentials = {"email": person.email, "password": person.password}
    tokens = server.client().post("/api/v1/auth/login/", credentials).expect(200)["data"]
    clients = [server.client() for _ in range(32)]

    def refresh(number, token=tokens["refresh_token"]):
        return clients[number].post("/api/v1/auth/refresh/", {"refresh_token": token})

    answers = at_once(32, refresh)
    assert statuses(answers) == {200: 32}, "a token one step behind is tolerated"
    successors = {answer["data"]["refresh_token"] for answer in answers}
    # The successor moves on; the first token is then two steps behind, which only a thief would be.
    latest = refresh(0, successors.pop()).expect(200)["data"]
    latest = refresh(0, latest["refresh_token"]).expect(200)["data"]
    refresh(0).expect(401)
    refresh(0, latest["refresh_token"]).expect(401)
    server.client(token=latest["access_token"]).get("/api/v1/users/profile/").expect(401)
