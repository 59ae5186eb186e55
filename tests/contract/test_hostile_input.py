"""Input that nobody means well: never a 5xx, never slow, never another shape of answer."""
import json
import time
import urllib.parse

import pytest
from harness.lending import Borrower, new_payer, officer

APPLY = "/api/v1/loans/apply/"
PUSH = "/api/v1/payments/stk-push/"
SLOW_SECONDS = 2.0  # a second beyond what a busy machine takes anyway

PAYLOADS = [
    "'", '"', "' OR '1'='1", "1; DROP TABLE loans--", "') UNION SELECT NULL--", "%", "_", "%%%", "\\", "$1",
    "'; SELECT pg_sleep(5)--", "' || randomblob(500000000) || '", "1 OR 1=1", "*/", "/*", "`id`", "$(id)",
    "../../etc/passwd", "..\\..\\windows", "%2e%2e%2f", "%252e%252e%252f", "....//", "/etc/passwd", "con",
    "\u02bc", "\uff07 OR 1=1", "\x00", "\r\nX-Injected: 1", "\u2028", "\x1b[31m", "%n%n%s", "{{7*7}}",
    "${7*7}",
    "<script>alert(1)</script>", "-1", "0", "9e18", "9223372036854775807", "9223372036854775808", "1e309",
    "NaN", "null", "true", "[]", "{}", "a" * 3000, "\U0001f4a9" * 200, "(a+)+$", "2024-02-30", "0000-00-00",
    "999999-01-01", "",
]


@pytest.fixture(scope="module")
def somebody(server):
    """Somebody who has a loan to ask about, and whose token the tests use."""
    borrower = Borrower(server, "hostile")
    borrower.loan_id = borrower.apply()
    return borrower


def timed(answer_of):
    start = time.monotonic()
    answer = answer_of()
    took = time.monotonic() - start
    assert took < SLOW_SECONDS, f"{answer.method} {answer.path[:200]}: {took:.1f} s"
    return answer


def assert_refused(answer, *statuses):
    """A refusal in the face's shape that tells nothing of what is inside."""
    assert answer.status in (statuses or (400, 401, 403, 404, 405, 413, 414, 415, 422, 431)), (
        f"{answer.method} {answer.path[:200]}: {answer.status} {answer.text[:500]}"
    )
    body = json.loads(answer.text)
    assert set(body) == {"success", "data", "message", "errors", "meta"} and body["success"] is False
    lowered = answer.text.lower()
    for word in ("sqlite", "postgres", "select ", "syntax", "/src/", "exception", "std::", "stack"):
        assert word not in lowered or word in answer.path.lower(), answer.text[:500]


def application(amount='10000', **members):
    fields = {"product_id": '"quick_cash"', "requested_amount": amount, "requested_tenure": "6", **members}
    return "{" + ", ".join(f'"{name}": {text}' for name, text in fields.items()) + "}"


DEEP = 100_000
BODIES = {
    "nothing": b"",
    "white space": b"  \n",
    "half": application().encode()[:-1],
    "two values": application().encode() * 2,
    "byte order mark": b"\xef\xbb\xbf" + application().encode(),
    "utf-16": application().encode("utf-16"),
    "not utf-8": application(purpose='"\xff"').encode("latin-1"),
    "overlong utf-8": application(purpose='"@"').encode().replace(b"@", b"\xc0\xaf"),
    "surrogate in utf-8": application(purpose='"@"').encode().replace(b"@", b"\xed\xa0\x80"),
    "lone surrogate": application(purpose='"\\ud800"').encode(),
    "reversed surrogates": application(purpose='"\\udc00\\ud800"').encode(),
    "control character": application(purpose='"\x01"').encode(),
    "member twice": application(purpose='"a", "purpose": "b"').encode(),
    "amount twice": application('1000, "requested_amount": 20000').encode(),
    "comment": application('10000 /* ten */').encode(),
    "single quotes": application().replace('"', "'").encode(),
    "trailing comma": application().replace("}", ",}").encode(),
    "deep arrays": b"[" * DEEP + b"]" * DEEP,
    "deep objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "deep inside": application(purpose="[" * 5000 + "]" * 5000).encode(),
    "an array": b"[]",
    "a text": b'"x"',
    "null": b"null",
    "a number": b"1",
    "many members": ("{" + ",".join(f'"m{n}": {n}' for n in range(60_000)) + "}").encode(),
    "a long number": application("9" * 500_000).encode(),
    "a long text": application(purpose='"' + "a" * 900_000 + '"').encode(),
    "two megabytes": application(purpose='"' + "a" * 2_000_000 + '"').encode(),
}


@pytest.mark.parametrize("name", BODIES)
def test_bodies_that_are_no_request(server, somebody, name):
    before = somebody.client.get("/api/v1/loans/")["data"]["pagination"]["total_items"]
    assert_refused(timed(lambda: somebody.client.post(APPLY, BODIES[name])))
    assert somebody.client.get("/api/v1/loans/")["data"]["pagination"]["total_items"] == before


AMOUNTS = [
    "9223372036854775807", "9223372036854775808", "-9223372036854775808", "92233720368547758.07", "-1",
    "-0.01",
    "0", "-0", "0.0", "0.001", "1000.001", "10000.0000001", "1e308", "1e309", "-1e308", "1e-400", "1E400",
    "1e99999999999", "NaN", "Infinity", "-Infinity", "0x10", "010000", "+10000", "1_000", "1,000", ".5", "5.",
    '"10000 KES"', '"abc"', '""', '"1e4"', '"-1"', '"NaN"', "null", "true", "false", "[]", "[10000]", "{}",
    '{"minor": 1}', '"' + "9" * 400 + '"', "9" * 40, "0." + "0" * 400 + "1",
]


