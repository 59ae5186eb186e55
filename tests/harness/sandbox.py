"""Steers the simulated outside parties."""
import re
import time
from urllib.parse import urlencode

from .client import Client


class Sandbox:
    """The control calls of one sandbox."""

    def __init__(self, url):
        self.client = Client(url)

    def messages(self, channel, to):
        """Messages that reached an address, newest first."""
        query = urlencode({"channel": channel, "to": to})
        return self.client.get(f"/control/messages?{query}").expect(200)["messages"]

    def wait_for_message(self, channel, to, pattern, seconds=10):
        """The match of a pattern in a message to the address; raises AssertionError when none comes."""
        end = time.monotonic() + seconds
        while True:
            messages = self.messages(channel, to)
            for message in messages:
                text = "\n".join(str(message.get(part) or "") for part in ("subject", "text", "html"))
                found = re.search(pattern, text)
                if found:
                    return found
            if time.monotonic() > end:
                raise AssertionError(f"no {channel} to {to} matches {pattern!r}; there are: {messages}")
            time.sleep(0.05)

    def mpesa_next(self, phone, outcome, delay_ms=None, count=None):
        """Decides how the next M-Pesa requests of a phone end."""
        body = {"phone": phone, "outcome": outcome, "delay_ms": delay_ms, "count": count}
        return self._steer("POST", "/control/mpesa/next", {k: v for k, v in body.items() if v is not None})

    def embedly_inflow(self, account_number, amount, reference, sender_name="Ada Obi"):
        """A bank transfer (kobo) arrives in a virtual account."""
        body = {"account_number": account_number, "amount": amount, "reference": reference}
        return self._steer("POST", "/control/embedly/inflow", {**body, "sender_name": sender_name})

    def embedly_next(self, account_number, outcome, delay_ms=None):
        """Decides how the next payout to an account ends."""
        body = {"account_number": account_number, "outcome": outcome, "delay_ms": delay_ms}
        return self._steer("POST", "/control/embedly/next", {k: v for k, v in body.items() if v is not None})

    def put_person(self, register, number, person):
        """Adds a person to the simulated `bvn` or `nin` register."""
        return self._steer("PUT", f"/control/people/{register}/{number}", person)

    def identity_token(self, provider, claims, **options):
        """An id_token signed by the simulated issuer."""
        body = {"provider": provider, "claims": claims, **options}
        return self._steer("POST", "/control/identity/token", body)["id_token"]

    def put_sheet(self, spreadsheet_id, sheet):
        return self._steer("PUT", f"/control/sheets/{spreadsheet_id}", sheet)

    def _steer(self, method, path, body):
        answer = self.client.request(method, path, body)
        assert answer.status // 100 == 2, f"{method} {path}: {answer.status} {answer.text}"
        return answer
