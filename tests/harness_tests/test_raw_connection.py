"""The bare socket reads answers as they are framed, and sees a connection end."""
import socket
import threading

import pytest
from harness.client import RawConnection, Upload, exchange, multipart_body


@pytest.fixture
def scripted():
    """A server that sends fixed bytes to its one caller, then closes."""
    listener = socket.create_server(("127.0.0.1", 0))

    def start(data, keeps_open=False):
        def serve():
            connection, _ = listener.accept()
            connection.recv(65536)
            connection.sendall(data)
            if keeps_open:
                connection.recv(65536)
            connection.close()

        threading.Thread(target=serve, daemon=True).start()
        return listener.getsockname()[1]

    yield start
    listener.close()


def test_answers_are_read_one_by_one(scripted):
    port = scripted(
        b"HTTP/1.1 100 Continue\r\n\r\n"
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        b"HTTP/1.1 400 Bad Request\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n"
        b"HTTP/1.1 204 No Content\r\n\r\n"
    )
    with RawConnection(port) as connection:
        connection.send("GET / HTTP/1.1\r\n\r\n")
        answers = [connection.read_answer() for _ in range(3)]
        assert [(a.status, a.body) for a in answers] == [(200, b"ok"), (400, b"abcde"), (204, b"")]
        assert connection.read_answer() is None
        assert connection.is_closed()


def test_an_open_connection_is_seen_as_open(scripted):
    port = scripted(b"HTTP/1.1 204 No Content\r\n\r\n", keeps_open=True)
    with RawConnection(port, timeout=0.2) as connection:
        assert connection.send(b"x").read_answer().status == 204
        assert not connection.is_closed()


def test_an_exchange_reads_to_the_end(scripted):
    assert exchange(scripted(b"anything"), b"\x00\xff") == b"anything"


def test_a_form_is_framed():
    body = multipart_body({"a": "1", "f": [Upload("x.png", b"\x89", "image/png"), "2"]}, "B")
    assert body == (
        b'--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
        b'--B\r\nContent-Disposition: form-data; name="f"; filename="x.png"\r\n'
        b"Content-Type: image/png\r\n\r\n\x89\r\n"
        b'--B\r\nContent-Disposition: form-data; name="f"\r\n\r\n2\r\n--B--\r\n'
    )
