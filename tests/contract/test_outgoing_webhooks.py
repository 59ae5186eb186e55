"""Upflame's webhooks reach a receiver that somebody else's library verifies."""
import json
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

NPM = Path(__file__).resolve().parents[1] / "npm"


class Receiver:
    """Takes webhooks on loopback and answers them with `status`."""

    def __init__(self):
        self.received = []
        self.status = 204
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                names = ("webhook-id", "webhook-timestamp", "webhook-signature")
                receiver.received.append(({name: self.headers[name] for name in names}, body))
                self.send_response(receiver.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                """Says nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}/hook"

    def wait_for(self, count):
        """What came, once it is that many."""
        end = time.monotonic() + 10
        while len(self.received) < count and time.monotonic() < end:
            time.sleep(0.02)
        assert len(self.received) == count, self.received
        return self.received


@pytest.fixture
def receiver():
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


# A server of its own: the library holds deliveries against the real time, and others move the shared clock.
@pytest.fixture
def boss(fresh_server):
    server = fresh_server()
    login = {"email": "admin@upflame.in", "password": "AdminPass123!"}
    answer = server.client("upflame").post("/v1/auth/login", login).expect(200)
    client = server.client("upflame", token=answer["data"]["access_token"])
    yield client
    for webhook in client.get("/v1/webhooks?limit=100").expect(200)["data"]:
        client.delete(f"/v1/webhooks/{webhook['id']}").expect(200)


def verify(secret, headers, body):
    """What the library of Standard Webhooks makes of a request; None when it refuses it."""
    done = subprocess.run(
        ["node", "verify_webhook.js"],
        input=json.dumps({"secret": secret, "headers": headers, "body": body}),
        cwd=NPM, capture_output=True, text=True, timeout=30, check=False,
    )
    return json.loads(done.stdout) if done.returncode == 0 else None


def test_a_library_of_others_verifies_a_delivery(boss, receiver):
    made = boss.post("/v1/webhooks", {"url": receiver.url, "event_types": ["booking.*"]}).expect(201)["data"]
    sent = boss.post(f"/v1/webhooks/{made['id']}/test", {}).expect(201)["data"]
    headers, body = receiver.wait_for(1)[0]
    verified = verify(made["secret"], headers, body)
    assert verified["type"] == "webhook.test"
    assert verified["data"] == {"endpoint_id": made["id"]}
    assert verify(made["secret"], headers, body + " ") is None

    path = f"/v1/webhooks/{made['id']}/deliveries/{sent['delivery_id']}"
    delivery = eventually(boss, path, "delivered")
    assert delivery["message_id"] == headers["webhook-id"]
    assert delivery["body"] == body
    attempt = delivery["log"][0]
    assert attempt["signature"] == headers["webhook-signature"]
    assert attempt["signed_content"] == f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}"


def test_both_secrets_verify_while_one_is_rotated(boss, receiver):
    made = boss.post("/v1/webhooks", {"url": receiver.url}).expect(201)["data"]
    path = f"/v1/webhooks/{made['id']}"
    rotated = boss.post(f"{path}/rotate-secret", {"overlap_seconds": 60}).expect(200)["data"]
    assert rotated["secret"] != made["secret"]
    boss.post(f"{path}/test", {}).expect(201)
    headers, body = receiver.wait_for(1)[0]
    for secret in (made["secret"], rotated["secret"]):
        assert verify(secret, headers, body)["type"] == "webhook.test"
    assert "secret" not in boss.get(path).expect(200)["data"]


def test_a_failure_is_tried_again_and_can_be_replayed(boss, receiver):
    receiver.status = 500
    made = boss.post("/v1/webhooks", {"url": receiver.url}).expect(201)["data"]
    sent = boss.post(f"/v1/webhooks/{made['id']}/test", {}).expect(201)["data"]
    receiver.wait_for(1)
    path = f"/v1/webhooks/{made['id']}/deliveries/{sent['delivery_id']}"
    assert boss.get(path).expect(200)["data"]["status"] == "pending"
    receiver.status = 200
    boss.post(path + "/replay", {}).expect(200)
    first, second = receiver.wait_for(2)
    assert first[0]["webhook-id"] == second[0]["webhook-id"]
    assert first[1] == second[1]
    assert len(eventually(boss, path, "delivered")["log"]) == 2


def eventually(client, path, status):
    """The delivery, once it has the status."""
    end = time.monotonic() + 10
    while True:
        found = client.get(path).expect(200)["data"]
        if found["status"] == status:
            return found
        assert time.monotonic() < end, found
        time.sleep(0.05)
