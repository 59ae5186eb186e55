"""A second factor's code is worth one sign-in, however many ask with it at the same instant."""
from collections import Counter
from datetime import datetime

import pytest
from harness.faces import FACES, new_person
from harness.races import at_once
from harness.totp import totp_code

CLIENTS = 16


class Owner:
    """Somebody with an authenticator app."""

    def __init__(self, server):
        self.server = server
        self.person = new_person("owner")
        client = server.client("upflame")
        FACES["upflame"].register(client, self.person)
        FACES["upflame"].login(client, self.person)
        client.token = self.person.token
        self.secret = client.post("/v1/auth/mfa/setup", {"type": "totp"}).expect(200)["data"]["secret"]
        body = {"type": "totp", "code": self.code_after(0)}
        self.recovery_codes = client.post("/v1/auth/mfa/verify", body).expect(200)["data"]["recovery_codes"]
        self.clients = [server.client("upflame") for _ in range(CLIENTS)]

    def code_after(self, seconds):
        now = datetime.fromisoformat(self.server.advance(seconds).replace("Z", "+00:00"))
        return totp_code(self.secret, now.timestamp())

    def sign_in(self, number, code):
        body = {"email": self.person.email, "password": self.person.password, "mfa_code": code}
        return self.clients[number].post("/v1/auth/login", body)


@pytest.fixture
def owner(server):
    return Owner(server)


def assert_one_entered(answers):
    statuses = Counter(answer.status for answer in answers)
    assert statuses[200] == 1, statuses
    # Whoever was late guessed wrong, and from the eleventh on is not listened to.
    assert set(statuses) <= {200, 401, 429}, statuses


def test_a_code_of_an_app_lets_one_of_many_in(owner):
    for _ in range(3):
        # A quarter of an hour, in which the wrong guesses of the last round are forgotten.
        code = owner.code_after(900)
        assert_one_entered(at_once(CLIENTS, lambda n, code=code: owner.sign_in(n, code)))


def test_a_recovery_code_lets_one_of_many_in(owner):
    for code in owner.recovery_codes[:3]:
        owner.server.advance(900)
        assert_one_entered(at_once(CLIENTS, lambda n, code=code: owner.sign_in(n, code)))


def test_guesses_that_come_at_once_are_counted_one_by_one(owner):
    wrong = "000000" if owner.code_after(60) != "000000" else "111111"
    answers = [answer for _ in range(2) for answer in at_once(CLIENTS, lambda n: owner.sign_in(n, wrong))]
    assert Counter(answer.status for answer in answers) == {401: 10, 429: 2 * CLIENTS - 10}
