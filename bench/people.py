"""Sign-ins, token checks and requests of Upflame, with few tenants and with many."""
import http.client
import json
import subprocess
from concurrent.futures import ThreadPoolExecutor

import servers

PASSWORD = "Bench-Password-1"  # of tenants_main.cpp
TENANT_COUNTS = (1, 100, 10_000)
PEOPLE_MAX = 200  # so many of them send requests
CORES = 2


def seed(database, first, count):
    """Makes the tenants from `first` on; gives how many passwords a core can hash in a second."""
    command = [servers.BUILD / "bench" / "pamoja_tenants_bench", "--db", database]
    command += ["--first", str(first), "--tenants", str(count)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=900)
    return json.loads(done.stdout)["hashes_per_core"]


def call(port, method, path, headers, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        text = None if body is None else json.dumps(body)
        connection.request(method, path, text, {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        parsed = json.loads(answer.read())
    finally:
        connection.close()
    if answer.status >= 300:
        raise RuntimeError(f"{method} {path}: {answer.status} {parsed}")
    return parsed["data"]


def sign_in(port, number):
    """One person's line for people.lua."""
    tenant = f"bench{number}"
    email = f"person@{tenant}.example"
    body = {"email": email, "password": PASSWORD}
    token = call(port, "POST", "/v1/auth/login", {"X-Tenant-ID": tenant}, body)["access_token"]
    me = call(port, "GET", "/v1/auth/me", {"Authorization": f"Bearer {token}"})
    return f"{tenant} {email} {PASSWORD} {me['id']} {token}\n"


def sign_in_some(server, path, count):
    """Writes a file of people spread over all tenants."""
    port = int(server.url.rsplit(":", 1)[1])
    step = max(1, count // PEOPLE_MAX)
    numbers = range(0, count, step)
    with ThreadPoolExecutor(4) as pool:
        path.write_text("".join(pool.map(lambda number: sign_in(port, number), numbers)))


def measure_logins(bench, server, people, hashes_per_core):
    bound = hashes_per_core * CORES
    bench.add("argon2id hashes, one core", hashes_per_core, "/s")
    done = bench.load_of("logins", server.url, 8, "people.lua", ["login", people])
    bench.add("logins, Upflame, 8", done.rate, "req/s", p99_ms=done.p99_ms,
              peer="hashes of all cores", peer_value=bound)
    done = bench.load_of("token checks", server.url, 64, "people.lua", ["me", people])
    bench.add("token checks, GET /v1/auth/me, 64", done.rate, "req/s", p99_ms=done.p99_ms)


def measure_requests(bench, engine, server, people, count):
    for mode, name in (("me", "GET /v1/auth/me"), ("write", "PUT /v1/users/{id}")):
        done = bench.load_of(name, server.url, 8, "people.lua", [mode, people])
        what = f"{name}, {engine}, {count} tenants, 8"
        bench.add(f"{what}: median", done.p50_ms, "ms", p99_ms=done.p99_ms)
        bench.add(f"{what}: rate", done.rate, "req/s")


def measure(bench, engine, database, counts=TENANT_COUNTS):
    """Grows one database; sign-ins are measured once, with the second number of tenants."""
    data = bench.folder / f"people_{engine}"
    arguments = ["--db", database]
    with servers.pamoja(bench.folder, data, *arguments):
        pass  # makes keys and schema
    there = 0
    for count in counts:
        hashes_per_core = seed(database, there, count)
        there = count
        people = bench.folder / f"people_{engine}_{count}.txt"
        with servers.pamoja(bench.folder, data, *arguments) as server:
            sign_in_some(server, people, count)
            if count == counts[-2 if len(counts) > 1 else -1] and engine == "SQLite":
                measure_logins(bench, server, people, hashes_per_core)
            measure_requests(bench, engine, server, people, count)
