"""A small HTTP client that keeps what came over the wire: exact numbers, header order, connection reuse."""
import http.client
import json
import secrets
import socket
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import urlsplit


class Number(Decimal):
    """A JSON number with a fraction or exponent; remembers the text: 1250.50 and 1250.5 can differ."""

    def __new__(cls, text):
        number = super().__new__(cls, text)
        number.text = text
        return number


def read_json(text):
    """Reads JSON with exact numbers: int where the text is whole, Number otherwise. Refuses NaN."""

    def members(pairs):
        keys = [key for key, _ in pairs]
        if len(keys) != len(set(keys)):
            raise ValueError(f"a JSON object names a member twice: {keys}")
        return dict(pairs)

    def refuse(word):
        raise ValueError(f"{word} is no JSON")

    return json.loads(text, parse_float=Number, parse_constant=refuse, object_pairs_hook=members)


def write_json(value):
    """The JSON text of a value, with Decimals written as they are."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)}: {write_json(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(write_json(each) for each in value) + "]"
    if isinstance(value, Decimal):
        return getattr(value, "text", None) or format(value, "f")
    return json.dumps(value, ensure_ascii=False)


@dataclass
class Answer:
    """What the server answered to one request."""

    method: str
    path: str
    status: int
    headers: list  # (name, value) in the order of arrival
    body: bytes
    _json: object = field(default=None, repr=False)

    def header(self, name, otherwise=None):
        """The first header of that name."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), otherwise)

    @property
    def text(self):
        return self.body.decode()

    @property
    def is_json(self):
        return "json" in (self.header("Content-Type") or "") and bool(self.body)

    @property
    def json(self):
        """The body read as JSON with exact numbers; raises ValueError when it is none."""
        if self._json is None:
            self._json = read_json(self.text)
        return self._json

    def __getitem__(self, key):
        return self.json[key]

    def expect(self, status):
        """This answer, when it has the status; an AssertionError that shows it otherwise."""
        assert self.status == status, f"{self.method} {self.path}: {self.status} {self.text[:1000]}"
        return self


@dataclass
class Upload:
    """One file of a multipart request."""

    name: str
    content: bytes
    media_type: str = "application/octet-stream"


class Client:
    """Speaks to one server over one kept connection. `documents` holds every answer against OpenAPI."""

    def __init__(self, url, token=None, documents=None, headers=None, timeout=30):
        self.url = url
        self.token = token
        self.documents = documents
        self.headers = dict(headers or {})
        self.timeout = timeout
        self._connection = None

    def get(self, path, **options):
        return self.request("GET", path, **options)

    def post(self, path, body=None, **options):
        return self.request("POST", path, body, **options)

    def put(self, path, body=None, **options):
        return self.request("PUT", path, body, **options)

    def patch(self, path, body=None, **options):
        return self.request("PATCH", path, body, **options)

    def delete(self, path, body=None, **options):
        return self.request("DELETE", path, body, **options)

    def multipart(self, path, fields, method="POST", **options):
        """Sends a form; a field's value is text or an Upload, and a list of them repeats the field."""
        boundary = secrets.token_hex(12)
        content = multipart_body(fields, boundary)
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        headers.update(options.pop("headers", None) or {})
        return self.request(method, path, content, headers=headers, **options)

    def request(self, method, path, body=None, headers=None, token=None):
        """Sends one request; a body that is no bytes and no text goes out as JSON. Follows no redirect."""
        sent = {"Accept": "application/json", **self.headers}
        bearer = token if token is not None else self.token
        if bearer:
            sent["Authorization"] = f"Bearer {bearer}"
        if body is not None and not isinstance(body, (bytes, str)):
            body = write_json(body)
        if isinstance(body, str):
            body = body.encode()
        if body is not None:
            sent["Content-Type"] = "application/json"
        sent.update(headers or {})
        answer = self._exchange(method, path, body, {k: v for k, v in sent.items() if v is not None})
        if self.documents is not None:
            self.documents.check(answer)
        return answer

    def close(self):
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _exchange(self, method, path, body, headers):
        is_reused = self._connection is not None
        try:
            return self._send(method, path, body, headers)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            self.close()
            # A kept connection may have been closed while it idled; a new one that dies is a fault.
            if not is_reused:
                raise
            return self._send(method, path, body, headers)
        except (OSError, http.client.HTTPException):
            self.close()
            raise

    def _send(self, method, path, body, headers):
        if self._connection is None:
            parts = urlsplit(self.url)
            self._connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=self.timeout)
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        answer = Answer(method, path, response.status, response.getheaders(), response.read())
        if response.will_close:
            self.close()
        return answer


