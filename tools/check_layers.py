#!/usr/bin/env python3
"""Holds the sources against src/LAYERS: who includes whom, who knows which library, who owns which table.

Prints one line a violation, as path:line: what is wrong and what to do, and exits 1 when there is any.
"""
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

from sources import includes_of, is_test, literals_of

# Headers of outside libraries, and the modules (or folders of modules) that may know them.
THIRD_PARTIES = [
    (re.compile(r"boost/(asio|beast)\b|boost/(asio|beast)\.hpp"), ("http", "connectors")),
    (re.compile(r"curl/"), ("http", "connectors")),
    (re.compile(r"sqlite3(ext)?\.h$"), ("db",)),
    (re.compile(r"(postgresql/)?(libpq-fe|libpq-events|libpq/libpq-fs)\.h$"), ("db",)),
]
BELOW_SANDBOX = ("foundation", "connectors")
TABLE_IN_SQL = re.compile(r"\b(?:FROM|INTO|UPDATE|JOIN)\s+\"?([a-z_][a-z0-9_]*)")
TABLE_IN_CALL = re.compile(
    r"\b(?:insert|update|upsert|remove|patch)(?:<[^;(]*>)?\(\s*\"([a-z_][a-z0-9_]*)\"\s*[,)]"
)
TABLE_OF_RECORD = re.compile(r"\btable\s*=\s*\"([a-z_][a-z0-9_]*)\"")
CREATE_TABLE = re.compile(r"\bCREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?\"?([a-z_][a-z0-9_]*)", re.I)
OWNER = re.compile(r"--\s*owner:\s*([a-z_/]+)\s*$")


@dataclass
class Module:
    name: str
    line: int
    section: str
    needs: list = field(default_factory=list)
    comment: str = ""


@dataclass
class Layers:
    modules: dict = field(default_factory=dict)  # name -> Module, lowest first
    problems: list = field(default_factory=list)

    def module_of(self, path):
        """The module that a path relative to src/ belongs to: the longest name that begins it."""
        parts = path.split("/")[:-1]
        for count in range(len(parts), 0, -1):
            name = "/".join(parts[:count])
            if name in self.modules:
                return self.modules[name]
        return None

    def is_above(self, upper, lower):
        names = list(self.modules)
        return names.index(upper) > names.index(lower)


def read_layers(path):
    """Reads LAYERS. A comment after an empty line opens a section, named by its first word."""
    layers, section, after_blank = Layers(), "", True
    for number, text in enumerate(path.read_text().splitlines(), 1):
        line, _, comment = text.partition("#")
        if not line.strip():
            if comment and after_blank:
                section = re.match(r"\W*(\w*)", comment).group(1).lower()
            after_blank = not text.strip()
            continue
        after_blank = False
        match = re.fullmatch(r"([a-z_/]+):((?:\s+[a-z_/]+)*)\s*", line)
        if not match:
            problem = f"cannot read '{text}'; write NAME: the modules it includes"
            layers.problems.append((path, number, problem))
            continue
        name = match.group(1)
        if name in layers.modules:
            layers.problems.append((path, number, f"{name} is listed twice"))
        layers.modules[name] = Module(name, number, section, match.group(2).split(), comment.strip())
    return layers


def check_table(layers, path):
    """The table itself: every name stands above, products that name products say why, faces stay apart."""
    for module in layers.modules.values():
        for need in module.needs:
            text = None
            if need not in layers.modules:
                text = f"{module.name} names {need}, which has no line"
            elif not layers.is_above(module.name, need):
                text = f"{module.name} names {need}, which does not stand above it"
            elif need == "app":
                text = f"{module.name} names app, which nothing may include"
            elif is_face(module.name) and is_face(need):
                text = f"{module.name} names {need}: a face includes no other face; move what both need down"
            elif module.name == "sandbox" and layers.modules[need].section not in BELOW_SANDBOX:
                text = f"sandbox names {need}: it knows no module above connectors"
            if text:
                yield path, module.line, text
        known = [layers.modules[need] for need in module.needs if need in layers.modules]
        products = [need.name for need in known if need.section == "products"]
        if module.section == "products" and products and len(module.comment.split()) < 3:
            yield path, module.line, (
                f"{module.name} names the product {products[0]}; say why in a comment on its line"
            )


