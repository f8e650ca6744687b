"""The generators, and taking turns with them."""

from __future__ import annotations

import json
import math
import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from context import BENCH, Setup, say
from servers import HOST, Postgres, Server

CONNECTIONS = 64
WARM_UP_SECS = 2


class Invalid(Exception):
    """A run with failures counts for nothing."""


# Measures for so many seconds.
Side = Callable[[float], float]


def wrk(seconds: float, url: str, *files: Path) -> float:
    """As many requests as 64 connections can make, with the bodies and keys of `files` where there are any: how many were
    answered in a second."""
    command: list[str | Path] = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{math.ceil(seconds)}s", "--timeout", "10s"]
    command += ["-s", BENCH / "load.lua", url, "--", *files]
    out = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=seconds + 60).stdout
    seen: dict[str, float] = json.loads(out.splitlines()[-1])
    if seen["status"] or seen["broken"] or not seen["requests"]:
        raise Invalid(f"{seen['status']} failed answers, {seen['broken']} broken or late, of {seen['requests']}")
    return seen["requests"] / seen["seconds"]


def pgbench(
    seconds: float, postgres: Postgres, database: str, values: dict[str, str], rate: float | None = None
) -> float:
    """The same inserts, one transaction each, by PostgreSQL's own benchmark, as many as there can be or at a fixed rate: how
    many in a second."""
    command: list[str | Path] = [
        postgres.programs / "pgbench",
        "-n",
        "-M",
        "prepared",
        "-c",
        str(CONNECTIONS),
        "-j",
        "2",
    ]
    command += ["-T", str(math.ceil(seconds)), "-f", BENCH / "peers/naive.sql"]
    command += [f"-D{name}={value}" for name, value in values.items()]
    command += [f"-R{rate:g}"] if rate else []
    command += ["-h", HOST, "-p", str(postgres.port), "-U", "cairn", database]
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60)
    tps = re.search(r"^tps = ([0-9.]+)", done.stdout, re.MULTILINE)
    if done.returncode or not tps:
        raise Invalid(f"pgbench: {done.stderr[-500:]}")
    return float(tps[1])


def openloop(
    setup: Setup, servers: list[Server], rate: float, writes_per_1000: int, meanwhile: Callable[[], None] | None = None
) -> dict[str, Any]:
    """Requests at a fixed rate, or with rate 0 as many as there can be, while `meanwhile` is called again and again."""
    command: list[str | Path] = [
        setup.openloop,
        str(rate),
        str(setup.seconds),
        str(CONNECTIONS),
        str(writes_per_1000),
        setup.bodies,
    ]
    command += [f"{HOST}:{server.port}" for server in servers]
    deadline = time.monotonic() + setup.seconds + 60
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            while meanwhile and process.poll() is None:
                meanwhile()
            out, _ = process.communicate(timeout=max(1.0, deadline - time.monotonic()))
        finally:
            process.kill()
    if process.returncode:
        raise Invalid(f"openloop ended with {process.returncode}")
    seen: dict[str, Any] = json.loads(out)
    if seen["errors"]:
        raise Invalid(f"{seen['errors']} requests of the open loop failed")
    return seen


def in_turns(setup: Setup, sides: dict[str, Side]) -> dict[str, list[float]]:
    """Measures every side in each round, forwards and backwards by turns, so that what slowly changes on the machine
    comes upon all alike. NaN where a run does not count. Before the first round each has a moment to open its
    connections and warm up."""
    for name, side in sides.items():
        try:
            side(WARM_UP_SECS)
        except Invalid as fault:
            say(f"warming up, {name}: {fault}")
    seen: dict[str, list[float]] = {name: [] for name in sides}
    for turn in range(setup.rounds):
        for name in list(sides)[:: 1 if turn % 2 == 0 else -1]:
            try:
                seen[name].append(sides[name](setup.seconds))
                say(f"round {turn + 1} of {setup.rounds}: {name}: {seen[name][-1]:,.1f}")
            except Invalid as fault:
                seen[name].append(math.nan)
                setup.note(f"round {turn + 1}, {name}, does not count: {fault}")
    return seen
