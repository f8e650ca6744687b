"""Bodies for POST /add-object: an object, a message, and a phantom of 200 frames, about 15 KB, one a line.

Real ones if the project's test data, which must not be shipped, is beside the checkout. Otherwise generated ones, as large
and as hard to compress: the same random walk as in loadtest/src/bodies.rs.
"""

from __future__ import annotations

import itertools
import json
import math
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

BODIES = 256
FRAMES = 200


def write(data: Path, out: Path) -> str:
    """Writes the bodies; returns a description of them."""
    convert = data / "to_native.py"
    files = [data / "demons_souls_messages.ndjson.gz", data / "phantoms_supertuxkart.ndjson.gz"]
    if all(file.exists() for file in (convert, *files)):
        kind = "real (Demon's Souls messages, SuperTuxKart runs)"
        with subprocess.Popen([sys.executable, convert, "seed", *files], stdout=subprocess.PIPE, text=True) as made:
            assert made.stdout is not None
            lines = list(itertools.islice(made.stdout, BODIES))
            made.kill()
    else:
        kind = "generated"
        lines = [json.dumps(body, separators=(",", ":")) + "\n" for body in generated()]
    out.write_text("".join(lines))
    return f"{BODIES} {kind}, of {sum(map(len, lines)) // len(lines):,} bytes on average"


def generated() -> Iterator[dict[str, object]]:
    for seed in range(BODIES):
        chance = random.Random(seed)
        author = f"{chance.getrandbits(64):016x}-{chance.getrandbits(64):016x}"
        frames = list(walk(chance))
        yield {
            "obj": {"u_uuid": author, "o_type": chance.randrange(40), "o_pos": frames[0][0], "o_rot": "0.0,0.5,0.0"},
            "message": {
                "u_uuid": author,
                "part1": str(chance.randrange(600)),
                "part2": "7",
                "part3": "Look left, then climb.",
            },
            "phantom": {"u_uuid": author, "data": frames},
        }


def walk(chance: random.Random) -> Iterator[list[str]]:
    """A runner who turns, on uneven ground: ten frames a second."""

    def around(size: float) -> float:
        return chance.uniform(-size, size)

    x, y, z, heading = around(500), around(50), around(500), around(math.pi)
    for _ in range(FRAMES):
        turn = around(0.2)
        heading += turn
        x += math.sin(heading) * 1.3 + around(0.05)
        z += math.cos(heading) * 1.3 + around(0.05)
        y += around(0.15)
        lean, pitch = turn * 0.1 + around(0.01), around(0.03)
        yield [
            f"{x:.6f},{y:.6f},{z:.6f}",
            f"{pitch:.6f},{math.sin(heading / 2):.6f},{lean:.6f},{math.cos(heading / 2):.6f}",
        ]
