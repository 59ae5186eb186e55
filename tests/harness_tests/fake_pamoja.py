#!/usr/bin/env python3
"""A few endpoints with the manners of the real program, to test the harness by; no business in it.

FAKE_FAULT in the environment makes it misbehave: log, exit, check or schema.
"""
import json
import os
import re
import signal
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FAULT = os.environ.get("FAKE_FAULT", "")
UUID = "01890a5d-ac96-774b-bcce-b302099a80{:02d}"
state = {"now": 0, "loans": [], "messages": [], "steered": []}
ENVELOPE = {
    "type": "object",
    "required": ["success", "data"],
    "properties": {"success": {"type": "boolean"}, "data": {}},
}
JSON = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Envelope"}}}}
DOCUMENT = {
    "openapi": "3.1.0",
    "servers": [{"url": "http://localhost:8000/api/v1"}],
    "components": {"schemas": {"Envelope": ENVELOPE}},
    "paths": {
        "/auth/register/": {"post": {"responses": {"201": JSON}}},
        "/auth/login/": {"post": {"responses": {"200": JSON}}},
        "/loans/": {"post": {"responses": {"201": JSON, "4XX": JSON}}},
        "/loans/{id}/": {"get": {"responses": {"200": JSON, "default": JSON}}},
        "/loans/mine/": {"get": {"responses": {"200": {"content": {"text/plain": {}}}}}},
        "/files/": {"post": {"responses": {"201": JSON}}},
    },
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = self.path.split("?")[0]
        loan = re.fullmatch(r"/api/v1/loans/([0-9a-f-]{36})/", path)
        if path == "/healthz":
            self.answer(200, {"status": "ok"})
        elif path == "/openapi/flexifinance.json":
            self.answer(200, DOCUMENT)
        elif path == "/api/v1/loans/mine/":
            self.answer(200, b"no loans", "text/plain; charset=utf-8")
        elif path == "/control/messages":
            self.answer(200, {"messages": state["messages"]})
        elif loan and loan.group(1) in state["loans"]:
            data = {"loan_id": loan.group(1), "status": "ACTIVE" if state["now"] else "SUBMITTED"}
            self.answer(200, {"success": True, "data": {**data, "amount": RawNumber("1250.50")}})
        else:
            self.answer(404, {"success": False, "data": None, "message": "There is no such thing."})

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/_dev/clock":
            state["now"] += json.loads(body)["advance_seconds"]
            self.answer(200, {"now": f"2025-12-{5 + state['now'] // 86400:02d}T00:00:00Z"})
        elif self.path.startswith("/control/"):
            state["steered"].append([self.path, json.loads(body)])
            self.answer(200, {"steered": state["steered"]})
        elif self.path == "/api/v1/auth/register/":
            self.register(json.loads(body))
        elif self.path == "/api/v1/auth/login/":
            token = "token-of-" + json.loads(body)["email"]
            data = {"access_token": token, "user": {"user_id": UUID.format(1)}}
            self.answer(200, {"success": True, "data": data})
        elif self.path == "/api/v1/files/":
            found = re.findall(rb'name="(\w+)"(?:; filename="([^"]+)")?', body)
            data = [[name.decode(), file.decode()] for name, file in found]
            self.answer(201, {"success": True, "data": data})
        elif self.path == "/api/v1/loans/":
            self.lend(json.loads(body, parse_float=RawNumber))
        else:
            self.answer(404, {"success": False, "data": None})

    def register(self, request):
        text = f"Your link: /verify?token=abc{len(state['messages'])}"
        message = {"channel": "email", "to": request["email"], "subject": "Verify", "text": text}
        state["messages"].insert(0, message)
        self.answer(201, {"success": True, "data": {"user_id": UUID.format(1), "email": request["email"]}})

    def lend(self, request):
        if not self.headers.get("Authorization"):
            self.answer(401, {"success": False, "data": None, "message": "Log in first."})
            return
        state["loans"].append(UUID.format(len(state["loans"]) + 10))
        data = {"loan_id": state["loans"][-1], "amount": request["amount"], "key": self.headers.get("X-Key")}
        answer = {"data": data} if FAULT == "schema" else {"success": True, "data": data}
        self.answer(201, answer, headers={"Location": f"/api/v1/loans/{state['loans'][-1]}/"})

    def answer(self, status, value, media_type="application/json", headers=None):
        body = value if isinstance(value, bytes) else RawNumber.dump(value)
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        for name, text in (headers or {}).items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class RawNumber:
    """A number written with exactly these digits."""

    def __init__(self, text):
        self.text = text

    @staticmethod
    def dump(value):
        text = json.dumps(value, default=lambda number: f"\0{number.text}\0")
        return re.sub(r'"\\u0000(.*?)\\u0000"', r"\1", text).encode()


def serve(arguments):
    options = {name: arguments[arguments.index(name) + 1] for name in ("--port", "--sandbox-port")}
    if FAULT == "start":
        print("cannot start", file=sys.stderr)
        return 3
    servers = []
    for port in options.values():
        server = ThreadingHTTPServer(("127.0.0.1", int(port)), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
    done = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: done.set())
    done.wait()
    if FAULT == "log":
        print('{"level":"error","code":"internal_error"}', file=sys.stderr)
    return 7 if FAULT == "exit" else 0


def main():
    if sys.argv[1] == "check":
        print("1 violation" if FAULT == "check" else "0 violations")
        return 1 if FAULT == "check" else 0
    return serve(sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
