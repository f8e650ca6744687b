"""The load generators, and interleaved runs of them."""

from __future__ import annotations

import json
import math
import os
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
    """A run had failures and does not count."""


# Measures for a number of seconds.
Side = Callable[[float], float]


def wrk(seconds: float, url: str, *files: Path, networks: bool = False) -> float:
    """Sends as many requests as 64 connections can, with the bodies and keys of `files` if there are any, and as if from a network
    for each body with `networks`; returns the responses per second."""
    command: list[str | Path] = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{math.ceil(seconds)}s", "--timeout", "10s"]
    command += ["-s", BENCH / "load.lua", url, "--", *files]
    environment = {**os.environ, "NETWORKS": "1"} if networks else None
    out = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, text=True, timeout=seconds + 60, env=environment
    ).stdout
    seen: dict[str, float] = json.loads(out.splitlines()[-1])
    if seen["status"] or seen["broken"] or not seen["requests"]:
        raise Invalid(f"{seen['status']} failed answers, {seen['broken']} broken or late, of {seen['requests']}")
    return seen["requests"] / seen["seconds"]


def pgbench(
    seconds: float, postgres: Postgres, database: str, values: dict[str, str], rate: float | None = None
) -> float:
    """The same inserts, one transaction each, by PostgreSQL's own benchmark, as many as possible or at a fixed rate; returns
    the transactions per second."""
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
    """Sends requests at a fixed rate, or with rate 0 as many as possible, while `meanwhile` is called repeatedly."""
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
    """Measures every side in each round, in alternating order, so that slow changes of the machine affect all sides alike. NaN
    if a run does not count. Before the first round each side has a moment to open its connections and warm up."""
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
