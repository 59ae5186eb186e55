"""Every rule of tools/check_layers.py catches its violation, and lets the permitted form pass."""
from pathlib import Path

import check_layers
import pytest

LAYERS = """# Who may include whom.

# Foundation: knows no business.
base:
db: base
http: base

# Core: every product stands on it.
ledger: base db

# Connectors: wire protocols.
connectors/web: base

# Products: the business.
lending: base ledger
groups: lending   # a group's loan is a loan of its members

# Faces: the published APIs.
faces/shared: base
faces/chamahub: faces/shared groups
"""
SOURCES = {
    "src/base/money.hpp": "#pragma once\n",
    "src/db/tx.hpp": '#pragma once\n#include <sqlite3.h>\n#include "base/money.hpp"\n',
    "src/http/server.cpp": '#include <boost/asio.hpp>\n#include "base/money.hpp"\n',
    "src/ledger/post.hpp": '#include "base/money.hpp"\n#include "db/tx.hpp"\n'
    '#include "ledger/internal/chain.hpp"\n',
    "src/ledger/internal/chain.hpp": "#pragma once\n",
    "src/connectors/web/client.cpp": '#include <curl/curl.h>\n#include "base/money.hpp"\n',
    "src/lending/loans.cpp": '#include "base/money.hpp"\n#include "ledger/post.hpp"\n',
    "src/lending/loans.hpp": "#pragma once\n",
    "src/groups/groups.hpp": '#include "lending/loans.hpp"\n',
    "src/faces/shared/page.hpp": '#include "base/money.hpp"\n',
    "src/faces/chamahub/loans.cpp": '#include "faces/shared/page.hpp"\n#include "groups/groups.hpp"\n',
    "migrations/0001_ledger.sql": "-- owner: ledger\nCREATE TABLE entries (id text);\n"
    "-- owner: lending\nCREATE TABLE loans (id text);\n",
}


def problems(tree, changes=None, layers=LAYERS):
    root = tree({"src/LAYERS": layers, **SOURCES, **(changes or {})})
    return [f"{path.relative_to(root)}:{line}: {text}" for path, line, text in check_layers.check(root)]


def with_line(old, new):
    assert old in LAYERS
    return LAYERS.replace(old, new)


def test_a_clean_tree_has_no_violation(tree):
    assert problems(tree) == []


@pytest.mark.parametrize(
    "changes, expected",
    [
        ({"src/base/money.hpp": '#include "db/tx.hpp"\n'}, "src/base/money.hpp:1: base may not include db"),
        (
            {"src/lending/loans.hpp": '\n#include "ledger/internal/chain.hpp"\n'},
            'src/lending/loans.hpp:2: "ledger/internal/chain.hpp" is internal to ledger',
        ),
        ({"src/lending/loans.hpp": "#include <sqlite3.h>\n"}, "lending may not know <sqlite3.h>; only db do"),
        ({"src/lending/loans.hpp": "#include <libpq-fe.h>\n"}, "lending may not know <libpq-fe.h>; only db"),
        (
            {"src/lending/loans.hpp": "#include <boost/beast/http.hpp>\n"},
            "lending may not know <boost/beast/http.hpp>; only http and connectors do",
        ),
        ({"src/db/tx.cpp": "#include <curl/curl.h>\n"}, "db may not know <curl/curl.h>"),
        ({"src/lending/more.cpp": '#include "loans.hpp"\n'}, "write the include from src/, not relative"),
        ({"src/orphans/one.hpp": "#pragma once\n"}, "src/orphans/one.hpp:1: belongs to no module"),
        ({"src/connectors/loose.hpp": "#pragma once\n"}, "src/connectors/loose.hpp:1: belongs to no module"),
    ],
)
def test_an_include_that_is_not_permitted_is_named(tree, changes, expected):
    found = problems(tree, changes)
    assert len(found) == 1 and expected in found[0]


@pytest.mark.parametrize(
    "old, new, expected",
    [
        ("lending: base ledger", "lending: base db ledger", "lending names db but includes nothing of it"),
        ("   # a group's loan is a loan of its members", "", "groups names the product lending; say why"),
        ("   # a group's loan is a loan of its members", " # loans", "groups names the product lending"),
        ("base:\n", "base: ledger\n", "base names ledger, which does not stand above it"),
        ("db: base", "db: base clocks", "db names clocks, which has no line"),
        ("db: base", "db base", "cannot read 'db base'"),
        ("http: base", "http: base\nhttp: base", "http is listed twice"),
        (
            "faces/chamahub: faces/shared groups",
            "faces/upflame:\nfaces/chamahub: faces/shared faces/upflame groups",
            "faces/chamahub names faces/upflame: a face includes no other face",
        ),
        (
            "# Faces: the published APIs.",
            "# Programs.\nsandbox: lending\n\n# Faces: the published APIs.",
            "sandbox names lending: it knows no module above connectors",
        ),
    ],
)
def test_a_wrong_line_of_the_table_is_named(tree, old, new, expected):
    assert any(expected in found for found in problems(tree, layers=with_line(old, new)))


@pytest.mark.parametrize(
    "source",
    [
        'tx.run("INSERT INTO entries (id) VALUES ($1)");',
        'tx.maybe<Row>("SELECT id "\n              "FROM entries WHERE id = $1");',
        'tx.run("UPDATE entries SET id = $1");',
        'tx.page<Row>("FROM loans JOIN entries ON true");',
        'tx.insert("entries", row);',
        'static constexpr std::string_view table = "entries";',
        'tx.run(R"(DELETE FROM entries WHERE id = $1)");',
    ],
)
def test_a_table_of_another_module_is_refused(tree, source):
    found = problems(tree, {"src/lending/more.cpp": source + "\n"})
    assert len(found) == 1 and "table entries belongs to ledger" in found[0]


def test_the_owner_and_tests_may_name_a_table(tree):
    statement = 'tx.run("SELECT id FROM entries");\n'
    assert problems(tree, {"src/ledger/post.cpp": statement, "src/lending/loans_test.cpp": statement}) == []


def test_a_comment_may_name_a_table(tree):
    assert problems(tree, {"src/lending/more.cpp": '// Reads what "FROM entries" gives.\n'}) == []


@pytest.mark.parametrize(
    "migration, expected",
    [
        ("CREATE TABLE groups (id text);\n", "table groups has no owner"),
        ("-- owner: elsewhere\nCREATE TABLE groups (id text);\n", "the owner elsewhere has no line"),
        ("-- owner: groups\nCREATE TABLE loans (id text);\n", "table loans belongs to lending already"),
    ],
)
def test_a_migration_names_one_owner_of_each_table(tree, migration, expected):
    found = problems(tree, {"migrations/0002_groups.sql": migration})
    assert len(found) == 1 and expected in found[0]


def test_the_command_prints_violations_and_fails(tree, capsys, monkeypatch):
    root = tree({"src/LAYERS": "base:\n", "src/base/money.hpp": "#include <sqlite3.h>\n"})
    monkeypatch.setattr("sys.argv", ["check_layers.py", str(root)])
    assert check_layers.main() == 1
    assert capsys.readouterr().out.startswith("src/base/money.hpp:1: base may not know <sqlite3.h>")


def test_this_repository_has_a_readable_table():
    layers = check_layers.read_layers(Path(__file__).resolve().parents[2] / "src" / "LAYERS")
    assert layers.problems == [] and "base" in layers.modules
