#!/usr/bin/env python3
"""demo-world.py [PROGRAM]: draws docs/img/demo-world.svg, the map of the demo world in the README.

Fills a world with `cairn demo`, asks `cairn inspect scope summit --json` what players are shown there, and fetches the
recordings of its phantoms and bloodstains from a server. PROGRAM is target/debug/cairn by default. Which traces are in a deck
is partly chance, so the picture is a little different each time.
"""

import json
import math
import os
import random
import subprocess
import sys
import tempfile
import urllib.request
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
OUTPUT = Path(__file__).with_suffix(".svg")
GAME, SCOPE = "moss/climb", "summit"

WIDTH, HEIGHT = 1200, 680
# Pixels per metre, and how far the view is tilted: what a metre to the back and a metre up become.
SCALE, BACK, UP = 5.9, 0.46, 1.2
MIDDLE = (WIDTH / 2, 472)
TURN = math.radians(205)

# Every so many frames of a recording are drawn.
STEP = 4
# Where messages are quoted in the margins: the heights of the lines on either side.
LEFT, RIGHT = (150, 212), (66, 128, 190)

PHANTOM, MESSAGE, OBJECT, BLOODSTAIN = "#9db8ff", "#7ff0d2", "#ffc65c", "#ff4d5e"

STYLE = f"""
text {{ font-family: "Avenir Next", "Segoe UI", "Helvetica Neue", "DejaVu Sans", sans-serif; fill: #aab4d4; font-size: 17px }}
.title {{ font-family: Georgia, "Iowan Old Style", "DejaVu Serif", serif; fill: #f2f4ff; font-size: 32px }}
.said {{ font-family: Georgia, "Iowan Old Style", "DejaVu Serif", serif; font-style: italic; fill: #d9fff4; font-size: 18px }}
.votes {{ fill: {MESSAGE}; font-size: 14px; opacity: 0.8 }}
.walk {{ fill: none; stroke: {PHANTOM}; stroke-linecap: round; stroke-linejoin: round }}
.fall {{ fill: none; stroke: {BLOODSTAIN}; stroke-linecap: round }}
@media (prefers-reduced-motion: reduce) {{ .ghost {{ display: none }} }}
"""


class World:
    """What players are shown in the scope."""

    def __init__(self, program: Path) -> None:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("CAIRN_", "DATABASE_URL"))}
        with tempfile.TemporaryDirectory() as data:
            environment = {**clean, "CAIRN_DATA": data, "CAIRN_LISTEN": "127.0.0.1:0", "CAIRN_DRAIN_SECS": "0"}

            def cairn(*arguments: str) -> str:
                command = [program, *arguments]
                return subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout

            cairn("demo", "--game", GAME)
            inspected = json.loads(cairn("inspect", "scope", SCOPE, "--game", GAME, "--json"))
            self.kinds = {kind["kind"]: kind["there"] for kind in inspected["kinds"]}
            self.traces = inspected["traces"]
            key = cairn("key", "create", "--game", GAME).strip()
            server = subprocess.Popen([program], env=environment, stdout=subprocess.PIPE, text=True)
            try:
                base = next(line.split()[1] for line in server.stdout if line.split()[:1] == ["API"])
                base = base.removesuffix("/openapi.json")
                self.recordings = {}
                for trace in self.traces:
                    if recording := trace.get("recording_id"):
                        request = urllib.request.Request(f"{base}/v1/recordings/{recording}", headers={"X-API-Key": key})
                        with urllib.request.urlopen(request) as answer:
                            self.recordings[trace["id"]] = json.load(answer)["pos"]
            finally:
                server.terminate()
                server.communicate()

    def of(self, kind: str) -> list[dict]:
        return [trace for trace in self.traces if trace["kind"] == kind]

    def frames(self, trace: dict) -> list[tuple[float, float, float]]:
        numbers = self.recordings[trace["id"]]
        return list(zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True))


def spot(position: tuple[float, float, float]) -> tuple[float, float]:
    """Where a position is on the picture."""
    x, y, z = position
    turned = (x * math.cos(TURN) - z * math.sin(TURN), x * math.sin(TURN) + z * math.cos(TURN))
    return MIDDLE[0] + turned[0] * SCALE, MIDDLE[1] + turned[1] * SCALE * BACK - y * SCALE * UP


def depth(position: tuple[float, float, float]) -> float:
    """From 0 at the far side of the hill to 1 at the near side."""
    x, _, z = position
    return min(1.0, max(0.0, 0.5 + (x * math.sin(TURN) + z * math.cos(TURN)) / 160))


def line(spots: list[tuple[float, float]]) -> str:
    """A smooth path through the spots: quadratic curves through the middles between them."""
    parts = [f"M{spots[0][0]:.1f} {spots[0][1]:.1f}"]
    for one, other in zip(spots[1:-1], spots[2:], strict=True):
        middle = ((one[0] + other[0]) / 2, (one[1] + other[1]) / 2)
        parts.append(f"Q{one[0]:.1f} {one[1]:.1f} {middle[0]:.1f} {middle[1]:.1f}")
    parts.append(f"L{spots[-1][0]:.1f} {spots[-1][1]:.1f}")
    return "".join(parts)