@pytest.mark.parametrize("amount", AMOUNTS, ids=lambda text: text[:24])
def test_amounts_that_are_none(somebody, amount):
    assert_refused(timed(lambda: somebody.client.post(APPLY, application(amount).encode())), 400, 422)
    push = f'{{"loan_id": "{somebody.loan_id}", "amount": {amount}, "phone_number": "{new_payer()}"}}'
    assert_refused(timed(lambda: somebody.client.post(PUSH, push.encode())), 400, 409, 422)


@pytest.mark.parametrize("tenure", ["-1", "0", "1.5", "1e1000", "2147483648", "9" * 20, '"6x"', "[]"])
def test_tenures_that_are_none(somebody, tenure):
    body = application(requested_tenure=tenure).encode()
    assert_refused(timed(lambda: somebody.client.post(APPLY, body)), 400, 422)


@pytest.mark.parametrize(
    "query",
    [
        "per_page=1000000000", "page=9000000000000000000", "page=9223372036854775808", "page=-1", "page=0",
        "page=1e3", "page=", "page=one", "per_page=0", "per_page=-5", "per_page=1.5", "status=EVERYTHING",
    ],
)
def test_pages_that_are_none(somebody, query):
    answer = timed(lambda: somebody.client.get(f"/api/v1/loans/?{query}"))
    if answer.status == 200:  # brought into range
        assert len(answer["data"]["loans"]) <= 100 and "status" not in query
    else:
        assert_refused(answer, 400, 422)


@pytest.mark.parametrize(
    "query", ["offset=9e18", "limit=-1", "ordering=password", "a[]=b&a[]=c", "%00=1", "&&&=&"]
)
def test_parameters_that_nobody_documents_change_nothing(somebody, query):
    plain = somebody.client.get("/api/v1/loans/").expect(200)
    answer = timed(lambda: somebody.client.get(f"/api/v1/loans/?{query}"))
    assert answer.status in (400, 422) or answer["data"] == plain["data"]


def operations(server):
    """(method, path, its parameters) of everything that the OpenAPI document names."""
    document = server.client().get("/openapi/flexifinance.json").json
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, [(p["name"], p["in"]) for p in operation.get("parameters", [])]


def fill(path, name="", value=""):
    """The path with the payload in one place and a well-formed stranger's id in the others."""
    filled = path.replace("{" + name + "}", urllib.parse.quote(value, safe="")) if name else path
    while "{" in filled:
        start, end = filled.index("{"), filled.index("}")
        filled = filled[:start] + "00000000-0000-7000-8000-000000000000" + filled[end + 1 :]
    return filled


def hostile_requests(server):
    for method, path, parameters in operations(server):
        if path.endswith("/logout/"):
            continue
        for name, place in parameters:
            for payload in PAYLOADS:
                if place == "query" and method == "GET":
                    yield method, fill(path) + "?" + urllib.parse.urlencode({name: payload}), None
                elif place == "path" and payload:
                    yield method, fill(path, name, payload), None if method == "GET" else {}
                elif place == "header" and payload.isprintable() and payload.isascii() and payload:
                    yield method, fill(path), {name: payload}


def test_no_parameter_can_be_turned_against_us(server):
    """As the officer, whom nothing is closed to, so that each payload reaches the code behind."""
    client, count, slowest = officer(server), 0, (0, "")
    for method, path, extra in hostile_requests(server):
        is_header = extra and "Idempotency-Key" in extra
        start = time.monotonic()
        body = {} if method != "GET" else None
        answer = client.request(method, path, body, headers=extra if is_header else None)
        slowest = max(slowest, (time.monotonic() - start, f"{method} {path[:200]}"))
        count += 1
        assert answer.status < 500, f"{method} {path[:300]}: {answer.status} {answer.text[:500]}"
        assert answer.header("X-Injected") is None
        if answer.status >= 400:
            assert_refused(answer, 400, 401, 403, 404, 405, 409, 415, 422)
    assert count > 1000, count
    assert slowest[0] < SLOW_SECONDS, slowest


def test_payloads_in_names_come_back_as_they_were(server, somebody):
    """Stored and shown again unchanged, or refused with a reason; never run, cut or doubled."""
    kept = 0
    for payload in PAYLOADS:
        answer = somebody.client.post(APPLY, {
            "product_id": "quick_cash", "requested_amount": 10000, "requested_tenure": 6, "purpose": payload,
        })
        if answer.status == 201:
            kept += 1
            loan = somebody.loan(answer["data"]["loan_id"])
            assert loan["purpose"] == payload
            officer(server).put(
                f"/api/v1/admin/loans/{loan['loan_id']}/reject/", {"rejection_reason": payload or "none"}
            )
        else:
            assert_refused(answer, 400, 422)
    assert kept > 25


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1//loans/", "/api/v1/loans/..%2f..%2f", "/api/v1/%6coans/", "/API/V1/LOANS/",
        "/api/v1/loans/;x=1", "/api/v1/loans/%00", "/%2e%2e/%2e%2e/etc/passwd", "/docs/../../etc/passwd",
        "/docs/flexifinance/..%2f..%2f..%2fetc%2fpasswd", "/openapi/..%2fflexifinance.json",
        "/openapi/....//x",
    ],
)
def test_paths_are_read_once(server, path):
    """Without a token nothing but a refusal, whatever way the path is written; and no file of the machine."""
    answer = timed(lambda: server.client().get(path))
    assert answer.status in (400, 401, 404), (answer.status, answer.text[:200])
    assert "root:" not in answer.text
