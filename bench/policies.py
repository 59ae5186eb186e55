"""Decisions about policies in one thread of one process, beside casbin and Cedar."""
import json
import subprocess

import servers

COUNTS = (10, 1_000, 100_000)


def result_of(command):
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=300)
    return json.loads(done.stdout)


def measure(bench, seconds):
    """The same rules and questions for all three; ours with a condition on the time as well."""
    ours = result_of([servers.BUILD / "bench" / "pamoja_policies_bench", "--seconds", seconds])
    theirs = result_of(["node", servers.FOLDER / "npm" / "policies.js", seconds])
    for count in COUNTS:
        for peer in ("casbin", "cedar"):
            aim = 1_000_000 if count == COUNTS[-1] else None
            bench.add(f"policy decisions, {count:,} rules", ours[str(count)], "/s", peer=peer,
                      peer_value=theirs[peer][str(count)], aim=aim)
        bench.add(f"policy decisions, {count:,} rules with a time", ours[f"{count}_time"], "/s",
                  aim=1_000_000 if count == COUNTS[-1] else None)
