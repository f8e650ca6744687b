"""Instructions and allocations of a hot GET and of a 304, by valgrind: counts, so once is enough.

Each program runs three times, with more of one answer each time; the difference is theirs alone, without the start.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
from collections.abc import Callable

import servers
from context import Setup, say
from house import House
from parts.reads import keep_answer
from table import Record, Report, Row

NEEDS = ["valgrind"]

# So many that what goes on beside the requests, by the clock, hardly counts.
FEW, MORE = 100, 8_100

Start = Callable[[House, list[str]], servers.Server]
Counts = tuple[float, ...]


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


def count(
    setup: Setup, tool: list[str], totals: str, start: Start, headers: bytes = b"", path: bytes = b"/get-objects"
) -> list[Counts]:
    """What a GET and a 304 cost, by what `totals` finds in valgrind's last words."""

    def once(gets: int, unchanged: int) -> Counts:
        with House(setup.parent) as house:
            server = start(house, ["valgrind", "--error-exitcode=0", *tool])
            poll(server.port, gets, unchanged, headers, path)
            house.stop(server.process, within_secs=60)
            logs = "".join(log.read_text(errors="replace") for log in house.folder.glob("*.log"))
        found = re.search(totals, logs)
        if not found:
            raise RuntimeError(f"valgrind has told no totals: {logs[-2000:]}")
        return tuple(float(figure.replace(",", "")) for figure in found.groups())

    base = once(FEW, FEW)
    more = [once(MORE, FEW), once(FEW, MORE)]
    return [tuple((much - little) / (MORE - FEW) for much, little in zip(run, base, strict=True)) for run in more]


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

        callgrind = ["--tool=callgrind", "--callgrind-out-file=/dev/null"]
        say("instructions, by callgrind")
        ours = count(setup, callgrind, r"Collected : (\d+)", start_cairn)
        theirs = count(setup, callgrind, r"Collected : (\d+)", start_bare)
        key = mint(setup, data)
        keyed = count(setup, callgrind, r"Collected : (\d+)", start_cairn, key)
        deck = count(setup, callgrind, r"Collected : (\d+)", start_cairn, key, b"/v1/deck?scope=&deck=0")
        if not setup.quick:
            say("allocations, by dhat")
            dhat = ["--tool=dhat", "--dhat-out-file=/dev/null"]
            allocated = count(setup, dhat, r"Total: +([\d,]+) bytes in ([\d,]+) blocks", start_cairn)
            for what, (size, blocks) in zip(("GET", "304"), allocated, strict=True):
                figure = f"{blocks:.1f}, of {size:,.0f} bytes together"
                report.records.append(Record(f"allocations of a hot {what}", figure))

    beside = "bare hyper's for the same answer"
    for what, (our,), (their,), bar in zip(("GET", "304"), ours, theirs, (1.5, 1.6), strict=True):
        report.rows.append(Row(f"instructions of a hot {what}", beside, [our], [their], "", "at most", bar, 1.15))
    for what, (with_key,), (our,) in zip(("GET", "304"), keyed, ours, strict=True):
        what = f"instructions of a hot {what} with a key"
        report.rows.append(Row(what, "without one", [with_key], [our], "", "at most", 1.1, 1.05))
    for what, (of_deck,), (with_key,) in zip(("GET", "304"), deck, keyed, strict=True):
        what, beside = f"instructions of a hot {what} of a deck", "of the seed's view, with a key too"
        report.rows.append(Row(what, beside, [of_deck], [with_key], "", "at most", 1.1, 1.05))
