"""POST spread over twenty studios, beside the same into one, on PostgreSQL and embedded."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import servers
from context import Setup
from house import House
from load import Side, in_turns, wrk
from table import Report, Row

NEEDS = ["wrk", "redis-server", "postgresql"]

STUDIOS = 20


def mint(setup: Setup, house: House, name: str, environment: dict[str, str]) -> list[Path]:
    """Writes a file with one key, and a file with a key of each of twenty studios; the one key is the first of them."""

    def cairn(*arguments: str) -> str:
        command = [setup.cairn, *arguments]
        return subprocess.run(
            command, check=True, stdout=subprocess.PIPE, text=True, env={**os.environ, **environment}
        ).stdout

    keys = []
    for studio in (f"studio-{number}" for number in range(STUDIOS)):
        cairn("studio", "found", studio)
        cairn("game", "add", studio, "game")
        keys.append(cairn("key", "mint", studio, "game", "live"))
    files = [house.folder / f"{name}.one", house.folder / f"{name}.many"]
    for file, some in zip(files, (keys[:1], keys), strict=True):
        file.write_text("".join(some))
    return files


def run(setup: Setup, report: Report) -> None:
    with House(setup.parent) as house:
        postgres, redis = servers.Postgres(house), servers.redis(house)
        database = postgres.database("cairn")
        data = str(house.folder / "data")
        keys = {
            "on PostgreSQL": mint(setup, house, "postgres", {"DATABASE_URL": database, "REDIS_URL": redis}),
            "embedded": mint(setup, house, "embedded", {"CAIRN_DATA": data, "DATABASE_URL": "", "REDIS_URL": ""}),
        }
        server = {
            "on PostgreSQL": servers.cairn(house, setup, database=database, redis=redis),
            "embedded": servers.cairn(house, setup, data=data),
        }

        def post(where: str, file: Path) -> Side:
            return lambda seconds: wrk(seconds, server[where].url("/add-object"), setup.bodies, file)

        sides = {f"{where}, {file.suffix[1:]}": post(where, file) for where, files in keys.items() for file in files}
        seen = in_turns(setup, sides)
    for where in keys:
        many, one = seen[f"{where}, many"], seen[f"{where}, one"]
        report.rows.append(
            Row(f"POST {where}, spread over {STUDIOS} studios", "into one", many, one, "/s", "at least", 0.6, 0.8)
        )
