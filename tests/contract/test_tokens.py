"""Access tokens that must be worth nothing: 401, and nothing in the answer tells one reason from another."""
import base64
import hashlib
import hmac
import json
import socket
import time

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from harness.lending import Borrower, officer

PROFILE = "/api/v1/users/profile/"


def encode(data):
    if not isinstance(data, bytes):
        data = json.dumps(data, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


class Forge:
    """Makes tokens with the server's own key (read from its data folder) or with others."""

    def __init__(self, server, token):
        self.token = token
        self.head, self.body, self.signature = token.split(".")
        self.header, self.claims = json.loads(decode(self.head)), json.loads(decode(self.body))
        self.key = serialization.load_pem_private_key((server.data / "signing_keys.pem").read_bytes(), None)
        self.public = self.key.public_key().public_bytes(
            serialization.Encoding.Raw, serialization.PublicFormat.Raw
        )
        self.public_pem = self.key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def signed(self, header=None, claims=None, key=None, without=()):
        """A token with changed header and claims under a true signature of the key."""
        header = {**self.header, **(header or {})}
        claims = {**self.claims, **(claims or {})}
        claims = {name: value for name, value in claims.items() if name not in without}
        return self.seal(encode(header), encode(claims), key)

    def seal(self, head, body, key=None):
        message = f"{head}.{body}"
        return f"{message}.{encode((key or self.key).sign(message.encode()))}"

    def hmac(self, algorithm, secret):
        message = f"{encode({**self.header, 'alg': algorithm})}.{self.body}"
        return f"{message}.{encode(hmac.new(secret, message.encode(), hashlib.sha256).digest())}"


def algorithms(forge):
    for name in ("none", "None", "NONE", "nOnE", "", "HS256", "EdDSa", "ES256", "RS256", "PS256"):
        head = encode({**forge.header, "alg": name})
        yield f"alg {name!r} unsigned", f"{head}.{forge.body}."
        yield f"alg {name!r} with the true signature", f"{head}.{forge.body}.{forge.signature}"
        yield f"alg {name!r} signed with our key", forge.seal(head, forge.body)
    without = {name: value for name, value in forge.header.items() if name != "alg"}
    yield "alg missing", forge.seal(encode(without), forge.body)
    for alg in (["EdDSA"], None, 1):
        yield f"alg {alg!r}", forge.seal(encode({**forge.header, "alg": alg}), forge.body)
    for secret in (forge.public, forge.public_pem, forge.public_pem.strip(), b"", b"secret"):
        yield f"HS256 keyed with {secret[:12]!r}", forge.hmac("HS256", secret)
    yield "ES256 of zeros", f"{encode({**forge.header, 'alg': 'ES256'})}.{forge.body}.{encode(bytes(64))}"
    yield "a signature of zeros", f"{forge.head}.{forge.body}.{encode(bytes(64))}"
    yield "another key", forge.signed(key=Ed25519PrivateKey.generate())


def headers(forge, listener):
    url = f"http://127.0.0.1:{listener}/keys.json"
    kids = ("../../dev/null", "' OR 1=1--", "|id", "", "unknown", "\u0000", "k" * 5000)
    for kid in kids:
        yield f"kid {kid[:20]!r}", forge.signed({"kid": kid})
        yield f"kid {kid[:20]!r} of another key", forge.signed({"kid": kid}, key=Ed25519PrivateKey.generate())
    stranger = Ed25519PrivateKey.generate()
    raw = stranger.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": encode(raw), "kid": forge.header["kid"]}
    for name, value in (("jku", url), ("x5u", url), ("jwk", jwk), ("x5c", [url])):
        yield f"{name} names a key of a stranger", forge.signed({name: value}, key=stranger)
    yield "crit that nobody knows", forge.signed({"crit": ["urn:x"], "urn:x": 1})
    yield "typ of something else", forge.signed({"typ": "at+jwt"})
    for name in ("alg", "kid"):
        text = json.dumps(forge.header)[:-1] + f', "{name}": "none"}}'
        yield f"{name} twice", forge.seal(encode(text.encode()), forge.body)


def claims(forge, now):
    for name in ("iss", "aud", "sub", "sid", "tenant", "type", "exp"):
        yield f"{name} missing", forge.signed(without=(name,))
        yield f"{name} is null", forge.signed(claims={name: None})
    for exp in (now - 1, 0, -1, "9999999999", float(now) + 0.5, 1e300, 2**64, 2**63, True, [now + 100]):
        yield f"exp {exp!r}", forge.signed(claims={"exp": exp})
    yield "issued in the future", forge.signed(claims={"iat": now + 7200, "exp": now + 9000})
    for name, wrong in (
        ("aud", ["chamahub", "flexifinance2", "", ["flexifinance"]]),
        ("iss", ["https://evil.example", "https://api.flexifinance.com/", ""]),
        ("tenant", ["chamahub", "", "*"]),
        ("type", ["refresh", "", "id"]),
        ("sub", ["00000000-0000-7000-8000-000000000000", "", "' OR 1=1--"]),
        ("sid", ["00000000-0000-7000-8000-000000000000", "", "%"]),
    ):
        for value in wrong:
            yield f"{name} {value!r}", forge.signed(claims={name: value})
    text = json.dumps(forge.claims)
    yield "exp twice", forge.seal(forge.head, encode((text[:-1] + ', "exp": 1}').encode()))
    yield "claims are no object", forge.seal(forge.head, encode(b"[]"))
    yield "claims are no JSON", forge.seal(forge.head, encode(b"\xff{"))


def forms(forge, refresh_token):
    token = forge.token
    other = "B" if token[-1] != "B" else "C"
    yield "the last character", token[:-1] + other
    yield "a character of the claims", token.replace(forge.body, forge.body[:-2] + other + forge.body[-1])
    yield "claims swapped", forge.head + "." + encode({**forge.claims, "sub": "x"}) + "." + forge.signature
    yield "trailing dot", token + "."
    yield "leading dot", "." + token
    yield "five parts", token + ".a.b"
    yield "two parts", token.rsplit(".", 1)[0]
    yield "padding", token + "=="
    yield "padding inside", f"{forge.head}=.{forge.body}.{forge.signature}"
    yield "white space inside", f"{forge.head}. {forge.body}.{forge.signature}"
    last = base64.urlsafe_b64encode(bytes(64)).rstrip(b"=")[-1:]
    yield "non-canonical end", token[:-1] + chr(ord(token[-1]) + (1 if last else 0))
    yield "refresh token", refresh_token
    yield "long", token + "A" * 9000
    yield "unicode", token[:20] + "\u00e9" + token[20:]
    for text in ("x", "null", "...", "e30.e30.", "Bearer"):
        yield repr(text), text


def shape(answer):
    """The answer without what differs from one request to the next."""
    body = json.loads(answer.text)
    del body["meta"]["timestamp"], body["meta"]["request_id"]
    names = sorted(name for name, _ in answer.headers)
    return answer.status, json.dumps(body, sort_keys=True), names


@pytest.fixture
def session(server):
    """(client, forge, refresh token) of somebody new."""
    borrower = Borrower(server, "forger")
    credentials = {"email": borrower.person.email, "password": borrower.person.password}
    tokens = borrower.client.post("/api/v1/auth/login/", credentials).expect(200)["data"]
    client = server.client(token=tokens["access_token"])
    client.get(PROFILE).expect(200)
    return client, Forge(server, tokens["access_token"]), tokens["refresh_token"]


def test_no_forged_token_is_taken(server, session):
    client, forge, refresh_token = session
    # The forge works: what it signs is taken as long as nothing is wrong with it.
    client.get(PROFILE, token=forge.signed(claims={"jti": "made by the forge"})).expect(200)
    anonymous = shape(server.client().get(PROFILE))
    assert anonymous[0] == 401
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        vectors = dict(algorithms(forge))
        vectors.update(headers(forge, listener.getsockname()[1]))
        vectors.update(claims(forge, int(time.time())))
        vectors.update(forms(forge, refresh_token))
        assert len(vectors) > 100
        differing = []
        for name, token in vectors.items():
            answer = client.get(PROFILE, headers={"Authorization": f"Bearer {token}".encode("utf-8")})
            if shape(answer) != anonymous:
                differing.append((name, answer.status, answer.text[:200]))
        with pytest.raises(TimeoutError):
            listener.accept()  # nobody fetched the keys that a header pointed at
    assert not differing
    client.get(PROFILE).expect(200)


def test_a_token_in_another_place_is_no_token(server, session):
    client, forge, _ = session
    for path in (f"{PROFILE}?access_token={forge.token}", f"{PROFILE}?token={forge.token}"):
        server.client().get(path).expect(401)
    for header in (f"Basic {forge.token}", forge.token, f"Token {forge.token}", "Bearer"):
        server.client().get(PROFILE, headers={"Authorization": header}).expect(401)
    server.client().get(PROFILE, headers={"Cookie": f"access_token={forge.token}"}).expect(401)
    client.get(PROFILE).expect(200)


def test_a_token_of_a_megabyte_is_refused(server, session):
    client, forge, _ = session
    answer = client.get(PROFILE, token=forge.token + "A" * 1_000_000)
    assert answer.status in (400, 401, 431)
    assert server.client().get("/healthz").status == 200


def test_logout_ends_both_tokens(server, session):
    client, _, refresh_token = session
    client.post("/api/v1/auth/logout/").expect(200)
    assert shape(client.get(PROFILE)) == shape(server.client().get(PROFILE))
    server.client().post("/api/v1/auth/refresh/", {"refresh_token": refresh_token}).expect(401)


def test_an_access_token_does_not_refresh(server, session):
    _, forge, refresh_token = session
    client = server.client()
    refused = shape(client.post("/api/v1/auth/refresh/", {"refresh_token": "nonsense"}))
    assert refused[0] == 401
    tampered = refresh_token[:-1] + ("A" if refresh_token[-1] != "A" else "B")
    for token in (forge.token, tampered, refresh_token[:-8], refresh_token + "A", "A" * 1900):
        assert shape(client.post("/api/v1/auth/refresh/", {"refresh_token": token})) == refused
    client.post("/api/v1/auth/refresh/", {"refresh_token": refresh_token}).expect(200)


def test_tokens_end_with_their_time(fresh_server):
    server = fresh_server()
    client = officer(server)
    server.advance(24 * 3600 - 60)
    client.get(PROFILE).expect(200)
    server.advance(61)
    assert shape(client.get(PROFILE)) == shape(server.client().get(PROFILE))
