"""Carries out the steps of a transcript against a server."""
import hashlib
import hmac
import re
import time
from datetime import datetime

from . import patterns
from .client import Upload
from .faces import new_person, Person
from .server import WEBHOOK_SECRET
from .totp import totp_code
from .transcripts import IS_UPDATE, TranscriptError, UNITS

WAIT_SECONDS = 10


def failure_text(differences, answer):
    return "\n".join(differences) + f"\nanswer: {answer.status} {answer.text[:3000]}"


def signature_of(content):
    """HMAC-SHA256 of a body, as whoever knows the webhook secret signs it."""
    return hmac.new(WEBHOOK_SECRET.encode(), content.encode(), hashlib.sha256).hexdigest()


class Runner:
    """One run of one transcript.

    server     has client(face), sandbox, advance(seconds), restart() and kill()
    face       the face's name; `accounts` is how people register and log in there
    files      the folder that `file=@name` is looked up in
    balances   optional: called with an account's name, gives its balance as a Decimal; serves `ledger` lines
    """

    def __init__(self, transcript, server, face, accounts, files, balances=None, is_update=IS_UPDATE):
        self.transcript = transcript
        self.server = server
        self.accounts = accounts
        self.files = files
        self.balances = balances
        self.is_update = is_update
        self.client = server.client(face)
        self.people = {}
        self.actor = None
        self.variables = {}
        self.next_headers = {}
        self.signature_header = None  # in which the next request carries the signature of its body
        self._known_balances = {}
        self._rewritten = []  # (start, end, lines) of answers to put in place

    def run(self):
        """Runs all steps; raises TranscriptError at the first that fails. UPDATE=1 rewrites the file."""
        for step in self.transcript.steps:
            try:
                getattr(self, f"_run_{step.command}")(step)
            except (AssertionError, patterns.PatternError, OSError) as error:
                line = self.transcript.lines[step.line - 1]
                raise TranscriptError(f"{self.transcript.path}:{step.line}: {line}\n{error}") from error
        if self._rewritten:
            self._write()

    def _run_fresh(self, step):
        pass  # Whoever made the runner has started that server.

    def _run_restart(self, step):
        self.client.close()
        self.server.restart()

    def _run_crash(self, step):
        self.client.close()
        self.server.kill()
        self.server.start()

    def _run_user(self, step):
        name, email = step.words["name"], step.words["email"]
        person = new_person(name, self._fill(email) if email else None)
        self.accounts.register(self.client, person)
        self._login(person)

    def _run_login(self, step):
        name = step.words["name"]
        if step.words["email"]:
            person = Person(name, self._fill(step.words["email"]), self._fill(step.words["password"]))
        elif name in self.people:
            person = self.people[name]
        else:
            raise TranscriptError(f"nobody is called {name}; write: login {name} EMAIL PASSWORD")
        self._login(person)

    def _login(self, person):
        self.accounts.login(self.client, person)
        self.people[person.name] = person
        self.variables.update(person.variables())

    def _run_as(self, step):
        name = step.words["name"]
        if name != "nobody" and name not in self.people:
            raise TranscriptError(f"nobody is called {name}; write 'user {name}' or 'login {name} …' first")
        self.actor = None if name == "nobody" else self.people[name]

    def _run_let(self, step):
        self.variables[step.words["name"]] = self._value(step.words["json"])

    def _run_with(self, step):
        self.next_headers[step.words["header"]] = self._fill(step.words["value"])

    def _run_sign(self, step):
        self.signature_header = step.words["header"]

    def _run_advance(self, step):
        self.server.advance(int(step.words["count"]) * UNITS[step.words["unit"]])

    def _run_totp(self, step):
        now = datetime.fromisoformat(self.server.advance(0).replace("Z", "+00:00"))
        code = totp_code(self._fill(step.words["secret"]), now.timestamp())
        self.variables[step.words["name"]] = code

    def _run_message(self, step):
        to = step.words["to"]
        if to in self.people:
            person = self.people[to]
            to = person.email if step.words["channel"] == "email" else person.phone
        found = self.server.sandbox.wait_for_message(
            step.words["channel"],
            self._fill(to),
            patterns.fill_expression(step.words["pattern"], self.variables),
            WAIT_SECONDS,
        )
        self.variables.update(found.groupdict())

    def _run_mpesa(self, step):
        words = step.words
        person = self.people.get(words["phone"])
        phone = person.phone if person else self._fill(words["phone"])
        self.server.sandbox.mpesa_next(
            phone, words["outcome"], int(words["delay"]) if words["delay"] else None,
            int(words["count"]) if words["count"] else None,
        )

    def _run_sandbox(self, step):
        body = step.words["body"]
        answer = self.server.sandbox.client.request(
            step.words["method"], self._fill(step.words["path"]), self._value(body) if body else None
        )
        if step.expected:
            differences = self._differences(step.expected, answer, self.variables)
            if differences:
                raise TranscriptError(failure_text(differences, answer))
        elif answer.status // 100 != 2:
            raise TranscriptError(f"the sandbox answered {answer.status} {answer.text}")

    def _run_ledger(self, step):
        """`ledger ann:wallet +1250.50, house:loan_book -1250.50`: changes since an account was last named."""
        if self.balances is None:
            raise TranscriptError("this server shows no balances")
        for change in step.words["changes"].split(","):
            account, expected = self._fill(change).split()
            balance = self.balances(account)
            moved = balance - self._known_balances.get(account, 0)
            self._known_balances[account] = balance
            if f"{moved:+}" != expected:
                raise TranscriptError(f"{account} moved by {moved:+}, expected {expected}")

    def _run_request(self, step):
        answer = self._send(step)
        if step.expected is None:
            if not self.is_update:
                shown = f"{answer.status} {answer.text}"
                raise TranscriptError(f"no answer stands below; run with UPDATE=1. It is:\n{shown}")
            self._rewrite(step, answer)
            return
        differences = self._differences(step.expected, answer, self.variables)
        if differences and self.is_update:
            self._rewrite(step, answer)
        elif differences:
            raise TranscriptError(failure_text(differences, answer))
        self._check_headers(step, answer)

    def _run_wait(self, step):
        end = time.monotonic() + WAIT_SECONDS
        while True:
            answer = self._send(step)
            found = dict(self.variables)
            differences = self._differences(step.expected, answer, found)
            if not differences:
                self.variables = found
                self.next_headers = {}
                return
            if time.monotonic() > end:
                raise TranscriptError(failure_text(differences, answer))
            time.sleep(0.05)

    def _send(self, step):
        path = self._fill(step.words["path"])
        headers = {**(self.actor.headers if self.actor else {}), **self.next_headers}
        if step.command == "request":
            self.next_headers = {}
        options = {"headers": headers, "token": self.actor.token if self.actor else ""}
        body = step.words.get("body")
        if body and body.startswith("multipart "):
            return self.client.multipart(path, self._form(body[10:]), step.words["method"], **options)
        if body and body.startswith("text "):
            return self.client.request(step.words["method"], path, self._value(body[5:]), **options)
        value = self._value(body) if body else None
        content = None if value is None else patterns.write_json(value)
        if self.signature_header:
            headers[self.signature_header] = signature_of(content or "")
            self.signature_header = None
        return self.client.request(step.words["method"], path, content, **options)

    def _form(self, text):
        fields = {}
        for name, quoted, plain in re.findall(r'(\w+)=(?:"([^"]*)"|(\S*))', text):
            value = self._fill(quoted or plain)
            if value.startswith("@"):
                path = self.files / value[1:]
                value = Upload(path.name, path.read_bytes())
            fields.setdefault(name, []).append(value)
        return fields

    def _differences(self, expected, answer, variables):
        if answer.status != expected.status:
            return [f"expected status {expected.status}, got {answer.status}"]
        if expected.kind == "any":
            return []
        if expected.kind == "empty":
            return [f"expected no body, got {answer.body[:200]!r}"] if answer.body else []
        if expected.kind == "text":
            return patterns.match(expected.pattern, answer.text, variables)
        try:
            value = answer.json
        except ValueError as error:
            return [f"the body is no JSON: {error}"]
        return patterns.match(expected.pattern, value, variables)

    def _check_headers(self, step, answer):
        for name, pattern in step.headers:
            value = answer.header(name)
            if value is None:
                raise TranscriptError(f"the answer has no header {name}: {answer.headers}")
            differences = patterns.match(pattern, value, self.variables, name)
            if differences:
                raise TranscriptError("\n".join(differences))

    def _rewrite(self, step, answer):
        expected = step.expected
        if answer.is_json:
            old = expected.pattern if expected and expected.kind == "json" else None
            node = patterns.rewrite(old, answer.json, self.variables)
            text = f"{answer.status} {patterns.render(node, 0, 4)}"
            patterns.match(node, answer.json, self.variables)  # captures what later steps use
        elif not answer.body:
            text = f"{answer.status} empty"
        else:
            text = f"{answer.status}"
        start, end = (expected.start, expected.end) if expected else (step.end, step.end)
        self._rewritten.append((start, end, text.splitlines()))

    def _write(self):
        lines = list(self.transcript.lines)
        for start, end, text in sorted(self._rewritten, key=lambda change: change[0], reverse=True):
            lines[start:end] = text
        self.transcript.path.write_text("\n".join(lines) + "\n")

    def _fill(self, text):
        return patterns.fill(text, self.variables)

    def _value(self, text):
        return patterns.evaluate(patterns.parse(text), self.variables)
