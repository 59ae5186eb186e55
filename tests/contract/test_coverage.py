"""Every operation of FlexiFinance, called by whoever must not: nobody, a stranger, somebody of the wrong role.

The operations come from the OpenAPI document. One that no list here knows fails the test, so a new one cannot go
in without a decision on who may call it.
"""
import json
import re
import time

import pytest
from harness.client import Upload
from harness.faces import OFFICER, FlexiFinance, Person, new_person

BASE = "/api/v1"
UNKNOWN = "01990000-0000-7000-8000-000000000000"

# Nobody needs to sign in for these; what each of them asks for instead stands beside it. May only shrink.
OPEN = {
    "user_register": "nothing",
    "user_login": "a password",
    "token_refresh": "a refresh token",
    "email_verify": "a link from a mail",
    "verification_resend": "nothing: the mail goes to the address",
    "password_forget": "nothing: the mail goes to the address",
    "password_reset": "a link from a mail",
    "webhook_mpesa": "a signature",
    "webhook_loan_status": "a signature",
    "hook_confirmation": "the secret address",
    "hook_payout": "the secret address",
    "hook_payout_timeout": "the secret address",
    "hook_push": "the secret address",
    "hook_status": "the secret address",
    "hook_status_timeout": "the secret address",
    "hook_validation": "the secret address",
}

# What a person sees or changes is only theirs, and no address names it: strangers are answered with their own.
OWN = {
    "document_list", "document_upload", "kyc_show", "kyc_submit", "loan_apply", "loan_list", "loan_product_list",
    "notification_list", "notification_read_all", "password_change", "payment_list", "payment_push",
    "payment_refund_credit", "profile_show", "profile_update", "user_logout",
}

# Addresses that name something of a person's: to others it is not there.
OTHERS = {"document_download", "loan_show", "loan_payment_list", "loan_payoff", "notification_read", "payment_show"}

# A valid body of each operation that reads JSON, so that a refusal is not about the body.
APPLICATION = {"product_id": "quick_cash", "requested_amount": 10000, "requested_tenure": 3}
BODIES = {
    "admin_loan_approve": {"approved_amount": 10000, "approved_tenure": 3, "interest_rate": 15},
    "admin_loan_reject": {"rejection_reason": "Insufficient income documentation"},
    "admin_loan_review": {"admin_notes": "Calls the employer"},
    "admin_loan_write_off": {"admin_notes": "Gone"},
    "admin_product_create": {
        "product_id": "bronze", "product_name": "Bronze", "min_amount": 100, "max_amount": 1000, "min_tenure": 1,
        "max_tenure": 3, "interest_rate": 12,
    },
    "admin_product_update": {"penalty_rate": 2},
    "admin_suspense_assign": {"loan_id": UNKNOWN},
    "document_verify": {"status": "VERIFIED"},
    "kyc_review": {"decision": "APPROVED"},
    "loan_apply": APPLICATION,
    "password_change": {"current_password": "SecurePass123!", "new_password": "Another-Pass-9!"},
    "payment_push": {"loan_id": UNKNOWN, "amount": 100, "phone_number": "+254700123456"},
    "payment_refund_credit": {},
    "profile_update": {"first_name": "Jane"},
}
UNSIGNED = {"webhook_loan_status": {"loan_id": UNKNOWN, "old_status": "APPROVED", "new_status": "DISBURSED"}}
PNG = Upload("id.png", b"", "image/png")


class Operation:
    """One operation of the document."""

    def __init__(self, method, path, content):
        self.method, self.path, self.content = method.upper(), path, content
        self.name = content["operationId"]
        self.is_open = content.get("security") == []
        self.is_for_officers = path.startswith(f"{BASE}/admin/")
        self.parameters = re.findall(r"{(\w+)}", path)
        self.reads = list(content.get("requestBody", {}).get("content", {}))

    def call(self, client, values, body=None, token=""):
        """Calls it with these path values (UNKNOWN otherwise) and a valid body."""
        path = re.sub(r"{(\w+)}", lambda match: values.get(match[1], UNKNOWN), self.path)
        if "multipart/form-data" in self.reads:
            return client.multipart(path, {"file": PNG}, token=token)
        if body is None and self.reads:
            body = BODIES.get(self.name, {})
        return client.request(self.method, path, body, token=token)

    def readable(self):
        """Names of all that its successful answer shows, at any depth."""
        found = set()

        def collect(schema):
            if isinstance(schema, dict):
                found.update(schema.get("properties", {}))
                for value in schema.values():
                    collect(value)
            elif isinstance(schema, list):
                for value in schema:
                    collect(value)

        for status, response in self.content["responses"].items():
            if status.startswith("2"):
                collect(response.get("content", {}).get("application/json", {}).get("schema", {}))
        return found - {"success", "data", "message", "errors", "meta"}

    def writable(self):
        """Names that its body documents."""
        media = self.content.get("requestBody", {}).get("content", {}).get("application/json", {})
        return set(media.get("schema", {}).get("properties", {}))


