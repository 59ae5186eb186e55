"""Storms on the platform: nobody is signed out by their own haste, and one key makes one thing."""
from collections import Counter

import pytest
from harness.faces import ADMINISTRATOR, Person, Upflame, new_person
from harness.races import at_once

THREADS, ROUNDS = 50, 20
CLIENT = {"client_id": "client123", "client_secret": "secret123"}


@pytest.fixture
def boss(server):
    person = Person("boss", *ADMINISTRATOR)
    Upflame().login(server.client("upflame"), person)
    return person


def log_in(server, person):
    credentials = {"email": person.email, "password": person.password}
    return server.client("upflame").post("/v1/auth/login", credentials).expect(200)["data"]


def refresh(client, token):
    body = {"grant_type": "refresh_token", "refresh_token": token, **CLIENT}
    return client.post("/v1/auth/token", body)


def test_a_thousand_refreshes_sign_nobody_out(server):
    person = new_person("hasty")
    Upflame().register(server.client("upflame"), person)
    first = log_in(server, person)["refresh_token"]
    clients = [server.client("upflame") for _ in range(THREADS)]
    storms = at_once(THREADS, lambda n: [refresh(clients[n], first) for _ in range(ROUNDS)])
    answers = [answer for storm in storms for answer in storm]
    assert Counter(answer.status for answer in answers) == {200: THREADS * ROUNDS}
    newest = {answer["data"]["refresh_token"] for answer in answers}
    assert len(newest) == 1, "one step behind gets the current one again"
    for answer in answers[:: ROUNDS * 10]:
        clients[0].get("/v1/auth/me", token=answer["data"]["access_token"]).expect(200)

    # A client that never stores a new one goes on; one who comes back from two steps behind is a thief.
    refresh(clients[0], first).expect(200)
    latest = refresh(clients[0], newest.pop()).expect(200)["data"]
    refresh(clients[0], latest["refresh_token"]).expect(200)
    refresh(clients[0], first).expect(401)
    refresh(clients[0], latest["refresh_token"]).expect(401)
    clients[0].get("/v1/auth/me", token=latest["access_token"]).expect(401)


def test_one_key_makes_one_role_however_many_ask(server, boss):
    clients = [server.client("upflame", token=boss.token) for _ in range(THREADS)]
    for turn in range(5):
        name = f"Storm{boss.token[-12:]}{turn}"
        body = {"name": name, "role_family": "Customer", "description": "", "permissions": ["booking.create"]}
        headers = {"Idempotency-Key": f'"{name}"'}
        answers = at_once(THREADS, lambda n, b=body, h=headers: clients[n].post("/v1/roles", b, headers=h))
        good = [answer for answer in answers if answer.status == 201]
        assert {answer.status for answer in answers} <= {201, 409}
        assert len({answer.body for answer in good}) == 1
        assert sum(answer.header("Idempotency-Replayed") != "true" for answer in good) == 1
        other = clients[0].post("/v1/roles", {**body, "description": "another"}, headers=headers)
        assert (other.status, other["error"]["details"]["reason"]) == (422, "idempotency_key_reused")
    listed = clients[0].get("/v1/roles?limit=100").expect(200)["data"]
    assert sum(role["name"].startswith(f"Storm{boss.token[-12:]}") for role in listed) == 5
