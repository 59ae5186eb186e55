"""What an operator types before anybody can sign in."""
import re
import subprocess

from harness.server import Server, binary


def grant(server_options, *arguments):
    command = [binary(), "grant", *arguments, *server_options]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_first_platform_administrator_is_made_once(engine, tmp_path):
    database = engine.fresh_database()
    place = ["--db", database] if database else ["--data", str(tmp_path)]
    if not database:
        subprocess.run([binary(), "migrate", "--db", f"sqlite:{tmp_path}/pamoja.db"], check=True)
    made = grant(place, "boss@example.com", "platform_admin")
    assert made.returncode == 0, made.stderr
    password = re.search(r"password (\w+)", made.stdout)[1]
    again = grant(place, "boss@example.com", "platform_admin")
    assert (again.returncode, again.stdout) == (0, "granted\n")
    assert grant(place, "boss@example.com", "emperor").returncode == 2
    assert grant(place, "nobody@example.com", "loan_officer").returncode == 1

    server = Server(data=tmp_path, database=database, mode="serve").start()
    client = server.client("upflame")
    credentials = {"email": "boss@example.com", "password": password}
    token = client.post("/v1/auth/login", credentials).expect(200)["data"]["access_token"]
    client.get("/v1/tenants", token=token).expect(200)
    server.end()
