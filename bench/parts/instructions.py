"""Instructions of a hot GET and of a 304, by valgrind: counts, so once is enough.

Each program runs three times, with more of one answer each time; the difference is theirs alone, without the start. It
has one thread to answer with, and of the instructions those of this thread count: what several wake one another for, and
what goes on by the clock on other threads, differs from run to run and belongs to no request.
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

# So many that what this thread does by the clock hardly counts.
FEW, MORE = 100, 8_100

Start = Callable[[House, list[str]], servers.Server]
# What one run counted, by threads.
Counts = dict[str, float]


def poll(port: int, gets: int, unchanged: int, headers: bytes, path: bytes = b"/get-objects") -> None:
    """So many GETs answered in full, then so many answered 304, on one connection."""
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


# With one thread that answers.
CALLGRIND = ["env", "TOKIO_WORKER_THREADS=1", "valgrind", "--error-exitcode=0", "--tool=callgrind"]
CALLGRIND += ["--separate-threads=yes", "--callgrind-out-file=threads"]


def threads(folder: Path) -> Counts:
    """The instructions of each thread."""
    files = {file.name: file.read_text(errors="replace") for file in folder.glob("threads-*")}
    return {name: float(found[1]) for name, text in files.items() if (found := re.search(r"^totals: (\d+)", text, re.M))}


def instructions(
    setup: Setup, start: Start, headers: bytes = b"", path: bytes = b"/get-objects"
) -> list[float]:
    """What a GET and a 304 cost the thread that answers: the one that had more to do for more requests."""

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
    """The header of a key that opens the world which is open to all, so that both ways show the same."""
    command = [setup.cairn, "key", "mint", "default", "default", "live"]
    environment = {**os.environ, "CAIRN_DATA": data, "DATABASE_URL": "", "REDIS_URL": ""}
    key = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=environment).stdout.strip()
    return b"X-API-Key: " + key + b"\r\n"


def run(setup: Setup, report: Report) -> None:
    with House(setup.parent) as house:
        # Made once, at full speed; every counted run reads the same.
        cairn = servers.cairn(house, setup)
        servers.leave_all(cairn.port, setup.bodies)
        answer, _ = keep_answer(cairn.port, house.folder)
        house.stop(cairn.process)
        data = str(house.folder / "data")

        def start_cairn(own: House, under: list[str]) -> servers.Server:
            # Looking for lost announcements is not part of a request; under valgrind all else takes longer.
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
    compare(" of a deck", "of the seed's view, with a key too", deck, keyed, (1.1, 1.1), 1.05)
