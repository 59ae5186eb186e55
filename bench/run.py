"""Measures everything in turn and prints one table: ours beside the peers, and the aims."""
import argparse
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import jobs
import people
import policies
import servers
from harness.postgres import Postgres
from load import load, resident_mb

ACCOUNTS = 10_000
MANY = 512  # connections


@dataclass
class Line:
    """One row of the table. `aim` is what the value must reach, or stay below."""

    name: str
    value: float
    unit: str
    p99_ms: float = None
    peer: str = ""
    peer_value: float = None
    aim: float = None
    is_at_most: bool = False

    def is_reached(self):
        return self.value <= self.aim if self.is_at_most else self.value >= self.aim

    def cells(self):
        peer = f"{self.peer} {self.peer_value:,.0f}" if self.peer else ""
        ratio = f"{self.value / self.peer_value:.2f}" if self.peer else ""
        aim = ""
        if self.aim is not None:
            bound = "<=" if self.is_at_most else ">="
            aim = f"{bound} {self.aim:,.6g}: {'yes' if self.is_reached() else 'NO'}"
        p99 = "" if self.p99_ms is None else f"{self.p99_ms:.1f}"
        return [self.name, f"{self.value:,.1f}", self.unit, p99, peer, ratio, aim]


class Bench:
    """One run of all measurements, in a temporary folder."""

    def __init__(self, folder, seconds):
        self.folder = folder
        self.seconds = seconds
        self.lines = []
        self.naive = {}
        self.doubts = []

    def add(self, name, value, unit, **rest):
        line = Line(name, value, unit, **rest)
        self.lines.append(line)
        print("  ".join(cell for cell in line.cells() if cell), flush=True)

    def load_of(self, name, url, connections, *rest):
        done = load(url, connections, self.seconds, *rest)
        if done.refused or done.broken:
            self.doubts.append(f"{name}: {done.refused} answers were refusals, {done.broken} requests broke")
        return done

    def transfers(self, server, name, mode, connections):
        arguments = [mode, f"{mode}{connections}", ACCOUNTS]
        return self.load_of(name, server.url + "/transfers", connections, "transfers.lua", arguments)

    def warm_up(self, server):
        """Fills caches; gives how many transfers that took."""
        return load(server.url + "/transfers", 64, 1, "transfers.lua", ["random", "warm", ACCOUNTS]).requests

    def measure_naive(self):
        with servers.naive_server(self.folder, ACCOUNTS) as server:
            self.warm_up(server)
            for connections in (1, 64, MANY):
                done = self.transfers(server, "naive", "random", connections)
                self.naive[connections] = done.rate
                self.add(f"transfers, naive peer, {connections}", done.rate, "req/s", p99_ms=done.p99_ms)

    def measure_transfers(self, engine, database, aim):
        """Ours on one engine; afterwards every answered transfer must be in the database."""
        with servers.transfer_server(self.folder, database, ACCOUNTS) as server:
            answered = self.warm_up(server)
            for mode, connections in (("random", 1), ("random", 64), ("random", MANY), ("hot", MANY)):
                name = f"transfers, {engine}, {connections}{', half to one account' if mode == 'hot' else ''}"
                done = self.transfers(server, name, mode, connections)
                answered += done.requests - done.refused
                self.add(name, done.rate, "req/s", p99_ms=done.p99_ms, peer="naive",
                         peer_value=self.naive[connections], aim=aim if connections == MANY else None)
                if engine == "SQLite" and connections == MANY and mode == "random":
                    self.add("  times the naive peer", done.rate / self.naive[MANY], "x", aim=5)
            self.add(f"  memory of the transfer server, {engine}, under load", resident_mb(server.pid), "MB")
        self.check_books(engine, database, answered)

    def check_books(self, engine, database, answered):
        """Every answer of 201 is a transaction on the books, and the books hold."""
        stored = count_of_transfers(database)
        if stored < answered:
            self.doubts.append(f"{engine}: {answered} transfers were answered, {stored} are stored")
        done = subprocess.run(
            [servers.BUILD / "pamoja", "check", "--db", database], capture_output=True, text=True, check=False
        )
        verdict = (done.stdout + done.stderr).strip().splitlines()[-1:]
        print(f"  {engine}: {stored} transfers stored of {answered} answered; {verdict}", flush=True)
        if done.returncode != 0:
            self.doubts.append(f"{engine}: pamoja check exits {done.returncode}: {verdict}")

    def measure_small(self):
        database = f"sqlite:{self.folder}/small.db"
        with servers.nginx(self.folder) as peer, servers.transfer_server(self.folder, database, 2) as ours:
            for server in (peer, ours):
                load(server.url + "/small", 64, 1)
            # In turns, so that what else the machine does hits both.
            rates = {peer.url: [], ours.url: []}
            p99_ms = []
            for server in (peer, ours, peer, ours):
                done = self.load_of("small GET", server.url + "/small", 64)
                rates[server.url].append(done.rate)
                if server is ours:
                    p99_ms.append(done.p99_ms)
            best, of_peer = max(rates[ours.url]), max(rates[peer.url])
            self.add("small GET, 64", best, "req/s", p99_ms=min(p99_ms), peer="nginx", peer_value=of_peer)
            self.add("  share of nginx", 100 * best / of_peer, "%", aim=75)

    def measure_program(self, postgres):
        """`pamoja dev`: how soon it is ready, and what it holds."""
        data = self.folder / "data"
        with servers.pamoja(self.folder, data) as server:
            self.add("pamoja dev ready, first start", server.startup_ms, "ms")
        best = min(self.startup_ms(data) for _ in range(3))
        self.add("pamoja dev ready, existing data", best, "ms", aim=300, is_at_most=True)
        on_postgres = ["--db", postgres.create_database("program")]
        self.startup_ms(self.folder / "data_postgres", *on_postgres)
        best = min(self.startup_ms(self.folder / "data_postgres", *on_postgres) for _ in range(3))
        self.add("pamoja dev ready, existing data, PostgreSQL", best, "ms", aim=300, is_at_most=True)
        with servers.pamoja(self.folder, data) as server:
            self.add("memory of pamoja dev, idle", resident_mb(server.pid), "MB", aim=50, is_at_most=True)
            done = self.load_of("GET /healthz", server.url + "/healthz", 64)
            self.add("GET /healthz of pamoja dev, 64", done.rate, "req/s", p99_ms=done.p99_ms)
            self.add("memory of pamoja dev, after that load", resident_mb(server.pid), "MB")

    def startup_ms(self, data, *arguments):
        with servers.pamoja(self.folder, data, *arguments) as server:
            return server.startup_ms


