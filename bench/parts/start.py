"""How long the embedded server takes from its start to its first response."""

from __future__ import annotations

import time

import servers
from context import Setup
from house import House
from table import Record, Report, Row, with_spread

NEEDS: list[str] = []

STARTS = 20


def run(setup: Setup, report: Report) -> None:
    took_ms: list[float] = []
    snapshot_ms: list[float] = []
    with House(setup.parent) as house:
        for start in range(STARTS + 1):
            before = time.monotonic()
            cairn = servers.cairn(house, setup)
            took_ms.append((time.monotonic() - before) * 1000)
            servers.look(cairn.port)
            snapshot_ms.append((time.monotonic() - before) * 1000)
            if start == 0:
                servers.leave_all(cairn.port, setup.bodies)
            house.stop(cairn.process)
    first, *later = took_ms
    report.rows.append(
        Row(f"start, embedded, to the first answer ({STARTS} starts)", "", later, [], "ms", "at most", 150, 50)
    )
    report.records.append(Record("start, embedded, to the first snapshot", with_spread(snapshot_ms[1:], " ms")))
    report.records.append(Record("the very first start, which makes the tables", f"{first:,.0f} ms"))
