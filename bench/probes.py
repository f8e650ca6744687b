"""Probes of the kernel's on functions of a program, for `perf record -e 'cairn:*'`. They need root and the kernel's tracing."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

PROBES = Path("/sys/kernel/tracing/uprobe_events")
NEEDS = ["linux-perf", "binutils"]


class Probe(NamedTuple):
    """What is noted where."""

    # `p` where a function begins, `r` where it returns.
    at: str
    name: str
    # The end of the function's name, as nm prints it: there may be several.
    function: str
    # What is noted of its arguments, as the kernel wants it said.
    noted: str = ""


@contextlib.contextmanager
def probed(program: Path, probes: Iterable[Probe]) -> Iterator[int]:
    """Sets probes, takes them away in the end; how many they are."""
    there: list[str] = []
    count = 0
    try:
        for probe in probes:
            event = f"cairn/{probe.name}"
            for offset in offsets(program, probe.function):
                write(f"{probe.at}:{event} {program}:{offset:#x} {probe.noted}")
                count += 1
                if event not in there:
                    there.append(event)
        yield count
    finally:
        for event in there:
            write(f"-:{event}")


def offsets(program: Path, function: str) -> list[int]:
    """Where in the file the functions of that name stand."""
    symbols = subprocess.run(["nm", "-C", program], check=True, stdout=subprocess.PIPE, text=True).stdout
    addresses = [int(line.split()[0], 16) for line in symbols.splitlines() if line.endswith(function)]
    segments = subprocess.run(["readelf", "-lW", program], check=True, stdout=subprocess.PIPE, text=True).stdout
    loaded = [line.split()[1:5] for line in segments.splitlines() if line.split()[:1] == ["LOAD"]]
    found = []
    for at, start, _, length in (map(lambda number: int(number, 16), segment) for segment in loaded):
        found += [address - start + at for address in addresses if start <= address < start + length]
    return found


def write(line: str) -> None:
    """One line a write, as the kernel wants it."""
    file = os.open(PROBES, os.O_WRONLY | os.O_APPEND)
    try:
        os.write(file, f"{line}\n".encode())
    finally:
        os.close(file)
