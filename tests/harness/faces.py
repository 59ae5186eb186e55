"""How a person comes to be and signs in, face by face, so that transcripts can say `user ann`."""
import itertools
import os
from dataclasses import dataclass, field
from decimal import Decimal

PASSWORD = "SecurePass123!"
_numbers = itertools.count(1)


@dataclass
class Person:
    """Somebody who can be asked as: what a transcript knows as <name.email> and so on."""

    name: str
    email: str
    password: str = PASSWORD
    phone: str = ""
    id: str = ""
    token: str = ""
    headers: dict = field(default_factory=dict)

    def variables(self):
        """What a transcript may write as <ann.email>."""
        known = {"email": self.email, "password": self.password, "phone": self.phone, "id": self.id}
        return {f"{self.name}.{key}": value for key, value in {**known, "token": self.token}.items() if value}


def new_person(name, email=None):
    """A person nobody has met: address and phone number are new in this run of the tests."""
    number = next(_numbers)
    phone = f"+2547{(os.getpid() % 1000) * 100000 + number:08d}"
    return Person(name, email or f"{name}.{os.getpid()}.{number}@example.com", phone=phone)


class FlexiFinance:
    """Registers and logs in at the FlexiFinance API."""

    def register(self, client, person):
        answer = client.post(
            "/api/v1/auth/register/",
            {
                "email": person.email,
                "password": person.password,
                "first_name": person.name.capitalize(),
                "last_name": "Wanjiru",
                "phone_number": person.phone,
                "date_of_birth": "1990-01-01",
            },
        ).expect(201)
        person.id = answer["data"]["user_id"]

    def login(self, client, person):
        credentials = {"email": person.email, "password": person.password}
        answer = client.post("/api/v1/auth/login/", credentials).expect(200)
        person.token = answer["data"]["access_token"]
        person.id = answer["data"]["user"]["user_id"]


class Upflame:
    """The platform's administrator adds people as customers; then they log in."""

    def register(self, client, person):
        administrator = Person("administrator", *ADMINISTRATOR)
        self.login(client, administrator)
        names = {"first_name": person.name.capitalize(), "last_name": "Sharma"}
        body = {"email": person.email, "password": person.password, "phone": person.phone, **names}
        person.id = client.post("/v1/users", body, token=administrator.token).expect(201)["data"]["id"]
        roles = client.get("/v1/roles?limit=100", token=administrator.token).expect(200)["data"]
        customer = next(role["id"] for role in roles if role["name"] == "Customer")
        path = f"/v1/users/{person.id}/roles"
        client.post(path, {"role_id": customer}, token=administrator.token).expect(200)

    def login(self, client, person):
        credentials = {"email": person.email, "password": person.password}
        person.token = client.post("/v1/auth/login", credentials).expect(200)["data"]["access_token"]
        person.id = client.get("/v1/auth/me", token=person.token).expect(200)["data"]["id"]


ADMINISTRATOR = ("admin@upflame.in", "AdminPass123!")
OFFICER = ("admin@flexifinance.com", "AdminPass123!")


def house_balances(server):
    """What `ledger house:loan_book …` asks: a house account's balance, as an officer may see it."""

    def balance(account):
        officer, client = Person("officer", *OFFICER), server.client()
        FlexiFinance().login(client, officer)
        name = account.removeprefix("house:")
        path = f"/api/v1/admin/ledger/statement/?account={name}"
        return Decimal(client.get(path, token=officer.token).expect(200)["data"]["closing_balance"])

    return balance


FACES = {"flexifinance": FlexiFinance(), "upflame": Upflame()}
