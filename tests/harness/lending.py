"""The life of a FlexiFinance loan in few words, for tests that need many loans and payments."""
import hashlib
import hmac
import itertools
import os
import time
from decimal import Decimal

from .client import write_json
from .faces import FlexiFinance, new_person
from .server import WEBHOOK_SECRET

OFFICER = {"email": "admin@flexifinance.com", "password": "AdminPass123!"}
_payers = itertools.count(1)


def new_payer():
    """A phone number that nothing else in this run pays from."""
    return f"+25471{(os.getpid() % 100) * 100000 + next(_payers):07d}"


def sign(body):
    """What X-MPESA-SIGNATURE must be for these bytes."""
    return hmac.new(WEBHOOK_SECRET.encode(), body, hashlib.sha256).hexdigest()


def log_in(server, credentials):
    """A client of somebody who signs in."""
    client = server.client()
    answer = client.post("/api/v1/auth/login/", credentials).expect(200)
    client.token = answer["data"]["access_token"]
    return client


def officer(server):
    return log_in(server, OFFICER)


class Borrower:
    """Somebody new who is signed in."""

    def __init__(self, server, name="storm"):
        self.server = server
        self.person = new_person(name)
        self.client = server.client()
        FlexiFinance().register(self.client, self.person)
        FlexiFinance().login(self.client, self.person)
        self.client.token = self.person.token

    def another_client(self):
        """One more connection of this person: a Client is for one thread."""
        return self.server.client(token=self.person.token)

    def apply(self, amount=10000, tenure=6):
        """Asks for a loan; gives its id."""
        wanted = {"product_id": "quick_cash", "requested_amount": amount, "requested_tenure": tenure}
        return self.client.post("/api/v1/loans/apply/", wanted).expect(201)["data"]["loan_id"]

    def loan(self, loan_id):
        return self.client.get(f"/api/v1/loans/{loan_id}/").expect(200)["data"]

    def push(self, loan_id, amount, phone, client=None, **options):
        body = {"loan_id": loan_id, "amount": amount, "phone_number": phone}
        return (client or self.client).post("/api/v1/payments/stk-push/", body, **options)

    def payments(self, **filters):
        """All of this person's payments that match."""
        return list(all_pages(self.client, "/api/v1/payments/transactions/", "transactions", **filters))


def approve(client, loan_id):
    client.put(f"/api/v1/admin/loans/{loan_id}/approve/", {}).expect(200)


def disburse(client, loan_id):
    return client.post(f"/api/v1/admin/loans/{loan_id}/disburse/")


def active_loan(server, officer_client, borrower, amount=10000, tenure=6):
    """A loan that is paid out; gives its id."""
    loan_id = borrower.apply(amount, tenure)
    server.sandbox.mpesa_next(borrower.person.phone, "success", delay_ms=10)
    approve(officer_client, loan_id)  # quick_cash is paid out at once
    wait_until(lambda: borrower.loan(loan_id)["status"] == "ACTIVE", "the loan is paid out")
    return loan_id


def all_pages(client, path, name, **filters):
    """The items of every page of a list."""
    query = "".join(f"&{key}={value}" for key, value in filters.items())
    page, total = 1, 1
    while page <= total:
        data = client.get(f"{path}?page={page}&per_page=100{query}").expect(200)["data"]
        yield from data[name]
        total = data["pagination"]["total_pages"]
        page += 1


def statement_of(client, account="mpesa_float"):
    """(closing balance, lines) of one of the house's accounts."""
    path = "/api/v1/admin/ledger/statement/"
    closing = client.get(f"{path}?account={account}").expect(200)["data"]["closing_balance"]
    return Decimal(closing), list(all_pages(client, path, "lines", account=account))


def paid_of(loan):
    """What the schedule of a loan says has been paid."""
    return sum(Decimal(instalment["paid_amount"]) for instalment in loan["repayment_schedule"])


def documented_callback(callback):
    """A provider's message in the spelling of the FlexiFinance document, as bytes."""
    told = callback["Body"]["stkCallback"]
    message = {
        "merchantRequestID": told["MerchantRequestID"],
        "checkoutRequestID": told["CheckoutRequestID"],
        "resultCode": told["ResultCode"],
        "resultDesc": told["ResultDesc"],
    }
    if "CallbackMetadata" in told:
        items = [
            {("name" if key == "Name" else "value"): value for key, value in item.items()}
            for item in told["CallbackMetadata"]["Item"]
        ]
        message["callbackMetadata"] = {"item": items}
    return write_json({"Body": {"stkCallback": message}}).encode()


def wait_until(condition, what, seconds=20):
    """Polls; raises AssertionError when it takes too long."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited {seconds} s in vain until {what}"
        time.sleep(0.05)
