"""The operations of the FlexiFinance document, and people to call them as."""
import json
import re
import time

from .client import Upload
from .faces import OFFICER, FlexiFinance, Person, new_person

BASE = "/api/v1"
UNKNOWN = "01990000-0000-7000-8000-000000000000"  # an id that nothing has

# A valid body of each operation that reads JSON, so that a refusal is not about the body.
APPLICATION = {"product_id": "quick_cash", "requested_amount": 10000, "requested_tenure": 3}
BODIES = {
    "admin_loan_approve": {"approved_amount": 10000, "approved_tenure": 3, "interest_rate": 15},
    "admin_loan_reject": {"rejection_reason": "Insufficient income documentation"},
    "admin_loan_review": {"admin_notes": "Calls the employer"},
    "admin_loan_write_off": {"admin_notes": "Gone"},
    "admin_product_create": {
        "product_id": "bronze", "product_name": "Bronze", "min_amount": 100, "max_amount": 1000,
        "min_tenure": 1, "max_tenure": 3, "interest_rate": 12,
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
PNG = Upload("id.png", b"", "image/png")
PDF = Upload("a.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf")


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
        form = {"document_type": "BANK_STATEMENT", "file": PDF}
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
