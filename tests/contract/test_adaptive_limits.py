"""The limits of Upflame: by address, user and tenant, and tighter for whoever keeps failing."""
from harness.faces import ADMINISTRATOR, Person, Upflame

PER_ADDRESS = 1000
FAILURES, COST = 100, 5


def until_refused(client, path, token, most):
    """How many requests are answered before one is refused for being too many, and that answer."""
    for count in range(most + 1):
        answer = client.get(path, token=token)
        if answer.status == 429:
            return count, answer
    raise AssertionError(f"{most} requests were answered")


def test_an_address_has_a_thousand_requests_an_hour(fresh_server):
    server = fresh_server(with_limits=True)
    client, boss = server.client("upflame"), Person("boss", *ADMINISTRATOR)
    Upflame().login(client, boss)
    answer = client.get("/v1/auth/me", token=boss.token).expect(200)
    assert (answer.header("X-RateLimit-Limit"), answer.header("X-RateLimit-Remaining")) == ("1000", "997")
    count, refused = until_refused(client, "/v1/auth/me", boss.token, PER_ADDRESS)
    assert count == PER_ADDRESS - 3
    assert refused["error"]["code"] == "TOO_MANY_REQUESTS"
    assert refused["error"]["details"]["scope"] == "address"
    assert 0 < int(refused.header("Retry-After")) <= 3600
    assert refused.header("Content-Security-Policy") == "default-src 'self'"
    server.advance(3601)
    client.get("/v1/auth/me").expect(401)


def test_whoever_keeps_failing_pays_more(fresh_server):
    client = fresh_server(with_limits=True).client("upflame")
    count, refused = until_refused(client, "/v1/auth/me", "no.such.token", PER_ADDRESS)
    assert count == FAILURES + (PER_ADDRESS - FAILURES) // COST
    assert refused["error"]["details"]["scope"] == "address"
    # The other faces count for themselves.
    assert client.get("/api/v1/loans/products/").status == 401
