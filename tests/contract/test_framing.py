"""Requests that two HTTP servers could read differently: refused with 400, and the connection ends."""
import pytest
from harness.client import RawConnection

TARGET = "/api/v1/auth/refresh/"
BODY = b'{"a":1}'


def request(*lines, body=b"", method="POST", target=TARGET, version="HTTP/1.1", host="Host: localhost"):
    """The bytes of a request whose header lines are sent as they are."""
    hosts = [host] if host else []
    head = [f"{method} {target} {version}", *hosts, "Content-Type: application/json", *lines]
    return "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + body


CHUNKED = b"7\r\n" + BODY + b"\r\n0\r\n\r\n"
LENGTH = f"Content-Length: {len(BODY)}"
TE = "Transfer-Encoding: "


def with_chunks(chunks):
    return request(TE + "chunked", body=chunks)


VECTORS = {
    "length_then_chunked": request(LENGTH, TE + "chunked", body=CHUNKED),
    "chunked_then_length": request(TE + "chunked", LENGTH, body=CHUNKED),
    "length_with_plus": request(f"Content-Length: +{len(BODY)}", body=BODY),
    "length_negative": request("Content-Length: -1", body=BODY),
    "length_hexadecimal": request("Content-Length: 0x7", body=BODY),
    "length_overflow": request("Content-Length: 18446744073709551623", body=BODY),
    "length_empty": request("Content-Length: ", body=BODY),
    "length_words": request("Content-Length: 7 7", body=BODY),
    "lengths_differ": request(LENGTH, "Content-Length: 3", body=BODY),
    "lengths_alike": request(LENGTH, LENGTH, body=BODY),
    "length_list": request("Content-Length: 7, 7", body=BODY),
    "length_space_before_colon": request("Content-Length : 7", body=BODY),
    "te_gzip_with_length": request(TE + "gzip", LENGTH, body=BODY),
    "te_gzip": request(TE + "gzip", body=BODY),
    "te_identity_with_length": request(TE + "identity", LENGTH, body=BODY),
    "te_unknown_with_length": request(TE + "xchunked", LENGTH, body=BODY),
    "te_chunked_identity": request(TE + "chunked, identity", body=CHUNKED),
    "te_gzip_chunked": request(TE + "gzip, chunked", body=CHUNKED),
    "te_chunked_twice": request(TE + "chunked, chunked", body=CHUNKED),
    "te_two_headers": request(TE + "chunked", TE + "chunked", body=CHUNKED),
    "te_quoted": request(TE + '"chunked"', body=CHUNKED),
    "te_space_before_colon": request("Transfer-Encoding : chunked", body=CHUNKED),
    "te_vertical_tab": request(TE + "\x0bchunked", body=CHUNKED),
    "te_on_http_1_0": request(TE + "chunked", body=CHUNKED, version="HTTP/1.0"),
    "te_folded": request("Transfer-Encoding:\r\n chunked", body=CHUNKED),
    "folded_header": request("X-Note: one\r\n two", LENGTH, body=BODY),
    "folded_with_tab": request("X-Note: one\r\n\ttwo", LENGTH, body=BODY),
    "two_hosts": request("Host: other", LENGTH, body=BODY),
    "no_host": request(LENGTH, body=BODY, host=None),
    "host_with_user": request(LENGTH, body=BODY, host="Host: a@b"),
    "host_list": request(LENGTH, body=BODY, host="Host: localhost, other"),
    "host_with_path": request(LENGTH, body=BODY, host="Host: localhost/x"),
    "absolute_form_of_another_host": request(LENGTH, body=BODY, target="http://other.example" + TARGET),
    "header_without_colon": request("Nonsense", LENGTH, body=BODY),
    "header_without_name": request(": value", LENGTH, body=BODY),
    "header_name_with_space": request("X Note: a", LENGTH, body=BODY),
    "nul_in_value": request("X-Note: a\x00b", LENGTH, body=BODY),
    "carriage_return_in_value": request("X-Note: a\rb", LENGTH, body=BODY),
    "line_feed_in_value": request("X-Note: a\nX-Other: b", LENGTH, body=BODY),
    "control_in_value": request("X-Note: a\x01b", LENGTH, body=BODY),
    "control_in_name": request("X-N\x01te: a", LENGTH, body=BODY),
    "bare_line_feeds": request(LENGTH, body=BODY).replace(b"\r\n", b"\n"),
    "target_high_bytes": request(LENGTH, body=BODY, target=TARGET + "\xff"),
    "target_with_space": request(LENGTH, body=BODY, target=TARGET + " x"),
    "target_with_nul": request(LENGTH, body=BODY, target=TARGET + "\x00"),
    "version_unknown": request(LENGTH, body=BODY, version="HTTP/1.2"),
    "version_2": request(LENGTH, body=BODY, version="HTTP/2.0"),
    "version_malformed": request(LENGTH, body=BODY, version="HTTP/11"),
    "chunk_size_hexadecimal_prefix": with_chunks(b"0x7\r\n" + BODY + b"\r\n0\r\n\r\n"),
    "chunk_size_plus": with_chunks(b"+7\r\n" + BODY + b"\r\n0\r\n\r\n"),
    "chunk_size_negative": with_chunks(b"-7\r\n" + BODY + b"\r\n0\r\n\r\n"),
    "chunk_size_empty": with_chunks(b"\r\n" + BODY + b"\r\n0\r\n\r\n"),
    "chunk_size_overflow": with_chunks(b"10000000000000007\r\n" + BODY + b"\r\n0\r\n\r\n"),
    "chunk_size_letters": with_chunks(b"zz\r\n" + BODY + b"\r\n0\r\n\r\n"),
    "chunk_longer_than_said": with_chunks(b"3\r\n" + BODY + b"\r\n0\r\n\r\n"),
    "chunk_bare_line_feed": with_chunks(b"7\n" + BODY + b"\n0\n\n"),
    "trailer_length": with_chunks(b"7\r\n" + BODY + b"\r\n0\r\nContent-Length: 3\r\n\r\n"),
    "tls_hello": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 60,
    "http_2_preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
}
SMUGGLED = b"GET /api/v1/users/profile/ HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.mark.parametrize("name", VECTORS)
def test_doubtful_framing_is_refused_and_closed(server, name):
    with RawConnection(server.port) as connection:
        # What follows must never be read as a second request.
        connection.send(VECTORS[name] + SMUGGLED)
        answer = connection.read_answer()
        assert answer is not None, "closed without an answer"
        assert answer.status in (400, 505) if name.startswith("version") else answer.status == 400, answer
        assert connection.is_closed(), "the connection stays open after doubtful framing"
    assert server.client().get("/healthz").status == 200