def multipart_body(fields, boundary):
    """The bytes of a multipart/form-data body."""
    parts = []
    for name, values in fields.items():
        for value in values if isinstance(values, list) else [values]:
            head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"'
            if isinstance(value, Upload):
                head += f'; filename="{value.name}"\r\nContent-Type: {value.media_type}'
                content = value.content
            else:
                content = str(value).encode()
            parts.append(head.encode() + b"\r\n\r\n" + content + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode()


class RawConnection:
    """A bare socket, for requests that no well-behaved client would send."""

    def __init__(self, port, timeout=5):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout)
        self._rest = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def send(self, data):
        self.socket.sendall(data if isinstance(data, bytes) else data.encode("latin-1"))
        return self

    def half_close(self):
        """Says that nothing more will be sent."""
        self.socket.shutdown(socket.SHUT_WR)
        return self

    def read_all(self):
        """Everything until the server closes; raises TimeoutError when it keeps the connection open."""
        chunks = [self._rest]
        self._rest = b""
        while chunk := self._receive():
            chunks.append(chunk)
        return b"".join(chunks)

    def read_answer(self, method="GET"):
        """The next answer, framed by its length or by chunks; None when the connection was closed."""
        while b"\r\n\r\n" not in self._rest:
            chunk = self._receive()
            if not chunk:
                return None
            self._rest += chunk
        head, self._rest = self._rest.split(b"\r\n\r\n", 1)
        lines = head.decode("latin-1").split("\r\n")
        headers = [tuple(part.strip() for part in line.split(":", 1)) for line in lines[1:]]
        answer = Answer(method, "", int(lines[0].split(" ")[1]), headers, b"")
        if answer.status // 100 == 1:
            return self.read_answer(method)
        if answer.header("Transfer-Encoding", "").lower() == "chunked":
            answer.body = self._read_chunks()
        elif method != "HEAD" and answer.status not in (204, 304):
            answer.body = self._read_exactly(int(answer.header("Content-Length", "0")))
        return answer

    def is_closed(self):
        """Whether the server has closed the connection and nothing is left to read."""
        try:
            return not self._rest and not self._receive()
        except ConnectionError:
            return True
        except TimeoutError:
            return False

    def close(self):
        self.socket.close()

    def _receive(self):
        try:
            return self.socket.recv(65536)
        except ConnectionResetError:
            return b""

    def _read_exactly(self, count):
        while len(self._rest) < count:
            chunk = self._receive()
            if not chunk:
                raise ConnectionError("the connection ended inside a body")
            self._rest += chunk
        body, self._rest = self._rest[:count], self._rest[count:]
        return body

    def _read_chunks(self):
        body = b""
        while True:
            while b"\r\n" not in self._rest:
                self._rest += self._read_exactly_more()
            size, self._rest = self._rest.split(b"\r\n", 1)
            length = int(size.split(b";")[0], 16)
            body += self._read_exactly(length)
            self._read_exactly(2)
            if length == 0:
                return body

    def _read_exactly_more(self):
        chunk = self._receive()
        if not chunk:
            raise ConnectionError("the connection ended inside a chunk")
        return chunk


def exchange(port, data, timeout=5):
    """Sends raw bytes on a connection of its own and gives all that comes back until the server closes."""
    with RawConnection(port, timeout) as connection:
        return connection.send(data).read_all()
