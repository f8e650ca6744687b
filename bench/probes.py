"""Kernel probes (uprobes) on functions of a program, for `perf record -e 'cairn:*'`. They need root and kernel tracing."""

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
    """A probe on a function."""

    # `p`: where the function begins; `r`: where it returns.
    at: str
    name: str
    # The end of the function's name as nm prints it; several functions may match.
    function: str
    # Which arguments are recorded, in the kernel's syntax.
    noted: str = ""


@contextlib.contextmanager
def probed(program: Path, probes: Iterable[Probe]) -> Iterator[int]:
    """Sets probes, and removes them at the end; yields their number."""
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
    """The offsets in the file of the functions with that name."""
    symbols = subprocess.run(["nm", "-C", program], check=True, stdout=subprocess.PIPE, text=True).stdout
    addresses = [int(line.split()[0], 16) for line in symbols.splitlines() if line.endswith(function)]
    segments = subprocess.run(["readelf", "-lW", program], check=True, stdout=subprocess.PIPE, text=True).stdout
    loaded = [line.split()[1:5] for line in segments.splitlines() if line.split()[:1] == ["LOAD"]]
    found = []
    for at, start, _, length in (map(lambda number: int(number, 16), segment) for segment in loaded):
        found += [address - start + at for address in addresses if start <= address < start + length]
    return found


def write(line: str) -> None:
    """Writes one line in one system call, as the kernel requires."""
    file = os.open(PROBES, os.O_WRONLY | os.O_APPEND)
    try:
        os.write(file, f"{line}\n".encode())
    finally:
        os.close(file)