@pytest.mark.parametrize("method", ["get", "post", "Post", "TRACE", "CONNECT", "BREW"])
def test_strange_methods_do_nothing(server, method):
    with RawConnection(server.port) as connection:
        connection.send(request("Content-Length: 0", method=method))
        answer = connection.read_answer()
        assert answer is not None and answer.status in (400, 405), answer
    assert server.client().get("/healthz").status == 200


def test_sound_framing_is_understood(server):
    """The other side of the table: none of the refusals comes from refusing everything."""
    with RawConnection(server.port) as connection:
        for sound in (
            request(LENGTH, body=BODY),
            request(TE + "chunked", body=CHUNKED),
            request(TE + "Chunked", body=b"3\r\n" + BODY[:3] + b"\r\n4\r\n" + BODY[3:] + b"\r\n0\r\n\r\n"),
        ):
            answer = connection.send(sound).read_answer()
            assert answer.status == 422, answer  # read, and not what this route wants


def test_pipelined_requests_are_answered_in_order(server):
    with RawConnection(server.port) as connection:
        connection.send(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" + SMUGGLED)
        assert [connection.read_answer().status for _ in range(2)] == [200, 401]


def test_a_body_behind_a_get_never_becomes_a_request(server):
    with RawConnection(server.port) as connection:
        hidden = SMUGGLED
        head = f"GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(hidden)}\r\n\r\n".encode()
        connection.send(head + hidden)
        assert connection.read_answer().status in (200, 400)
        connection.socket.settimeout(0.5)
        with pytest.raises((TimeoutError, ConnectionError, AssertionError)):
            assert connection.read_answer() is not None, "closed"


@pytest.mark.parametrize(
    "data, status",
    [
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", (400, 414, 431)),
        (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Big: " + b"a" * 70_000 + b"\r\n\r\n", (400, 431)),
        (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n" + b"X-A: b\r\n" * 20_000 + b"\r\n", (400, 431)),
        (request("Content-Length: 999999999"), (413,)),
        (request("Expect: 200-maybe", LENGTH, body=BODY), (400, 417, 422)),
    ],
    ids=["long_target", "long_header", "many_headers", "huge_length", "strange_expectation"],
)
def test_limits_of_the_head(server, data, status):
    with RawConnection(server.port) as connection:
        try:
            connection.send(data)
        except ConnectionError:
            pass  # refused before all of it was sent
        answer = connection.read_answer()
        assert answer is not None and answer.status in status, answer
    assert server.client().get("/healthz").status == 200
