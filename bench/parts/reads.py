"""GET hot: beside bare hyper, beside the seed's stack, and through the shipped nginx beside a static file."""

from __future__ import annotations

from pathlib import Path

import servers
from context import Setup
from house import House
from load import Side, in_turns, wrk
from table import Record, Report, Row

NEEDS = ["wrk", "nginx-light", "redis-server", "postgresql", "python3-venv"]

# Headers that describe the body; the others are each server's own.
HEADERS = ["Content-Type", "Content-Encoding", "ETag", "Cache-Control", "Vary"]


def keep_answer(port: int, folder: Path) -> tuple[Path, Path]:
    """Saves the snapshot for the peers: a file with its headers for bare hyper, a .gz for nginx and Redis."""
    answer = servers.look(port)
    body = answer.read()
    head = "".join(f"{name}: {answer.headers[name]}\n" for name in HEADERS)
    whole, gzipped = folder / "answer", folder / "static/snapshot.json.gz"
    gzipped.parent.mkdir()
    whole.write_bytes(head.encode() + b"\n" + body)
    gzipped.write_bytes(body)
    return whole, gzipped


def run(setup: Setup, report: Report) -> None:
    with House(setup.parent) as house:
        cairn = servers.cairn(house, setup)
        servers.leave_all(cairn.port, setup.bodies)
        whole, gzipped = keep_answer(cairn.port, house.folder)

        bare = servers.bare(house, setup, whole)
        nginx = servers.nginx(house, cairn.port, gzipped.parent)
        redis = servers.redis(house)
        seed = servers.seed(house, servers.Postgres(house).database("seed"), redis)
        # The same bytes, without expiry.
        servers.redis_cli(int(redis.rsplit(":", 1)[1]), "set", "game_data", value=gzipped)

        paths = {
            "cairn": (cairn, "/get-objects"),
            "bare hyper": (bare, "/get-objects"),
            "nginx, micro-cache": (nginx, "/get-objects"),
            "nginx, static file": (nginx, "/static/snapshot.json"),
            "seed's stack": (seed, "/get-objects"),
        }
        body = gzipped.read_bytes()
        for name, (server, path) in paths.items():
            if servers.ask(server.port, path, headers={"Accept-Encoding": "gzip"}).read() != body:
                raise RuntimeError(f"{name} does not serve the same bytes")

        def get(server: servers.Server, path: str) -> Side:
            return lambda seconds: wrk(seconds, server.url(path))

        seen = in_turns(setup, {name: get(*where) for name, where in paths.items()})

    direct, micro, static = seen["cairn"], seen["nginx, micro-cache"], seen["nginx, static file"]
    bare_peer, seed_peer = "bare hyper, same bytes, as many threads", "the seed's stack, 2 workers, same bytes"
    through, static_peer = "GET hot through the shipped nginx", "the same nginx, pre-gzipped file"
    report.rows += [
        Row("GET hot, direct", bare_peer, direct, seen["bare hyper"], "/s", "at least", 0.85, 1.0),
        Row(through, static_peer, micro, static, "/s", "at least", 0.9, 1.0),
        Row("GET hot, direct", seed_peer, direct, seen["seed's stack"], "/s", "at least", 6, 9),
    ]
    report.records.append(Record("bytes of the snapshot, gzipped", f"{len(body):,}"))
