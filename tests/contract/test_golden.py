"""The published interface, as files under api/: a change of it shows in a commit, or the test fails.

UPDATE=1 (make golden) writes them anew.
"""
import difflib
import json
import subprocess

import pytest
from harness.server import ROOT, binary
from harness.transcripts import IS_UPDATE

FOLDER = ROOT / "api"
FORMS = {"openapi.json": [], "endpoints.txt": ["--endpoints"]}

# What the document "FlexiFinance API Reference" lists, in its order.
DOCUMENTED = """
POST /api/v1/auth/register/
POST /api/v1/auth/login/
POST /api/v1/auth/refresh/
POST /api/v1/auth/logout/
POST /api/v1/auth/forgot-password/
POST /api/v1/auth/reset-password/
GET /api/v1/users/profile/
PUT /api/v1/users/profile/
GET /api/v1/users/kyc/status/
POST /api/v1/users/kyc/documents/
GET /api/v1/loans/products/
POST /api/v1/loans/apply/
GET /api/v1/loans/
GET /api/v1/loans/{loan_id}/
GET /api/v1/loans/{loan_id}/payments/
POST /api/v1/payments/stk-push/
GET /api/v1/payments/transactions/
GET /api/v1/payments/{payment_id}/
POST /api/v1/webhooks/mpesa/
POST /api/v1/webhooks/loan-status/
GET /api/v1/notifications/
PUT /api/v1/notifications/{notification_id}/read/
PUT /api/v1/notifications/mark-all-read/
POST /api/v1/documents/upload/
GET /api/v1/documents/
GET /api/v1/documents/{document_id}/download/
GET /api/v1/admin/loans/pending/
PUT /api/v1/admin/loans/{application_id}/approve/
PUT /api/v1/admin/loans/{application_id}/reject/
""".split("\n")[1:-1]

# What it leaves out and cannot be used without.
NEEDED = """
POST /api/v1/auth/verify-email/
POST /api/v1/auth/resend-verification/
POST /api/v1/auth/change-password/
GET /api/v1/admin/kyc/pending/
PUT /api/v1/admin/kyc/{user_id}/review/
PUT /api/v1/admin/documents/{document_id}/verify/
GET /api/v1/admin/loans/{application_id}/
PUT /api/v1/admin/loans/{application_id}/review/
POST /api/v1/admin/loans/{loan_id}/disburse/
GET /api/v1/admin/loan-products/
POST /api/v1/admin/loan-products/
PUT /api/v1/admin/loan-products/{product_id}/
""".split("\n")[1:-1]


def published(form):
    command = [binary(), "openapi", "flexifinance", *FORMS[form]]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def as_file(form, text):
    """As it stands in the file: JSON is laid out, so that a changed line is a changed fact."""
    if form.endswith(".json"):
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n"
    return text


@pytest.mark.parametrize("form", FORMS)
def test_interface_is_what_the_golden_file_says(form):
    path = FOLDER / f"flexifinance.{form}"
    now = as_file(form, published(form))
    if IS_UPDATE:
        FOLDER.mkdir(exist_ok=True)
        path.write_text(now)
    kept = path.read_text()
    difference = "".join(
        difflib.unified_diff(kept.splitlines(True), now.splitlines(True), str(path), "the server", n=1)
    )
    assert kept == now, f"the interface has changed; make golden, and read the diff:\n{difference[:5000]}"


def operations():
    """{(method, path): operation} of the published document."""
    document = json.loads(published("openapi.json"))
    return {
        (method.upper(), path): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in ("get", "post", "put", "patch", "delete")
    }


def test_lists_are_whole():
    assert len(DOCUMENTED) == len(set(DOCUMENTED)) == 29
    assert len(NEEDED) == len(set(NEEDED)) == 12


@pytest.mark.parametrize("line", DOCUMENTED)
def test_documented_operation_is_there(line):
    found = operations().get(tuple(line.split()))
    assert found is not None
    assert "Additions" not in found.get("tags", [])


@pytest.mark.parametrize("line", NEEDED)
def test_addition_is_there_and_called_one(line):
    found = operations().get(tuple(line.split()))
    assert found is not None
    assert "Additions" in found.get("tags", [])


def test_endpoints_and_document_name_the_same_operations():
    listed = {tuple(reversed(line.split()[:2])) for line in published("endpoints.txt").splitlines()}
    assert listed == set(operations())