def count_of_transfers(database):
    """Without those that funded the accounts."""
    sql = "SELECT COUNT(*) FROM ledger_transactions WHERE reference NOT LIKE 'fund:%'"
    if database.startswith("sqlite:"):
        command = ["sqlite3", database.removeprefix("sqlite:"), sql]
    else:
        # The role is bound by row-level security, so it says whose rows it wants.
        command = ["psql", database.replace("pamoja@", "postgres@"), "-XAtc", sql]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def table(lines):
    head = ["what, connections", "ours", "", "p99 ms", "peer", "ratio", "aim"]
    rows = [head, *(line.cells() for line in lines)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    text = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]
    return "\n".join([text[0], "-" * len(text[0]), *text[1:]])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=5, help="how long each measurement lasts")
    seconds = parser.parse_args().seconds
    with tempfile.TemporaryDirectory(prefix="pamoja-bench-") as name, Postgres() as postgres:
        bench = Bench(Path(name), seconds)
        bench.measure_small()
        bench.measure_naive()
        bench.measure_transfers("SQLite", f"sqlite:{name}/transfers.db", 10_000)
        bench.measure_transfers("PostgreSQL", postgres.url(), 8_000)
        bench.measure_program(postgres)
        policies.measure(bench, min(seconds, 2))
        jobs.measure(bench, Path(name), postgres)
        people.measure(bench, "SQLite", f"sqlite:{name}/people.db")
        people.measure(bench, "PostgreSQL", postgres.create_database("people"), [people.TENANT_COUNTS[-1]])
    print("\n" + table(bench.lines))
    for doubt in bench.doubts:
        print("DOUBTFUL", doubt)


if __name__ == "__main__":
    main()
