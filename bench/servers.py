"""The servers that are compared. Each is one process on a port of 127.0.0.1, ended by its pid."""
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

from harness.ports import free_port

FOLDER = Path(__file__).resolve().parent
BUILD = FOLDER.parent / "build" / "release"
SMTP_OFFSET = 25  # the sandbox's mail sink stands this far above its HTTP port


class Server:
    """A command that listens on a port. It is ready when GET `path` answers 200."""

    def __init__(self, command, port, log, path="/healthz", seconds=120):
        self.url = f"http://127.0.0.1:{port}"
        self.log = Path(log)
        with open(self.log, "ab") as output:
            start = time.monotonic()
            self.process = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                env={**os.environ, "PAMOJA_WEBHOOK_SECRET": "of the benchmarks"},
            )
        try:
            while not answers(port, path):
                if self.process.poll() is not None or time.monotonic() > start + seconds:
                    raise RuntimeError(f"{command[0]} did not start:\n{self.log.read_text()[-2000:]}")
                time.sleep(0.001)
        except BaseException:
            self.stop()
            raise
        self.startup_ms = (time.monotonic() - start) * 1000

    @property
    def pid(self):
        return self.process.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def answers(port, path):
    """Whether GET answers 200 there."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            return connection.recv(100).startswith(b"HTTP/1.1 200")
    except OSError:
        return False


def transfer_server(folder, database, accounts):
    """Ours, on a database that is empty."""
    port = free_port()
    command = [BUILD / "bench" / "pamoja_bench", "--db", database, "--port", port, "--accounts", accounts]
    return Server(command, port, folder / "transfer_server.log")


def naive_server(folder, accounts):
    """Fastify on better-sqlite3."""
    port = free_port()
    command = ["node", FOLDER / "npm" / "naive.js", folder / "naive.db", port, accounts]
    return Server(command, port, folder / "naive.log")


def nginx(folder):
    """nginx with two workers that answers /small from memory."""
    port = free_port()
    text = (FOLDER / "nginx.conf").read_text().replace("FOLDER", str(folder)).replace("PORT", str(port))
    (folder / "nginx.conf").write_text(text)
    return Server(["nginx", "-c", folder / "nginx.conf", "-p", folder], port, folder / "nginx.log", "/small")


def pamoja(folder, data, *arguments):
    """The program itself, as a developer starts it."""
    port = free_port()
    command = [BUILD / "pamoja", "dev", "--data", data, "--port", port]
    command += ["--sandbox-port", free_port(SMTP_OFFSET), "--no-rate-limits", *arguments]
    return Server(command, port, folder / "pamoja.log")