def is_face(name):
    return name.startswith("faces/") and name != "faces/shared"


def check_includes(layers, root, texts):
    """Every include is permitted by the module's line, and every permission is used."""
    used = {name: set() for name in layers.modules}
    for path, text in texts.items():
        relative = path.relative_to(root / "src").as_posix()
        module = layers.module_of(relative)
        if module is None:
            yield path, 1, "belongs to no module; give its folder a line in src/LAYERS"
            continue
        for include in includes_of(text):
            problem = check_third_party(module, include)
            problem = problem or check_include(layers, module, include, used, path, root)
            if problem:
                yield path, include.line, problem
    for module in layers.modules.values():
        if any(layers.module_of(p.relative_to(root / "src").as_posix()) is module for p in texts):
            for need in sorted(set(module.needs) - used[module.name]):
                yield root / "src" / "LAYERS", module.line, (
                    f"{module.name} names {need} but includes nothing of it; take it off the line"
                )


def check_third_party(module, include):
    for pattern, allowed in THIRD_PARTIES:
        if pattern.match(include.path) and not any(
            module.name == name or module.name.startswith(name + "/") for name in allowed
        ):
            return f"{module.name} may not know <{include.path}>; only {' and '.join(allowed)} do"
    return None


def check_include(layers, module, include, used, path, root):
    if not include.is_quoted:
        return None
    target = layers.module_of(include.path)
    if not (root / "src" / include.path).is_file():
        if (path.parent / include.path).is_file():
            return f'write the include from src/, not relative: "{include.path}"'
        return None  # The compiler says that better.
    if target is None or target is module:
        return None
    if "internal" in include.path.split("/")[:-1]:
        return f'"{include.path}" is internal to {target.name}; use what its other headers offer'
    if target.name not in module.needs:
        return f"{module.name} may not include {target.name}; its line in src/LAYERS does not name it"
    used[module.name].add(target.name)
    return None


def read_owners(layers, root):
    """(tables, problems): which module owns each table, as the migrations say by '-- owner: NAME' lines."""
    tables, problems = {}, []
    for path in sorted((root / "migrations").glob("**/*.sql")):
        owner = None
        for number, line in enumerate(path.read_text().splitlines(), 1):
            said = OWNER.search(line)
            if said:
                owner = said.group(1)
                if owner not in layers.modules:
                    problems.append((path, number, f"the owner {owner} has no line in src/LAYERS"))
            created = CREATE_TABLE.search(line.partition("--")[0])
            if not created:
                continue
            table = created.group(1)
            if owner is None:
                problem = f"table {table} has no owner; write '-- owner: MODULE' above it"
                problems.append((path, number, problem))
            elif tables.get(table, owner) != owner:
                problems.append((path, number, f"table {table} belongs to {tables[table]} already"))
            else:
                tables[table] = owner
    return tables, problems


def check_tables(layers, root, texts, tables):
    """Only the owner names a table in SQL; the composition root and tests may look."""
    for path, text in texts.items():
        module = layers.module_of(path.relative_to(root / "src").as_posix())
        if module is None or module.name == "app" or is_test(path):
            continue
        for line, table in tables_named(text):
            owner = tables.get(table)
            if owner and owner != module.name:
                yield path, line, f"table {table} belongs to {owner}; ask a function of it instead"


def tables_named(text):
    for line, content in literals_of(text):
        for match in TABLE_IN_SQL.finditer(content):
            yield line, match.group(1)
    for pattern in (TABLE_IN_CALL, TABLE_OF_RECORD):
        for match in pattern.finditer(text):
            yield text.count("\n", 0, match.start()) + 1, match.group(1)


def check(root):
    """All violations below root, as (path, line, text)."""
    table = root / "src" / "LAYERS"
    layers = read_layers(table)
    texts = {p: p.read_text() for p in sorted((root / "src").rglob("*")) if p.suffix in (".cpp", ".hpp")}
    owners, problems = read_owners(layers, root)
    return [
        *layers.problems,
        *check_table(layers, table),
        *check_includes(layers, root, texts),
        *problems,
        *check_tables(layers, root, texts, owners),
    ]


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent).resolve()
    violations = check(root)
    for path, line, text in violations:
        print(f"{path.relative_to(root)}:{line}: {text}")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
