"""A server that was given no webhook secret: nobody can tell it that a loan was paid out."""
import hashlib
import hmac

import pytest

MESSAGE = (
    b'{"loan_id": "01990000-0000-7000-8000-000000000000",'
    b' "old_status": "APPROVED", "new_status": "DISBURSED"}'
)
CALLBACK = {
    "Body": {
        "stkCallback": {
            "merchantRequestID": "1-2-3",
            "checkoutRequestID": "ws_CO_1",
            "resultCode": 1032,
            "resultDesc": "Cancelled",
        }
    }
}


@pytest.fixture
def client(fresh_server):
    return fresh_server(environment={"PAMOJA_WEBHOOK_SECRET": ""}).client("flexifinance")


def test_loan_status_is_refused_even_when_signed_with_nothing(client):
    signature = hmac.new(b"", MESSAGE, hashlib.sha256).hexdigest()
    for headers in ({}, {"X-Webhook-Signature": signature}, {"X-Webhook-Signature": ""}):
        answer = client.post("/api/v1/webhooks/loan-status/", MESSAGE, headers=headers)
        assert answer.status == 401, answer.text


def test_mpesa_webhook_is_open_as_the_document_shows_it(client):
    assert client.post("/api/v1/webhooks/mpesa/", CALLBACK).expect(200).json == {
        "ResultCode": 0, "ResultDesc": "Accepted",
    }
