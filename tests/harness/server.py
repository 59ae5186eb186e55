"""Starts the server under test as a program, and looks at how it ended."""
import json
import os
import re
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from .client import Client
from .openapi import Documents
from .ports import free_port
from .sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[2]
SMTP_OFFSET = 25  # the sandbox's mail sink stands this far above its HTTP port (8100, 8125)
DNS_OFFSET = 53  # the name server, on UDP
FAULTS = re.compile(
    r"internal_error|ERROR: AddressSanitizer|ERROR: LeakSanitizer|WARNING: ThreadSanitizer|runtime error:"
    r"|terminate called|Assertion .* failed|Segmentation fault"
)
WEBHOOK_SECRET = "webhook-secret-of-the-tests"


class ServerFailure(AssertionError):
    """The server did not start, did not end cleanly, or logged a fault."""


def binary():
    """The program under test: PAMOJA_BINARY, or the release build."""
    return Path(os.environ.get("PAMOJA_BINARY") or ROOT / "build" / "release" / "pamoja")


class Server:
    """One `pamoja dev` (or `serve`) process on ports of its own, and the sandbox beside it.

    data            its data folder (a temporary one is made when it is not given)
    database        URL for --db; None leaves the SQLite file in the data folder
    clock           RFC 3339 instant at which its clock starts
    with_limits     keeps the documented request-rate limits on
    """

    def __init__(self, data=None, database=None, clock=None, with_limits=False, mode="dev", arguments=(),
                 environment=None, sandbox_port=None):
        self._temporary = None if data else tempfile.TemporaryDirectory(prefix="pamoja-data-")
        self.data = Path(data or self._temporary.name)
        self.database = database
        self.mode = mode
        self.port = free_port()
        self.sandbox_port = sandbox_port or free_port(SMTP_OFFSET, DNS_OFFSET)
        self.environment = {**os.environ, "PAMOJA_WEBHOOK_SECRET": WEBHOOK_SECRET, **(environment or {})}
        self.arguments = [*arguments]
        if clock:
            self.arguments += ["--clock", clock]
        if mode == "dev" and not with_limits:
            self.arguments += ["--no-rate-limits"]
        self.documents = Documents(self._fetch_document)
        self.process = None
        self._clients = []
        self._log_path = self.data / f"log-{self.port}.txt"

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, *_):
        self.end(is_failing=kind is not None)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def sandbox(self):
        return Sandbox(f"http://127.0.0.1:{self.sandbox_port}")

    @property
    def log(self):
        """All that the process and its predecessors wrote to stderr."""
        return self._log_path.read_text(errors="replace") if self._log_path.exists() else ""

    def client(self, face=None, token=None, **options):
        """A client; with a face, each of its answers is held against that face's OpenAPI document."""
        documents = self.documents.of(face) if face else None
        client = Client(self.url, token, documents, **options)
        self._clients.append(client)
        return client

    def start(self, seconds=30):
        """Starts the process and waits until it is ready."""
        command = [binary(), self.mode, "--data", self.data, "--port", str(self.port), *self.arguments]
        if self.mode == "dev":
            command += ["--sandbox-port", str(self.sandbox_port)]
        if self.database:
            command += ["--db", self.database]
        with open(self._log_path, "ab") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.environment, cwd=ROOT
            )
        end = time.monotonic() + seconds
        while not self._is_ready():
            if self.process.poll() is not None:
                raise ServerFailure(f"the server ended with {self.process.returncode}:\n{self.log[-3000:]}")
            if time.monotonic() > end:
                self.kill()
                raise ServerFailure(f"the server was not ready after {seconds} s:\n{self.log[-3000:]}")
            time.sleep(0.02)
        return self

    def terminate(self, seconds=30):
        """SIGTERM; gives the exit code."""
        self._close_clients()
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise ServerFailure(f"no end within {seconds} s of SIGTERM:\n{self.log[-3000:]}") from None
        self.process = None
        return code

    def kill(self):
        """SIGKILL, as a crash or a power cut would."""
        self._close_clients()
        self.process.kill()
        self.process.wait()
        self.process = None

    def restart(self):
        """Ends it cleanly and starts it again on the same data and ports."""
        code = self.terminate()
        if code != 0:
            raise ServerFailure(f"the server ended with {code}:\n{self.log[-3000:]}")
        return self.start()

    def end(self, is_failing=False, may_fault=False):
        """Ends it, and proves that it ended well: exit 0, no fault in its log, no invariant broken.

        With is_failing (a test is failing already) it is only ended: the first failure is the one to show.
        """
        try:
            if self.process is not None and is_failing:
                self.kill()
            elif self.process is not None:
                code = self.terminate()
                if code != 0:
                    raise ServerFailure(f"the server ended with {code}:\n{self.log[-3000:]}")
            if not is_failing:
                if not may_fault:
                    self.assert_no_fault()
                self.check()
        finally:
            if self._temporary is not None:
                self._temporary.cleanup()

    def assert_no_fault(self):
        """Raises when the log tells of an internal error or a sanitizer's finding."""
        log = self.log
        fault = FAULTS.search(log)
        if fault:
            shown = log[max(0, fault.start() - 500) : fault.end() + 3000]
            raise ServerFailure(f"the log tells of a fault:\n{shown}")

    def check(self):
        """Runs `pamoja check` on the database; raises unless it finds 0 violations."""
        place = ["--db", self.database] if self.database else ["--data", self.data]
        done = subprocess.run(
            [binary(), "check", *place], capture_output=True, text=True, check=False, env=self.environment
        )
        if done.returncode != 0 or not re.search(r"\b0 violations", done.stdout + done.stderr):
            raise ServerFailure(f"pamoja check exited {done.returncode}:\n{done.stdout}{done.stderr}")

    def advance(self, seconds):
        """Moves the server's clock forward and gives its time; every job that falls due has run then."""
        body = {"advance_seconds": int(seconds)}
        return Client(self.url, timeout=120).post("/_dev/clock", body).expect(200)["now"]

    def _is_ready(self):
        try:
            client = Client(self.url, timeout=2)
            ready = client.get("/healthz").status == 200
            client.close()
            return ready
        except OSError:
            return False

    def _fetch_document(self, face):
        answer = Client(self.url).get(f"/openapi/{face}.json")
        return json.loads(answer.text) if answer.status == 200 else None

    def _close_clients(self):
        for client in self._clients:
            client.close()
        self._clients.clear()


def migrate(database):
    """Runs `pamoja migrate` on a database URL."""
    done = subprocess.run(
        [binary(), "migrate", "--db", database], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise ServerFailure(f"pamoja migrate exited {done.returncode}:\n{done.stdout}{done.stderr}")
