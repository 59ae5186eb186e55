"""A private PostgreSQL for the tests: made in a temporary folder, gone when they end.

    python3 -m harness.postgres COMMAND ARGUMENT...   runs the command with PAMOJA_TEST_PG set to its URL
"""
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from .ports import free_port

ROLE = "pamoja"  # Owns the databases and is no superuser, so that row-level security binds it.
SETTINGS = {
    "fsync": "on",
    "shared_buffers": "64MB",
    "max_connections": "200",
    "listen_addresses": "127.0.0.1",
    "max_wal_size": "256MB",
    "autovacuum_naptime": "10s",
    "log_min_messages": "warning",
    "timezone": "UTC",
}
_names = itertools.count(1)


class PostgresError(RuntimeError):
    """PostgreSQL, or a statement for it, failed."""


class Postgres:
    """One private server. Use it as a context manager, or call start() and stop()."""

    def __init__(self):
        self.programs = find_programs()
        self.port = 0
        self._folder = None
        self._process = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def start(self):
        """Starts it and makes the role; takes about two seconds."""
        self._folder = Path(tempfile.mkdtemp(prefix="pamoja-postgres-"))
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self._folder, user.pw_uid, user.pw_gid)
        run(
            as_postgres()
            + [self.programs / "initdb", "--pgdata", self._folder / "data", "--username", "postgres"]
            + ["--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"],
            self._folder,
        )
        self.port = free_port()
        self._launch()
        self.sql(f"CREATE ROLE {ROLE} LOGIN CREATEDB CREATEROLE NOSUPERUSER", user="postgres")
        self.create_database("pamoja")
        return self

    def crash(self):
        """Kills it as a machine that fails would; its data stay for revive()."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(20)
        self._process = None

    def revive(self):
        """Starts it again on the data and the port that it had."""
        self._launch()

    def _launch(self):
        settings = {**SETTINGS, "port": str(self.port), "unix_socket_directories": str(self._folder)}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with open(self._folder / "log", "ab") as log:
            self._process = subprocess.Popen(
                as_postgres() + [self.programs / "postgres", "-D", self._folder / "data", *options],
                stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, cwd=self._folder,
            )
        self._wait_until_ready()

    def stop(self):
        """Stops it at once (the data is thrown away) and removes the folder."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.send_signal(signal.SIGQUIT)
                self._process.wait(20)
            self._process = None
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def url(self, database="pamoja"):
        return f"postgresql://{ROLE}@127.0.0.1:{self.port}/{database}"

    def sql(self, statement, database="postgres", user=ROLE):
        """Runs one statement; gives its rows as lists of text."""
        url = f"postgresql://{user}@127.0.0.1:{self.port}/{database}"
        return query(url, statement, self.programs / "psql")

    def create_database(self, name, template=None):
        """Makes a database that the role owns, empty or as a copy; gives its URL."""
        copy = f" TEMPLATE {template}" if template else ""
        self.sql(f"CREATE DATABASE {name} OWNER {ROLE}{copy}", user="postgres")
        return self.url(name)

    def fresh_database(self, template=None):
        """A database with a name of its own."""
        return self.create_database(f"test_{os.getpid()}_{next(_names)}", template)

    def drop_database(self, name):
        self.sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", user="postgres")

    def _wait_until_ready(self):
        for _ in range(300):
            if self._process.poll() is not None:
                break
            ready = subprocess.run(
                [self.programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)], check=False
            )
            if ready.returncode == 0:
                return
            time.sleep(0.05)
        log = (self._folder / "log").read_text(errors="replace")
        self.stop()
        raise PostgresError(f"PostgreSQL did not start:\n{log[-2000:]}")


class SharedPostgres(Postgres):
    """A PostgreSQL that somebody else started and will stop, named by PAMOJA_TEST_PG."""

    def __init__(self, url):
        super().__init__()
        self.port = int(url.rsplit(":", 1)[1].split("/")[0])

    def start(self):
        return self

    def stop(self):
        pass


def shared_or_private():
    """The PostgreSQL that PAMOJA_TEST_PG names, or a private one that is not started yet."""
    url = os.environ.get("PAMOJA_TEST_PG")
    return SharedPostgres(url) if url else Postgres()


def query(url, statement, psql="psql"):
    """Runs one statement at a URL; gives its rows as lists of text."""
    done = subprocess.run(
        [psql, url, "-X", "-q", "-A", "-t", "-F", "\x1f", "-v", "ON_ERROR_STOP=1", "-c", statement],
        capture_output=True, text=True, check=False,
    )
    if done.returncode != 0:
        raise PostgresError(f"{statement}: {done.stderr.strip()}")
    return [line.split("\x1f") for line in done.stdout.splitlines()]


def find_programs():
    """The folder of the newest PostgreSQL's programs: Debian keeps them off the PATH."""
    folders = [p.parent for p in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if not folders:
        raise PostgresError("no PostgreSQL in /usr/lib/postgresql; run make setup")
    return max(folders, key=lambda folder: float(folder.parent.name))


def as_postgres():
    """What to put before a command so that PostgreSQL, which refuses root, runs, and ends when we do."""
    identity = []
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        identity = ["--reuid", str(user.pw_uid), "--regid", str(user.pw_gid), "--clear-groups"]
    return ["setpriv", *identity, "--pdeathsig", "INT", "--"]


def run(command, folder):
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)
    if done.returncode != 0:
        raise PostgresError(f"{command[-1]}: {done.stdout}{done.stderr}")


def main():
    with Postgres() as postgres:
        return subprocess.run(
            sys.argv[1:], env={**os.environ, "PAMOJA_TEST_PG": postgres.url()}, check=False
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