class World:
    """A server with ann, who has one of everything; ben, who has nothing; and the officer."""

    def __init__(self, server):
        self.server = server
        self.client = server.client("flexifinance")
        self.sandbox = server.sandbox
        document = json.loads(server.client().get("/openapi/flexifinance.json").expect(200).text)
        self.operations = {
            content["operationId"]: Operation(method, path, content)
            for path, methods in document["paths"].items()
            for method, content in methods.items()
        }
        self.ann, self.ben, self.officer = new_person("ann"), new_person("ben"), Person("officer", *OFFICER)
        for person in (self.ann, self.ben):
            FlexiFinance().register(self.client, person)
        for person in (self.ann, self.ben, self.officer):
            FlexiFinance().login(self.client, person)
        self.values = self.make_one_of_everything()

    def ask(self, person, path, expected=200, body=None, method=None):
        method = method or ("GET" if body is None else "POST")
        return self.client.request(method, BASE + path, body, token=person.token).expect(expected)["data"]

    def make_one_of_everything(self):
        """Values of path parameters that name something of ann's."""
        loan_id = self.running_loan(self.ann)
        payment = self.ask(
            self.ann, "/payments/stk-push/",
            body={"loan_id": loan_id, "amount": 100, "phone_number": self.ann.phone},
        )
        form = {"document_type": "BANK_STATEMENT", "file": Upload("a.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf")}
        document = self.client.multipart(f"{BASE}/documents/upload/", form, token=self.ann.token).expect(201)
        self.until(lambda: self.ask(self.ann, f"/payments/{payment['payment_id']}/")["status"] == "COMPLETED")
        notices = self.until(lambda: self.ask(self.ann, "/notifications/")["notifications"])
        return {
            "loan_id": loan_id,
            "application_id": loan_id,
            "payment_id": payment["payment_id"],
            "document_id": document["data"]["document_id"],
            "notification_id": notices[0]["notification_id"],
            "user_id": self.ann.id,
            "product_id": "quick_cash",
            "secret": "guess",
        }

    def running_loan(self, person):
        loan_id = self.ask(person, "/loans/apply/", 201, APPLICATION)["loan_id"]
        self.ask(self.officer, f"/admin/loans/{loan_id}/approve/", body={}, method="PUT")
        self.until(lambda: self.ask(person, f"/loans/{loan_id}/")["status"] == "ACTIVE")
        return loan_id

    def until(self, question, seconds=10):
        end = time.monotonic() + seconds
        while not (answer := question()):
            assert time.monotonic() < end, "what the test waits for does not happen"
            time.sleep(0.05)
        return answer

    def settled(self):
        """What ann sees, once it has stayed the same for half a second: notices come in after the fact."""
        seen = self.seen_by_ann()

        def is_calm():
            nonlocal seen
            time.sleep(0.5)
            before, seen = seen, self.seen_by_ann()
            return seen == before

        self.until(is_calm)
        return seen

    def seen_by_ann(self):
        """All that ann sees of herself, and what an officer sees of her loan."""
        paths = ["/users/profile/", "/users/kyc/status/", "/loans/", f"/loans/{self.values['loan_id']}/",
                 "/payments/transactions/", "/documents/", "/notifications/"]
        seen = {path: self.ask(self.ann, path) for path in paths}
        seen["officer"] = self.ask(self.officer, f"/admin/loans/{self.values['loan_id']}/")
        return seen


def without_meta(answer):
    """An answer's content without what differs from request to request."""
    return {key: value for key, value in answer.json.items() if key != "meta"}


@pytest.fixture(scope="module")
def world(server):
    """Made once on each engine."""
    return World(server)