def contours(world: World) -> list[str]:
    """Lines of equal height, from the distances at which walks cross it."""
    points = [frame for trace in world.of("phantom") for frame in world.frames(trace)]
    drawn = []
    for height in range(12, 58, 4):
        near = [math.hypot(x, z) for x, y, z in points if abs(y - height) < 1]
        if near:
            radius = sum(near) / len(near)
            ring = [
                spot((radius * math.cos(angle), height, radius * math.sin(angle)))
                for angle in (math.tau * part / 96 for part in range(97))
            ]
            strength = 0.10 if height % 12 else 0.22
            drawn.append(f'<path d="{line(ring)}" fill="none" stroke="#7d8fd0" stroke-opacity="{strength}"/>')
    return drawn


def walks(world: World) -> list[str]:
    drawn = []
    for number, trace in enumerate(world.of("phantom")):
        frames = world.frames(trace)[::STEP]
        spots = [spot(frame) for frame in frames]
        strength = 0.35 + 0.65 * sum(map(depth, frames)) / len(frames)
        drawn.append(f'<path id="walk{number}" class="walk" d="{line(spots)}" stroke-opacity="{strength:.2f}"/>')
    return drawn


def ghosts(count: int) -> list[str]:
    """Lights that walk as the phantoms did."""
    drawn = []
    for number in range(count):
        begin = -12 * number / count * 7 % 12 - 12
        drawn.append(
            f'<circle class="ghost" r="2.6" fill="#fff"><animateMotion dur="12s" begin="{begin:.1f}s" '
            f'repeatCount="indefinite"><mpath href="#walk{number}"/></animateMotion></circle>'
        )
    return drawn


