"""What every test of the running server starts from: both engines and one server on each."""
import os
from pathlib import Path

import pytest
from harness.postgres import shared_or_private
from harness.server import Server, migrate

ENGINES = ("sqlite", "postgres")


def pytest_addoption(parser):
    parser.addoption("--engine", choices=ENGINES, help="run on this engine only")


def pytest_generate_tests(metafunc):
    if "engine" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--engine")
        metafunc.parametrize("engine", [chosen] if chosen else ENGINES, scope="session", indirect=True)


FAILED = pytest.StashKey()
FAILED_HERE = pytest.StashKey()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Remembers that a test failed, so that its server is not asked for a clean end on top."""
    report = (yield).get_result()
    if report.failed:
        item.session.stash.setdefault(FAILED, set()).add(item.nodeid)
        item.stash[FAILED_HERE] = True


@pytest.fixture(scope="session")
def postgres():
    """A private PostgreSQL for the session (or the one of PAMOJA_TEST_PG)."""
    server = shared_or_private()
    server.start()
    yield server
    server.stop()


class Engine:
    """Gives databases of one engine to servers."""

    def __init__(self, name, postgres=None):
        self.name = name
        self.postgres = postgres
        self._template = None

    def fresh_database(self):
        """The URL of an empty, migrated database; None means the SQLite file in the data folder."""
        if self.name == "sqlite":
            return None
        if self._template is None:
            template = f"template_{os.getpid()}"
            migrate(self.postgres.create_database(template))
            self._template = template
        return self.postgres.fresh_database(self._template)


@pytest.fixture(scope="session")
def engine(request):
    """Every test that uses the server runs once on each engine."""
    postgres = request.getfixturevalue("postgres") if request.param == "postgres" else None
    return Engine(request.param, postgres)


@pytest.fixture(scope="session")
def server(engine, request):
    """The server that tests of one engine share. It ends well, or the session fails."""
    started = Server(database=engine.fresh_database()).start()
    yield started
    started.end(is_failing=bool(request.session.stash.get(FAILED, None)))


@pytest.fixture
def sandbox(server):
    """The simulated outside parties of the shared server."""
    return server.sandbox


@pytest.fixture
def fresh_server(engine, request):
    """Makes servers of a test's own: fresh_server(clock=…, with_limits=True, …). They end with the test."""
    made = []

    def make(**options):
        made.append(Server(database=engine.fresh_database(), **options))
        return made[-1].start()

    yield make
    is_failing = FAILED_HERE in request.node.stash
    for each in made:
        each.end(is_failing=is_failing)


@pytest.fixture
def files():
    """The folder of files that tests upload."""
    return Path(__file__).parent / "api" / "files"
