"""The setup that is passed to each part of the benchmark, and the programs that it needs."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

BENCH = Path(__file__).resolve().parent
ROOT = BENCH.parent


@dataclass
class Setup:
    """The options, and the programs that were built."""

    rounds: int
    seconds: float
    quick: bool
    parent: Path
    bodies: Path
    cairn: Path
    bare: Path
    openloop: Path
    # Notes for readers of the table: runs that do not count, parts that were left out.
    notes: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        self.notes.append(text)
        say(text)


def say(text: str) -> None:
    """Reports progress on standard error; only the table goes to standard output."""
    print(f"bench: {text}", file=sys.stderr, flush=True)


def build(profile: str) -> tuple[Path, Path, Path]:
    """Compiles the server, the bare peer and the load generator with the same profile; returns their files."""
    built: dict[str, Path] = {}
    for manifest in (ROOT / "Cargo.toml", BENCH / "Cargo.toml"):
        say(f"cargo build --profile {profile} --manifest-path {manifest.relative_to(ROOT)}")
        command: list[str | Path] = [
            "cargo",
            "build",
            "--locked",
            "--bins",
            "--profile",
            profile,
            "--manifest-path",
            manifest,
        ]
        command += ["--message-format", "json-render-diagnostics"]
        lines = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
        for message in map(json.loads, lines):
            if message.get("executable"):
                built[message["target"]["name"]] = Path(message["executable"])
    return built["cairn"], built["bare"], built["openloop"]


def seed_python() -> Path:
    """The Python of the seed's stack: a virtual environment in the user's cache, created once for its requirements."""
    requirements = BENCH / "peers/seed/requirements.txt"
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()[:12]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "cairn" / f"bench-seed-{sys.version_info.major}.{sys.version_info.minor}-{digest}"
    done = folder / "complete"
    if not done.exists():
        say(f"installing the seed's stack into {folder}")
        subprocess.run([sys.executable, "-m", "venv", folder], check=True, stdout=sys.stderr)
        install: list[str | Path] = [folder / "bin/pip", "install", "--quiet", "--requirement", requirements]
        subprocess.run(install, check=True, stdout=sys.stderr)
        done.touch()
    return folder / "bin/python"


def missing(needs: Sequence[str]) -> list[str]:
    """The Debian packages that are not installed, by the same check as scripts/install-needs."""
    look = '. scripts/programs.sh; for need; do present "$need" || echo "$need"; done'
    told = subprocess.run(["bash", "-c", look, "look", *needs], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return told.stdout.split()
