#!/usr/bin/env python3
"""The benchmark: measures everything that has a target, beside its peers, on this machine. `make bench` runs it.

Each part starts its own servers on free ports, measures both sides in turns, and stops what it started. A full run writes
docs/performance.md; the table is printed on standard output in any case. Slow timings do not fail: the exit status says only
whether everything could be measured.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path
from types import FrameType, ModuleType

import bodies
from context import ROOT, Setup, build, missing, say
from parts import allocations, growth, instructions, journal, mixed, polls, reads, refresh, start, studios, writes
from table import Report

PARTS: dict[str, ModuleType] = {
    "reads": reads,
    "instructions": instructions,
    "allocations": allocations,
    "writes": writes,
    "studios": studios,
    "refresh": refresh,
    "growth": growth,
    "journal": journal,
    "mixed": mixed,
    "polls": polls,
    "start": start,
}


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--rounds", type=int, default=5, help="number of rounds (5)")
    parser.add_argument("--seconds", type=float, default=5, help="length of each measurement (5)")
    parser.add_argument(
        "--quick", action="store_true", help="one round of a second: shows that everything works, not how fast it is"
    )
    parser.add_argument("--only", nargs="+", choices=PARTS, metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--profile", default="release", help="how cargo builds both sides: release, or dist as shipped")
    parser.add_argument(
        "--folder", type=Path, default=Path("/var/tmp"), help="where the databases are kept: a real disk (/var/tmp)"
    )
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared/data", help="folder of the real test data")
    parser.add_argument("--out", type=Path, help="file to write (docs/performance.md after a full run)")
    return parser.parse_args()


def main() -> int:
    asked = options()
    # A signal that ends the benchmark ends the servers too.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    cairn, bare, openloop = build(asked.profile)
    with tempfile.TemporaryDirectory(prefix="cairn-bench-bodies.", dir=asked.folder) as folder:
        file = Path(folder) / "bodies.ndjson"
        kind = bodies.write(asked.data, file)
        say(f"bodies: {kind}")
        setup = Setup(
            rounds=1 if asked.quick else asked.rounds,
            seconds=1 if asked.quick else asked.seconds,
            quick=asked.quick,
            parent=asked.folder,
            bodies=file,
            cairn=cairn,
            bare=bare,
            openloop=openloop,
        )
        report, complete = Report(), True
        for name in asked.only or PARTS:
            complete &= measure(name, setup, report)
    text = page(asked, kind, setup, report)
    print(text)
    whole = not (asked.quick or asked.only)
    if out := asked.out or (ROOT / "docs/performance.md" if whole else None):
        out.write_text(text)
    return 0 if complete else 1


def measure(name: str, setup: Setup, report: Report) -> bool:
    """Runs a part; if something is missing or fails, the other parts still run."""
    part = PARTS[name]
    if lacking := missing(part.NEEDS):
        setup.note(f"left out: {name} (not installed: {', '.join(lacking)})")
        return False
    say(f"== {name}")
    try:
        part.run(setup, report)
    except Exception as error:
        traceback.print_exc()
        setup.note(f"left out: {name} ({error})")
        return False
    return True


def stop(number: int, _: FrameType | None) -> None:
    sys.exit(128 + number)


def page(asked: argparse.Namespace, kind: str, setup: Setup, report: Report) -> str:
    """The whole of docs/performance.md."""
    commit = first_line("git", "-C", str(ROOT), "describe", "--always", "--dirty")
    programs = [first_line("cargo", "--version"), first_line("redis-server", "--version"), platform.platform()]
    programs += [
        first_line("bash", "-c", ". scripts/programs.sh; $(postgres_folder)/postgres --version"),
        first_line("bash", "-c", "PATH=$PATH:/usr/sbin; nginx -v 2>&1"),
    ]
    notes = "\n".join(["", "Notes:", "", *(f"- {note}" for note in setup.notes), ""]) if setup.notes else ""
    arguments = ' ARGS="' + " ".join(sys.argv[1:]) + '"' if sys.argv[1:] else ""
    return f"""# Performance

Written by `make bench{arguments}`; every figure is from one run on one machine, so
trust the ratios.

| | |
|---|---|
| when | {datetime.datetime.now(datetime.UTC):%Y-%m-%d %H:%M} UTC, commit {commit}, cargo profile `{asked.profile}` |
| machine | {os.cpu_count()} × {cpu()}, {memory()}, shared by the servers and their load |
| programs | {"; ".join(filter(None, programs))} |
| databases on | {asked.folder} ({first_line("findmnt", "-no", "FSTYPE,SOURCE", "-T", str(asked.folder))}) |
| bodies | {kind} |
| load | 64 connections over loopback; rounds: {setup.rounds}, of {setup.seconds:g} s, both sides in turns |

Of several rounds: median (least..most). A ratio is ours / theirs, taken round by round. A bar is for the ratio where
there is one, else for ours.

{report.markdown()}{notes}
How each row is measured is in [bench/README.md](../bench/README.md).
"""


def first_line(*command: str) -> str:
    if not shutil.which(command[0]):
        return ""
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return next(iter(done.stdout.splitlines()), "").strip()


def cpu() -> str:
    names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return names[0].split(":", 1)[1].strip() if names else platform.machine()


def memory() -> str:
    kilobytes = int(Path("/proc/meminfo").read_text().split()[1])
    return f"{kilobytes / 1024 / 1024:.0f} GB"


if __name__ == "__main__":
    sys.exit(main())
