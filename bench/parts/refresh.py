"""CPU to refresh a snapshot after one new trace: the micro-benchmark `benches/snapshot.rs`, if it exists."""

from __future__ import annotations

import subprocess

from context import ROOT, Setup, say
from table import Report

NEEDS: list[str] = []


def run(setup: Setup, report: Report) -> None:
    if not (ROOT / "benches/snapshot.rs").exists():
        say("no benches/snapshot.rs")
        return
    done = subprocess.run(
        ["cargo", "bench", "--locked", "--bench", "snapshot"], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    report.appendix = done.stdout
