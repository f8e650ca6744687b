"""Allocations of a hot GET and of a 304: kernel probes record each call of the allocator's functions, with its size."""

from __future__ import annotations

import re
import signal
import subprocess
from pathlib import Path

import probes
import servers
from context import Setup, say
from house import House
from parts.instructions import FEW, MORE, poll
from probes import Probe, probed
from table import Record, Report

NEEDS = probes.NEEDS

# The functions that mimalloc's crate calls; the size is their first argument, or their second.
PROBES = [
    Probe("p", "takes", " mi_malloc_aligned", "size=%di:u64"),
    Probe("p", "clears", " mi_zalloc_aligned", "size=%di:u64"),
    Probe("p", "grows", " mi_realloc_aligned", "size=%si:u64"),
]


def allocated(cairn: servers.Server, recorded: Path, gets: int, unchanged: int) -> tuple[int, int]:
    """The number of allocations while a number of requests are answered, and their bytes."""
    record = ["perf", "record", "-q", "-m", "8M", "-e", "cairn:*", "-p", str(cairn.process.pid), "-o", recorded]
    # Recording has begun before this command prints.
    begun = ["sh", "-c", "echo begun; exec sleep 600"]
    with subprocess.Popen([*record, "--", *begun], stdout=subprocess.PIPE) as recording:
        if recording.stdout:
            recording.stdout.readline()
        poll(cairn.port, gets, unchanged, b"")
        recording.send_signal(signal.SIGINT)
        recording.wait(timeout=60)
    script = ["perf", "script", "-i", recorded, "-F", "event,trace"]
    printed = subprocess.run(script, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    sizes = re.findall(r" size=(\d+)", printed)
    return len(sizes), sum(map(int, sizes))


def run(setup: Setup, report: Report) -> None:
    say("allocations, by probes")
    with House(setup.parent) as house, probed(setup.cairn, PROBES):
        cairn = servers.cairn(house, setup, revision_check_ms=60000)
        servers.leave_all(cairn.port, setup.bodies)
        recorded = house.folder / "allocations.data"
        # The first read builds the snapshot.
        servers.look(cairn.port)
        base = allocated(cairn, recorded, FEW, FEW)
        for what, gets, unchanged in (("GET", MORE, FEW), ("304", FEW, MORE)):
            more = allocated(cairn, recorded, gets, unchanged)
            count, size = ((one - other) / (MORE - FEW) for one, other in zip(more, base, strict=True))
            report.records.append(Record(f"allocations of a hot {what}", f"{count:.1f}, of {size:,.0f} bytes together"))
