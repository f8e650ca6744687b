"""Instructions of a hot GET and of a 304, by valgrind. These are counts, so one run is enough.

Each program runs three times, with more requests of one kind each time; the difference is the cost of those, without the start.
One thread answers requests, and only its instructions count: wake-ups between threads and periodic work on other threads differ
from run to run and belong to no request.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import servers
from context import Setup, say
from house import House
from parts.reads import keep_answer
from table import Report, Row

NEEDS = ["valgrind"]

# Enough that periodic work on this thread hardly counts.
FEW, MORE = 100, 8_100

Start = Callable[[House, list[str]], servers.Server]
# The counts of one run, by thread.
Counts = dict[str, float]


def poll(port: int, gets: int, unchanged: int, headers: bytes, path: bytes = b"/get-objects") -> None:
    """Sends a number of GETs that are answered in full, then a number that are answered 304, on one connection."""
    with socket.create_connection((servers.HOST, port), timeout=60) as connection:
        reader = connection.makefile("rb")

        def ask(condition: bytes) -> tuple[int, bytes]:
            connection.sendall(
                b"GET " + path + b" HTTP/1.1\r\nHost: bench\r\nAccept-Encoding: gzip\r\n" + headers + condition + b"\r\n"
            )
            status, tag, length = int(reader.readline().split()[1]), b"", 0
            while (line := reader.readline()) != b"\r\n":
                name, value = line.rstrip().split(b": ", 1)
                tag = value if name.lower() == b"etag" else tag
                length = int(value) if name.lower() == b"content-length" else length
            if status == 200:
                reader.read(length)
            return status, tag

        expected = [(200, b"")] * gets
        _, tag = ask(b"")
        expected += [(304, b"If-None-Match: " + tag + b"\r\n")] * unchanged
        for status, condition in expected:
            if ask(condition)[0] != status:
                raise RuntimeError(f"the answer was not {status}")


# One thread answers requests.
CALLGRIND = ["env", "TOKIO_WORKER_THREADS=1", "valgrind", "--error-exitcode=0", "--tool=callgrind"]
CALLGRIND += ["--separate-threads=yes", "--callgrind-out-file=threads"]


def threads(folder: Path) -> Counts:
    """The instructions of each thread."""
    files = {file.name: file.read_text(errors="replace") for file in folder.glob("threads-*")}
    return {name: float(found[1]) for name, text in files.items() if (found := re.search(r"^totals: (\d+)", text, re.M))}


def instructions(
    setup: Setup, start: Start, headers: bytes = b"", path: bytes = b"/get-objects"
) -> list[float]:
    """The cost of a GET and of a 304 on the answering thread: the one whose count grows with the number of requests."""

    def once(gets: int, unchanged: int) -> Counts:
        with House(setup.parent) as house:
            server = start(house, CALLGRIND)
            poll(server.port, gets, unchanged, headers, path)
            house.stop(server.process, within_secs=60)
            found = threads(house.folder)
        if not found:
            raise RuntimeError("valgrind has told no totals")
        return found

    base = once(FEW, FEW)
    more = [once(MORE, FEW), once(FEW, MORE)]
    return [max(run[name] - base.get(name, 0) for name in run) / (MORE - FEW) for run in more]


def mint(setup: Setup, data: str) -> bytes:
    """The header with a key for the open world, so that requests with and without it get the same."""
    command = [setup.cairn, "key", "mint", "default", "default", "live"]
    environment = {**os.environ, "CAIRN_DATA": data, "DATABASE_URL": "", "REDIS_URL": ""}
    key = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=environment).stdout.strip()
    return b"X-API-Key: " + key + b"\r\n"


def run(setup: Setup, report: Report) -> None:
    with House(setup.parent) as house:
        # Created once, at full speed; every counted run reads the same data.
        cairn = servers.cairn(house, setup)
        servers.leave_all(cairn.port, setup.bodies)
        answer, _ = keep_answer(cairn.port, house.folder)
        house.stop(cairn.process)
        data = str(house.folder / "data")

        def start_cairn(own: House, under: list[str]) -> servers.Server:
            # Revision checks are not part of a request; under valgrind everything else takes longer.
            slowly = {"revision_check_ms": 60000, "snapshot_wait_ms": 60000, "database_timeout_ms": 60000}
            return servers.cairn(own, setup, under=under, data=data, **slowly)

        def start_bare(own: House, under: list[str]) -> servers.Server:
            return servers.bare(own, setup, answer, under=under)

        say("instructions, by callgrind")
        ours = instructions(setup, start_cairn)
        theirs = instructions(setup, start_bare)
        key = mint(setup, data)
        keyed = instructions(setup, start_cairn, key)
        deck = instructions(setup, start_cairn, key, b"/v1/deck?scope=&deck=0")

    def compare(of: str, beside: str, these: list[float], those: list[float], bars: tuple[float, float], stretch: float) -> None:
        for what, our, their, bar in zip(("GET", "304"), these, those, bars, strict=True):
            row = Row(f"instructions of a hot {what}{of}", beside, [our], [their], "", "at most", bar, stretch)
            report.rows.append(row)

    compare("", "bare hyper's for the same answer", ours, theirs, (1.5, 1.6), 1.15)
    compare(" with a key", "without one", keyed, ours, (1.1, 1.1), 1.05)
    compare(" of a deck", "of the v0 view, with a key too", deck, keyed, (1.1, 1.1), 1.05)
