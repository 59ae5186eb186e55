"""Providers and bookings of the platform, for tests that are about something else than making them."""
import itertools

from .faces import ADMINISTRATOR, Person, Upflame, new_person

_numbers = itertools.count(1)


def administrator(server):
    """A client that may do everything in the platform's home."""
    client = server.client()
    person = Person("administrator", *ADMINISTRATOR)
    Upflame().login(client, person)
    client.token = person.token
    return client


def customer(server, name):
    """A new customer's client; `person` on it says who it is."""
    client = server.client()
    client.person = new_person(name)
    Upflame().register(client, client.person)
    Upflame().login(client, client.person)
    client.token = client.person.token
    return client


def service_of_new_provider(boss, name=("Raj", "Sharma"), **terms):
    """An active provider's service; gives the members of a booking that name them."""
    provider = boss.post(
        "/v1/providers",
        {
            "provider_type": "pandit", "first_name": name[0], "last_name": name[1],
            "email": f"provider{next(_numbers)}@example.com", "time_zone": "UTC",
        },
    ).expect(201)["data"]["id"]
    boss.put(f"/v1/providers/{provider}/status", {"status": "active"}).expect(200)
    wanted = {"service_name": "Wedding Ceremony", "duration_minutes": 60, "price": 5000, **terms}
    service = boss.post(f"/v1/providers/{provider}/services", wanted).expect(201)["data"]["id"]
    return {"provider_id": provider, "service_id": service}
