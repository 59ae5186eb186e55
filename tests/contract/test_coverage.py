"""Every operation of FlexiFinance, called by whoever must not: nobody, a stranger, the wrong role.

The operations come from the OpenAPI document. One that no list here knows fails the test, so a new one cannot
go in without a decision on who may call it.
"""
from harness.operations import BASE, BODIES, PDF, UNKNOWN

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

# What a person sees or changes is only theirs, and no address names it: strangers get their own.
OWN = {
    "document_list", "document_upload", "kyc_show", "kyc_submit", "loan_apply", "loan_list",
    "loan_product_list", "notification_list", "notification_read_all", "password_change", "payment_list",
    "payment_push", "payment_refund_credit", "profile_show", "profile_update", "user_logout",
}

# Read before the signature is looked at.
UNSIGNED = {"webhook_loan_status": {"loan_id": UNKNOWN, "old_status": "APPROVED", "new_status": "DISBURSED"}}

# Addresses that name something of a person's: to others it is not there.
OTHERS = {
    "document_download", "loan_show", "loan_payment_list", "loan_payoff", "notification_read",
    "payment_show",
}

def without_meta(answer):
    """An answer's content without what differs from request to request."""
    return {key: value for key, value in answer.json.items() if key != "meta"}


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
        form = {"document_type": "PAYSLIP", "loan_id": other, "file": PDF}
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
