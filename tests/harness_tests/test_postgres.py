"""The private PostgreSQL is durable, ours alone, and gone afterwards."""
import os

import pytest
from harness.postgres import Postgres, PostgresError, SharedPostgres, query


@pytest.fixture(scope="module")
def private():
    with Postgres() as postgres:
        yield postgres


def test_it_serves_databases_to_a_role_without_privilege(private):
    url = private.fresh_database()
    assert url.startswith("postgresql://pamoja@127.0.0.1:")
    names = ("is_superuser", "fsync", "max_connections")
    row = "SELECT " + ", ".join(f"current_setting('{name}')" for name in names)
    assert query(url, row) == [["off", "on", "200"]]


def test_a_template_is_copied(private):
    private.create_database("first")
    private.sql("CREATE TABLE loans (id text)", "first")
    copies = [private.fresh_database("first") for _ in range(2)]
    assert copies[0] != copies[1]
    assert query(copies[1], "SELECT COUNT(*) FROM loans") == [["0"]]
    private.drop_database(copies[1].rsplit("/", 1)[1])
    with pytest.raises(PostgresError, match="does not exist"):
        query(copies[1], "SELECT 1")


def test_a_shared_one_is_found_by_its_url(private):
    shared = SharedPostgres(private.url()).start()
    assert query(shared.fresh_database(), "SELECT 1") == [["1"]]
    shared.stop()
    assert query(private.url(), "SELECT 1") == [["1"]]


def test_it_leaves_nothing_behind():
    with Postgres() as postgres:
        folder, process = postgres._folder, postgres._process
        assert folder.is_dir()
    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(process.pid, 0)
