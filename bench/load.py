"""Loads a server with wrk, and reads a process's memory."""
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


@dataclass
class Load:
    """What came of one run of wrk."""

    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float
    refused: int  # answers of 400 and above
    broken: int  # connections that failed, and time-outs

    @property
    def rate(self):
        return self.requests / self.seconds


def load(url, connections, seconds, script="report.lua", arguments=()):
    """Keeps so many connections busy for so long."""
    command = ["wrk", "--threads", str(min(2, connections)), "--connections", str(connections)]
    command += ["--duration", f"{seconds}s", "--timeout", "10s", "--script", FOLDER / script, url]
    if arguments:
        command += ["--", *map(str, arguments)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, timeout=seconds + 60, cwd=FOLDER
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
    result = json.loads(lines[-1].removeprefix("RESULT "))
    return Load(
        requests=result["requests"], seconds=result["micros"] / 1e6, p50_ms=result["p50"] / 1000,
        p99_ms=result["p99"] / 1000, refused=result["refused"], broken=result["broken"],
    )


def resident_mb(pid):
    """The memory that a process holds now (VmRSS)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"the process {pid} has no memory")