def bloodstain(at: tuple[float, float], size: float, draw: random.Random) -> str:
    drops = []
    for _ in range(6):
        angle, far = draw.uniform(0, math.tau), draw.uniform(0.5, 1.7) * size
        x, y = at[0] + far * math.cos(angle), at[1] + far * math.sin(angle) * 0.55
        radius = size * draw.uniform(0.14, 0.42)
        drops.append(f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{radius:.1f}" ry="{radius * 0.62:.1f}"/>')
    return f'<ellipse cx="{at[0]:.1f}" cy="{at[1]:.1f}" rx="{size:.1f}" ry="{size * 0.58:.1f}"/>{"".join(drops)}'


def bloodstains(world: World) -> tuple[list[str], list[str]]:
    """The stains, and the lines of the falls."""
    draw, stains, falls = random.Random(1), [], []
    for trace in world.of("bloodstain"):
        stains.append(bloodstain(spot(trace["pos"]), 5 + 3 * depth(trace["pos"]), draw))
        falls.append(f'<path class="fall" d="{line([spot(frame) for frame in world.frames(trace)[::3]])}"/>')
    return stains, falls


def stone(at: tuple[float, float], size: float) -> str:
    x, y = at
    return f'<path d="M{x:.1f} {y - size * 1.35:.1f}l{size:.1f} {size:.1f}l{-size:.1f} {size:.1f}l{-size:.1f} {-size:.1f}z"/>'


def objects(world: World) -> list[str]:
    return [stone(spot(trace["pos"]), 3.2 + 0.4 * math.sqrt(trace["good"])) for trace in world.of("object")]


def bubble(at: tuple[float, float], size: float) -> str:
    """A speech bubble whose tip is at the spot."""
    x, y, w, h = at[0], at[1], size * 1.5, size * 1.15
    return (
        f'<path d="M{x:.1f} {y:.1f}l{-w * 0.25:.1f} {-h * 0.5:.1f}h{-w * 0.35:.1f}q{-w * 0.25:.1f} 0 {-w * 0.25:.1f} {-w * 0.25:.1f}'
        f'v{-h:.1f}q0 {-w * 0.25:.1f} {w * 0.25:.1f} {-w * 0.25:.1f}h{w:.1f}q{w * 0.25:.1f} 0 {w * 0.25:.1f} {w * 0.25:.1f}'
        f'v{h:.1f}q0 {w * 0.25:.1f} {-w * 0.25:.1f} {w * 0.25:.1f}h{-w * 0.35:.1f}z"/>'
    )


def messages(world: World) -> list[str]:
    return [bubble(spot(trace["pos"]), 3.4 + 0.35 * math.sqrt(trace["good"])) for trace in world.of("message")]


def labels(world: World) -> list[str]:
    """What the best messages on either side say, in the margins, with a line to where they are."""
    best = sorted(world.of("message"), key=lambda trace: -trace["good"])
    drawn = []
    for heights, edge, anchor in ((LEFT, 49, "start"), (RIGHT, WIDTH - 49, "end")):
        # Those on the upper slopes of that side, beside which there is space.
        here = [trace for trace in best if (spot(trace["pos"])[0] < MIDDLE[0]) == (anchor == "start")]
        here = [trace for trace in here if spot(trace["pos"])[1] < HEIGHT / 2]
        quoted = sorted(here[: len(heights)], key=lambda trace: spot(trace["pos"])[1])
        for trace, height in zip(quoted, heights, strict=False):
            x, y = spot(trace["pos"])
            said = escape(" ".join(trace["text"]))
            # About as wide as the text.
            width = 8.4 * len(said) + 32
            begin = edge + width if anchor == "start" else edge - width
            drawn.append(
                f'<path d="M{begin:.0f} {height - 5}L{x:.1f} {y - 14:.1f}" stroke="{MESSAGE}" stroke-opacity="0.4" fill="none"/>'
                f'<text class="said" x="{edge}" y="{height}" text-anchor="{anchor}">“{said}”</text>'
                f'<text class="votes" x="{edge}" y="{height + 20}" text-anchor="{anchor}">{trace["good"]} found it good</text>'
            )
    return drawn


def legend(world: World) -> list[str]:
    draw = random.Random(3)
    entries = [
        ("object", "objects", f'<g fill="{OBJECT}">{stone((0, 0), 6)}</g>'),
        ("message", "messages", f'<g fill="{MESSAGE}">{bubble((0, 8), 5)}</g>'),
        ("phantom", "phantoms: recorded walks", f'<path class="walk" stroke-width="2.4" d="M-12 4Q-4 -8 2 0T13 -3"/>'),
        ("bloodstain", "bloodstains: where they fell", f'<g fill="{BLOODSTAIN}">{bloodstain((0, 0), 6, draw)}</g>'),
    ]
    drawn, x = [], 60
    for kind, name, mark in entries:
        text = f"{world.kinds[kind]} {name}"
        drawn.append(f'<g transform="translate({x} {HEIGHT - 40})">{mark}<text x="22" y="5">{text}</text></g>')
        x += 66 + 8.9 * len(text)
    return drawn


def picture(world: World) -> str:
    stains, falls = bloodstains(world)
    lines, stones, bubbles = walks(world), objects(world), messages(world)
    summit = spot((0, 60, 0))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>What players have left in the scope {SCOPE} of the demo world</title>",
        f"<style>{STYLE}</style>",
        "<defs>"
        '<radialGradient id="night" cx="0.5" cy="0.42" r="0.75"><stop offset="0" stop-color="#1b2348"/>'
        '<stop offset="0.55" stop-color="#0d1226"/><stop offset="1" stop-color="#070913"/></radialGradient>'
        '<radialGradient id="dawn"><stop offset="0" stop-color="#b9c8ff" stop-opacity="0.30"/>'
        '<stop offset="1" stop-color="#b9c8ff" stop-opacity="0"/></radialGradient>'
        '<filter id="wide" x="-20%" y="-20%" width="140%" height="140%"><feGaussianBlur stdDeviation="7"/></filter>'
        '<filter id="near" x="-20%" y="-20%" width="140%" height="140%"><feGaussianBlur stdDeviation="2.6"/></filter>'
        "</defs>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" rx="14" fill="url(#night)"/>',
        f'<ellipse cx="{summit[0]:.0f}" cy="{summit[1] + 40:.0f}" rx="330" ry="190" fill="url(#dawn)"/>',
        *contours(world),
        f'<g id="walks" stroke-width="1.5">{"".join(lines)}</g>',
        '<use href="#walks" stroke-width="6" filter="url(#wide)" opacity="0.9"/>',
        '<use href="#walks" stroke-width="3" filter="url(#near)" opacity="0.8"/>',
        f'<g filter="url(#near)" opacity="0.9">{"".join(ghosts(len(lines)))}</g>',
        *ghosts(len(lines)),
        f'<g id="falls" stroke-width="1.6" opacity="0.85">{"".join(falls)}</g>',
        '<use href="#falls" filter="url(#near)"/>',
        f'<g id="stains" fill="{BLOODSTAIN}">{"".join(stains)}</g>',
        '<use href="#stains" filter="url(#wide)" opacity="0.9"/>',
        f'<g id="stones" fill="{OBJECT}">{"".join(stones)}</g>',
        '<use href="#stones" filter="url(#near)" opacity="0.8"/>',
        f'<g id="bubbles" fill="{MESSAGE}">{"".join(bubbles)}</g>',
        '<use href="#bubbles" filter="url(#near)" opacity="0.6"/>',
        *labels(world),
        f'<text class="title" x="48" y="66">{SCOPE.capitalize()}</text>',
        f'<text x="49" y="94">{GAME}, live</text>',
        *legend(world),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def main() -> None:
    program = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "target" / "debug" / "cairn").resolve()
    OUTPUT.write_text(picture(World(program)))
    print(f"{OUTPUT}: {OUTPUT.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
