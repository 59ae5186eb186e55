"""Fields that can be read are sent where they must not be written: they change nothing."""
import json
import re

from harness.faces import FlexiFinance, new_person
from harness.operations import APPLICATION, BODIES, UNKNOWN

# What nobody may set, whatever it is called where it is read: values, and names to send them under.
ATTEMPTS = [
    (UNKNOWN, "id user_id loan_id application_id payment_id approved_by decided_by verified_by"),
    (424242, "principal principal_amount total_amount total_interest estimated_interest monthly_payment"),
    (424242, "remaining_balance processing_fee"),
    ("intruder", "loan_reference reference purpose_id payout_id mpesa_reference receipt_number receipt"),
    ("intruder", "password_hash admin_notes"),
    ("2001-01-01T00:00:00Z", "created_at updated_at submitted_at approved_at decided_at completed_at"),
    ("2001-01-01T00:00:00Z", "disbursed_at disbursement_date"),
    (True, "is_verified email_verified is_admin is_read"),
    (0.125, "interest_rate"),
    (849, "risk_score"),
    (["admin", "loan_officer"], "roles"),
    ("admin", "role"),
    ("intruder@example.com", "email"),
    ("COMPLETED", "status"),
    ("APPROVED", "kyc_status"),
    ("PREMIUM", "verification_level"),
    ("VERIFIED", "verification_status"),
    ("chamahub", "tenant_id"),
    ("payout", "direction"),
    ("USD", "currency"),
]
FORBIDDEN = {name: value for value, names in ATTEMPTS for name in names.split()}
TRACES = re.compile(r"intruder|424242|2001-01-01|\b0\.125\b|chamahub|PREMIUM|\b849\b")


def extras_for(operation):
    """All that the operation's answers show and its body does not document, and what else is worth a try."""
    sent = {**{name: "intruder" for name in operation.readable()}, **FORBIDDEN}
    return {name: value for name, value in sent.items() if name not in operation.writable()}


def test_extra_fields_change_nothing_for_borrowers(world):
    cases = {
        "loan_apply": (201, APPLICATION),
        "profile_update": (200, {"first_name": "Ann", "last_name": "Wanjiru"}),
        "payment_push": (
            200, {"loan_id": world.values["loan_id"], "amount": 1, "phone_number": world.ann.phone},
        ),
        "payment_refund_credit": (409, {}),
        "password_change": (200, {"current_password": world.ann.password, "new_password": "Another-Pass-9!"}),
    }
    writes = {
        name for name, each in world.operations.items()
        if "application/json" in each.reads and not each.is_open and not each.is_for_officers
    }
    assert set(cases) == writes, "each operation that a borrower writes with is tried"
    profile = world.ask(world.ann, "/users/profile/")
    for name, (status, body) in cases.items():
        operation = world.operations[name]
        answer = operation.call(world.client, {}, {**extras_for(operation), **body}, world.ann.token)
        assert answer.status == status, f"{name}: {answer.status} {answer.text[:500]}"
        assert not TRACES.search(answer.text), f"{name}: {answer.text}"
        if name == "loan_apply":
            assert answer["data"]["status"] == "SUBMITTED"
            assert answer["data"]["estimated_interest"] == 375
            applied = world.ask(world.officer, f"/admin/loans/{answer['data']['loan_id']}/")
            assert applied["user"]["user_id"] == world.ann.id
            assert not TRACES.search(json.dumps(applied, default=str))
        if name == "payment_push":
            assert answer["data"]["status"] == "PENDING"
        if name == "password_change":
            world.ann.password = body["new_password"]
            FlexiFinance().login(world.client, world.ann)
    now = world.ask(world.ann, "/users/profile/")
    differing = {key for key in profile if profile[key] != now[key]}
    assert differing <= {"first_name", "last_name", "updated_at"}
    assert not TRACES.search(json.dumps(world.seen_by_ann(), default=str))
    assert world.operations["admin_loan_pending"].call(world.client, {}, token=world.ann.token).status == 403


def test_extra_fields_make_no_officer_of_who_registers(world):
    person, operation = new_person("mallory"), world.operations["user_register"]
    body = {
        "email": person.email, "password": person.password, "phone_number": person.phone,
        "first_name": "Mallory", "last_name": "Wanjiru",
    }
    answer = operation.call(world.client, {}, {**extras_for(operation), **body}).expect(201)
    assert answer["data"]["is_verified"] is False
    assert answer["data"]["user_id"] != UNKNOWN
    assert not TRACES.search(answer.text)
    FlexiFinance().login(world.client, person)
    profile = world.ask(person, "/users/profile/")
    assert (profile["is_verified"], profile["kyc_status"]) == (False, "PENDING")
    assert profile["email"] == person.email
    assert world.operations["admin_loan_pending"].call(world.client, {}, token=person.token).status == 403


def test_extra_fields_change_nothing_for_officers(world):
    loan_id = world.ask(world.ben, "/loans/apply/", 201, APPLICATION)["loan_id"]
    rejected = world.ask(world.ben, "/loans/apply/", 201, APPLICATION)["loan_id"]
    for name, value in (("admin_loan_review", loan_id), ("admin_loan_reject", rejected)):
        operation = world.operations[name]
        body = {**extras_for(operation), **BODIES[name]}
        values = {"application_id": value}
        answer = operation.call(world.client, values, body, world.officer.token).expect(200)
        assert not TRACES.search(answer.text), f"{name}: {answer.text}"
    operation = world.operations["admin_loan_approve"]
    body = {**extras_for(operation), "admin_notes": "Stable income"}
    values = {"application_id": loan_id}
    answer = operation.call(world.client, values, body, world.officer.token).expect(200)
    assert (answer["data"]["status"], answer["data"]["approved_by"]) == ("APPROVED", world.officer.id)
    assert (answer["data"]["approved_amount"], answer["data"]["total_amount"]) == (10000, 10375)
    shown = world.ask(world.officer, f"/admin/loans/{loan_id}/")
    assert shown["user"]["user_id"] == world.ben.id
    assert not TRACES.search(json.dumps(shown, default=str))
