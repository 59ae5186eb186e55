"""Many customers who want the same time of one provider: one of them gets it."""
import os
from collections import Counter
from datetime import datetime, timedelta, timezone

import pytest
from harness.bookings import administrator, customer, service_of_new_provider
from harness.races import at_once

CLIENTS = 64
ROUNDS = int(os.environ.get("PAMOJA_BOOKING_ROUNDS", "6"))
BEGIN = datetime(2031, 6, 2, tzinfo=timezone.utc)


@pytest.fixture
def boss(server):
    return administrator(server)


@pytest.fixture
def clients(server):
    """So many connections of a few customers: it is the time that is contested, not the sign-in."""
    people = [customer(server, f"racer{number}") for number in range(4)]
    crowd = [server.client() for _ in range(CLIENTS)]
    for number, client in enumerate(crowd):
        client.token = people[number % len(people)].token
    return crowd


def outcomes(answers):
    return Counter(
        answer["data"]["status"] if answer.status == 201 else answer["error"]["details"]["reason"]
        for answer in answers
    )


def at(hours):
    return (BEGIN + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_64_clients_for_one_slot_have_one_winner(boss, clients):
    booking = service_of_new_provider(boss)
    for number in range(ROUNDS):
        wanted = {**booking, "scheduled_at": at(2 * number)}
        answers = at_once(CLIENTS, lambda n: clients[n].post("/v1/bookings", wanted))
        assert outcomes(answers) == {"processing": 1, "slot_taken": CLIENTS - 1}
        refused = [answer for answer in answers if answer.status != 201]
        assert all(answer["error"]["details"]["alternatives"] for answer in refused)
    listed = boss.get(f"/v1/bookings?provider_id={booking['provider_id']}&limit=100").expect(200)
    assert listed["meta"]["total"] == ROUNDS


def test_a_course_has_as_many_winners_as_seats(boss, clients):
    booking = service_of_new_provider(boss, capacity=5)
    wanted = {**booking, "scheduled_at": at(10)}
    answers = at_once(CLIENTS, lambda n: clients[n].post("/v1/bookings", wanted))
    assert outcomes(answers) == {"processing": 5, "slot_taken": CLIENTS - 5}


def test_references_of_a_day_have_no_gap(boss, clients):
    booking = service_of_new_provider(boss, duration_minutes=15)
    day = BEGIN + timedelta(days=400 + os.getpid() % 300)
    times = [(day + timedelta(minutes=15 * n)).strftime("%Y-%m-%dT%H:%M:%SZ") for n in range(CLIENTS)]
    answers = at_once(
        CLIENTS, lambda n: clients[n].post("/v1/bookings", {**booking, "scheduled_at": times[n]})
    )
    assert outcomes(answers) == {"processing": CLIENTS}
    references = sorted(answer["data"]["booking_reference"] for answer in answers)
    assert references == [f"BK-{day:%Y%m%d}-{n:03}" for n in range(1, CLIENTS + 1)]


def test_a_move_and_a_booking_want_the_same_time(boss, clients):
    booking = service_of_new_provider(boss)
    for number in range(ROUNDS):
        wanted = at(1000 + 5 * number)
        mine = clients[0].post("/v1/bookings", {**booking, "scheduled_at": at(1002 + 5 * number)})
        path = f"/v1/bookings/{mine.expect(201)['data']['booking_id']}/reschedule"
        answers = at_once(
            8,
            lambda n: clients[0].put(path, {"scheduled_at": wanted})
            if n == 0
            else clients[n].post("/v1/bookings", {**booking, "scheduled_at": wanted}),
        )
        assert sum(answer.status in (200, 201) for answer in answers) == 1, Counter(
            answer.status for answer in answers
        )