def test_each_operation_is_in_one_list(world):
    officers = {name for name, each in world.operations.items() if each.is_for_officers}
    lists = [set(OPEN), OWN, OTHERS, officers]
    listed = [name for each in lists for name in each]
    assert sorted(listed) == sorted(set(listed)), "an operation stands in two lists"
    assert set(world.operations) - set(listed) == set(), "who may call these? put them into a list above"
    assert set(listed) - set(world.operations) == set(), "these are gone: take them out of the lists above"


def test_open_operations_are_those_of_the_list(world):
    assert {name for name, each in world.operations.items() if each.is_open} == set(OPEN)


def test_each_body_is_known(world):
    needed = {
        name for name, each in world.operations.items()
        if "application/json" in each.reads and not each.is_open
    }
    assert needed == set(BODIES)


def test_nobody_gets_in(world):
    for name, operation in world.operations.items():
        if name in OPEN:
            continue
        for token in ("", "no.such.token", world.ann.token[:-6] + "AAAAAA"):
            answer = operation.call(world.client, world.values, token=token)
            assert answer.status == 401, f"{name}: {answer.status} {answer.text[:300]}"
            assert answer["errors"][0]["code"] == "unauthenticated"


def test_open_operations_ask_for_what_they_say(world):
    for name, asks in OPEN.items():
        answer = world.operations[name].call(world.client, world.values, body=UNSIGNED.get(name, {}))
        expected = {"a signature": (401,), "the secret address": (404,)}.get(asks, (401, 422))
        assert answer.status in expected, f"{name}: {answer.status} {answer.text[:300]}"


def test_borrowers_are_no_officers(world):
    operations = [each for each in world.operations.values() if each.is_for_officers]
    before = world.settled()
    for person in (world.ann, world.ben):
        for operation in operations:
            for values in (world.values, {}):
                answer = operation.call(world.client, values, token=person.token)
                assert answer.status == 403, f"{operation.name}: {answer.status} {answer.text[:300]}"
                assert answer["errors"][0]["code"] == "forbidden"
    assert world.seen_by_ann() == before


def test_what_is_not_there_is_not_found_for_officers_either(world):
    for operation in world.operations.values():
        if operation.is_for_officers and operation.parameters:
            answer = operation.call(world.client, {}, token=world.officer.token)
            assert answer.status == 404, f"{operation.name}: {answer.status} {answer.text[:300]}"


def test_to_a_stranger_it_is_not_there(world):
    before = world.settled()
    for name in OTHERS:
        operation = world.operations[name]
        assert set(operation.parameters) <= set(world.values), name
        real = operation.call(world.client, world.values, token=world.ben.token)
        random = operation.call(world.client, {}, token=world.ben.token)
        assert real.status == random.status == 404, f"{name}: {real.status} {real.text[:300]}"
        assert without_meta(real) == without_meta(random), name
        # The officer is a stranger here as well, except where documents are for them to look at.
        asked = operation.call(world.client, world.values, token=world.officer.token)
        assert asked.status == (200 if name == "document_download" else 404), name
    assert world.seen_by_ann() == before


def test_ann_finds_what_strangers_do_not(world):
    for name in OTHERS - {"notification_read"}:
        answer = world.operations[name].call(world.client, world.values, token=world.ann.token)
        assert answer.status == 200, f"{name}: {answer.status} {answer.text[:300]}"


def test_others_are_not_named_in_a_body_or_filter(world):
    loan_id, client, token = world.values["loan_id"], world.client, world.ben.token
    for other in (loan_id, UNKNOWN):
        push = {"loan_id": other, "amount": 100, "phone_number": world.ben.phone}
        assert client.post(f"{BASE}/payments/stk-push/", push, token=token).status == 404
        form = {
            "document_type": "PAYSLIP", "loan_id": other,
            "file": Upload("a.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf"),
        }
        assert client.multipart(f"{BASE}/documents/upload/", form, token=token).status in (404, 422)
        for path in ("/payments/transactions/", "/documents/"):
            assert loan_id not in client.get(f"{BASE}{path}?loan_id={other}", token=token).expect(200).text


def test_lists_show_a_stranger_nothing_of_anns(world):
    secrets = [world.ann.email, world.ann.phone, *(
        world.values[key] for key in ("loan_id", "payment_id", "document_id", "notification_id", "user_id")
    )]
    for name in OWN:
        operation = world.operations[name]
        if operation.method == "GET":
            answer = operation.call(world.client, {}, token=world.ben.token).expect(200)
            assert not [secret for secret in secrets if secret in answer.text], name


