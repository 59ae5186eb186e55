"""The job runner beside graphile-worker, on the same PostgreSQL."""
import json
import subprocess

import servers

JOBS = 50_000


def result_of(command):
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=300)
    return json.loads(done.stdout)


def ours(database):
    return result_of([servers.BUILD / "bench" / "pamoja_jobs_bench", "--db", database, "--jobs", JOBS])


def measure(bench, folder, postgres):
    """Jobs that do nothing: what remains is what a durable job costs."""
    peer_name = "graphile-worker"
    script = servers.FOLDER / "npm" / "graphile.js"
    theirs = result_of(["node", script, postgres.create_database("graphile"), JOBS])
    done = ours(postgres.create_database("jobs"))
    for name, key, times in (("jobs, PostgreSQL, batched", "batched", 2),
                             ("jobs, PostgreSQL, a commit each", "commit_per_job", 2)):
        bench.add(name, done[key], "jobs/s", peer=peer_name, peer_value=theirs[key])
        bench.add("  times graphile-worker", done[key] / theirs[key], "x", aim=times)
    for lane in ("inside", "outside"):
        bench.add(f"start of a job, PostgreSQL, lane {lane}: median", done[f"{lane}_p50_ms"], "ms",
                  p99_ms=done[f"{lane}_p99_ms"], peer=peer_name, peer_value=theirs["p50_ms"])
        bench.add("  99 of 100 start within", done[f"{lane}_p99_ms"], "ms", aim=5, is_at_most=True,
                  peer=peer_name, peer_value=theirs["p99_ms"])
    done = ours(f"sqlite:{folder}/jobs.db")
    bench.add("jobs, SQLite, batched", done["batched"], "jobs/s")
    bench.add("jobs, SQLite, a commit each", done["commit_per_job"], "jobs/s")
    for lane in ("inside", "outside"):
        bench.add(f"start of a job, SQLite, lane {lane}: median", done[f"{lane}_p50_ms"], "ms",
                  p99_ms=done[f"{lane}_p99_ms"])
