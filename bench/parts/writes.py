"""POST: on PostgreSQL beside pgbench and the seed's stack, and embedded; and the stored size of a phantom."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import servers
from context import BENCH, Setup
from house import House
from load import Side, in_turns, pgbench, wrk
from table import Report, Row

NEEDS = ["wrk", "redis-server", "postgresql", "python3-venv"]


def naive_database(postgres: servers.Postgres, name: str) -> str:
    """Creates a database with the seed's tables; returns its URL."""
    url = postgres.database(name)
    postgres.sql((BENCH / "peers/naive_tables.sql").read_text(), name)
    return url


def naive_values(bodies: Path) -> dict[str, str]:
    """The values of one body, by the names in naive.sql."""
    body = json.loads(bodies.read_text().splitlines()[0])
    phantom = json.dumps(body["phantom"]["data"], separators=(",", ":"))
    return {**{name: str(value) for name, value in {**body["message"], **body["obj"]}.items()}, "data": phantom}


def run(setup: Setup, report: Report) -> None:
    stored_bytes(setup, report)
    with House(setup.parent) as house:
        postgres, redis = servers.Postgres(house), servers.redis(house)
        naive_database(postgres, "naive")
        seed_database = naive_database(postgres, "seed")
        server = servers.cairn(house, setup, database=postgres.database("cairn"), redis=redis)
        embedded = servers.cairn(house, setup)
        # With the bounds by network of config/default.toml, and load from as many networks as there are bodies.
        bounds = {"address_rate": 6000, "address_bytes_per_day": 1_000_000_000, "key_bytes_per_day": 20_000_000_000}
        bounded = servers.cairn(house, setup, data="bounded", **bounds)
        seed = servers.seed(house, seed_database, redis)

        def rested(measure: Side) -> Side:
            """A checkpoint before each turn, so that no side writes what another has left in memory."""

            def side(seconds: float) -> float:
                postgres.sql("CHECKPOINT")
                return measure(seconds)

            return side

        def post(server: servers.Server, networks: bool = False) -> Side:
            return rested(lambda seconds: wrk(seconds, server.url("/add-object"), setup.bodies, networks=networks))

        values = naive_values(setup.bodies)
        sides = {
            "cairn on PostgreSQL": post(server),
            "pgbench": rested(lambda seconds: pgbench(seconds, postgres, "naive", values)),
            "seed's stack": post(seed),
            "cairn embedded": post(embedded),
            "cairn embedded, bounded": post(bounded, networks=True),
        }
        seen = in_turns(setup, sides)

    ours = seen["cairn on PostgreSQL"]
    pg = "pgbench, the seed's rows, prepared, a transaction each"
    report.rows += [
        Row("POST on PostgreSQL, fsync on", pg, ours, seen["pgbench"], "/s", "at least", 3, 6),
        Row(
            "POST on PostgreSQL, fsync on",
            "the seed's stack, 2 workers",
            ours,
            seen["seed's stack"],
            "/s",
            "at least",
            12,
            25,
        ),
        Row(
            "POST embedded, synchronous FULL",
            "ours on PostgreSQL",
            seen["cairn embedded"],
            ours,
            "/s",
            "at least",
            0.9,
            1.3,
        ),
        Row(
            "POST embedded, with the bounds by network on, from 256 networks",
            "ours embedded without them",
            seen["cairn embedded, bounded"],
            seen["cairn embedded"],
            "/s",
            "at least",
            0.9,
            1,
        ),
    ]


def stored_bytes(setup: Setup, report: Report) -> None:
    """The stored size of the recordings of the bodies, beside their JSON without spaces."""
    with House(setup.parent) as house:
        cairn = servers.cairn(house, setup)
        servers.leave_all(cairn.port, setup.bodies)
        house.stop(cairn.process)
        [file] = (house.folder / "data").glob("studio_*.sqlite")
        count, stored = sqlite3.connect(file).execute("SELECT count(*), sum(length(bytes)) FROM recording").fetchone()
    phantoms = [json.loads(line)["phantom"]["data"] for line in setup.bodies.read_text().splitlines()]
    plain = sum(len(json.dumps(phantom, separators=(",", ":"))) for phantom in phantoms)
    what = "stored bytes of a 200-frame phantom"
    report.rows.append(Row(what, "its JSON", [stored / count], [plain / len(phantoms)], "B", "at most", 1 / 3.5, 1 / 5))