# What nobody may set, whatever the name is called where it is read.
FORBIDDEN = {
    "user_id": UNKNOWN, "id": UNKNOWN, "loan_id": UNKNOWN, "application_id": UNKNOWN, "tenant_id": "chamahub",
    "payment_id": UNKNOWN, "email": "intruder@example.com", "status": "COMPLETED", "is_verified": True,
    "email_verified": True, "kyc_status": "APPROVED", "verification_level": "PREMIUM", "role": "admin",
    "roles": ["admin", "loan_officer"], "is_admin": True, "password_hash": "intruder", "interest_rate": 0.125,
    "principal": 424242, "principal_amount": 424242, "total_amount": 424242, "total_interest": 424242,
    "estimated_interest": 424242, "monthly_payment": 424242, "remaining_balance": 424242, "risk_score": 849,
    "loan_reference": "intruder", "reference": "intruder", "purpose_id": "intruder", "processing_fee": 424242,
    "disbursed_at": "2001-01-01T00:00:00Z", "disbursement_date": "2001-01-01T00:00:00Z", "payout_id": "intruder",
    "created_at": "2001-01-01T00:00:00Z", "updated_at": "2001-01-01T00:00:00Z", "currency": "USD",
    "submitted_at": "2001-01-01T00:00:00Z", "approved_at": "2001-01-01T00:00:00Z", "approved_by": UNKNOWN,
    "decided_by": UNKNOWN, "decided_at": "2001-01-01T00:00:00Z", "mpesa_reference": "intruder",
    "receipt_number": "intruder", "receipt": "intruder", "verification_status": "VERIFIED", "verified_by": UNKNOWN,
    "is_read": True, "admin_notes": "intruder", "direction": "payout", "completed_at": "2001-01-01T00:00:00Z",
}
TRACES = re.compile(r"intruder|424242|2001-01-01|\b0\.125\b|chamahub|PREMIUM|\b849\b")


def extras_for(operation):
    """All that the operation's answers show and its body does not document, and whatever else is worth a try."""
    generic = {name: "intruder" for name in operation.readable()}
    return {name: value for name, value in {**generic, **FORBIDDEN}.items() if name not in operation.writable()}


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
    changing = {name for name in OWN if "application/json" in world.operations[name].reads}
    assert set(cases) == changing, "each operation that a borrower writes with is tried"
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
        "email": person.email, "password": person.password, "first_name": "Mallory", "last_name": "Wanjiru",
        "phone_number": person.phone,
    }
    answer = operation.call(world.client, {}, {**extras_for(operation), **body}).expect(201)
    assert answer["data"]["is_verified"] is False
    assert answer["data"]["user_id"] != UNKNOWN
    assert not TRACES.search(answer.text)
    FlexiFinance().login(world.client, person)
    profile = world.ask(person, "/users/profile/")
    assert (profile["is_verified"], profile["kyc_status"], profile["email"]) == (False, "PENDING", person.email)
    assert world.operations["admin_loan_pending"].call(world.client, {}, token=person.token).status == 403


def test_extra_fields_change_nothing_for_officers(world):
    loan_id = world.ask(world.ben, "/loans/apply/", 201, APPLICATION)["loan_id"]
    rejected = world.ask(world.ben, "/loans/apply/", 201, APPLICATION)["loan_id"]
    for name, value in (("admin_loan_review", loan_id), ("admin_loan_reject", rejected)):
        operation = world.operations[name]
        body = {**extras_for(operation), **BODIES[name]}
        answer = operation.call(world.client, {"application_id": value}, body, world.officer.token).expect(200)
        assert not TRACES.search(answer.text), f"{name}: {answer.text}"
    operation = world.operations["admin_loan_approve"]
    body = {**extras_for(operation), "admin_notes": "Stable income"}
    answer = operation.call(world.client, {"application_id": loan_id}, body, world.officer.token).expect(200)
    assert (answer["data"]["status"], answer["data"]["approved_by"]) == ("APPROVED", world.officer.id)
    assert (answer["data"]["approved_amount"], answer["data"]["total_amount"]) == (10000, 10375)
    shown = world.ask(world.officer, f"/admin/loans/{loan_id}/")
    assert shown["user"]["user_id"] == world.ben.id
    assert not TRACES.search(json.dumps(shown, default=str))
