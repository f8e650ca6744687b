"""What a batch and a refresh cost in a large world: buffers that PostgreSQL touches, hit or read, and instructions that Cairn
runs.

A batch is one post; a refresh is the read that follows it; decks are selected by the first read of a scope's decks. All
statements that PostgreSQL runs each time are counted, so that their text need not be known here; those of upkeep are not.
Instructions are those of all threads, by callgrind: also of the reads, and of periodic work, which is little.
"""

from __future__ import annotations

import os
import subprocess

import servers
from context import Setup, say
from house import House
from load import wrk
from parts.instructions import CALLGRIND, threads
from table import Record, Report, Row

NEEDS = ["postgresql", "wrk", "valgrind"]

TIMES = 200
# Posts that warm up, before any that are counted.
FIRST = 50
SMALL, LARGE = 10_000, 1_000_000
TRACES_A_POST = 3

# In about a thousand scopes; of 100 traces 48 are objects, 48 messages, 4 phantoms with a recording of 2 KB.
GROW = """
INSERT INTO studio_1.trace (world, id, kind, scope, author, x, y, z, body, created_at_ms)
SELECT 1, n, CASE WHEN n % 25 = 0 THEN 3 ELSE 1 + n % 2 END, 'place ' || n % 997, md5(n::text), n, 0, n,
    CASE WHEN n % 25 = 0 THEN '{{}}' WHEN n % 2 = 0 THEN '{{"o_type":1,"o_pos":"1.5,2.5,3.5","o_rot":"0,0,0"}}'
    ELSE '{{"part1":"1","part2":"2","part3":"Look left, then climb."}}' END, 0
FROM generate_series(1, {traces}) AS n;
INSERT INTO studio_1.recording (world, id, codec, frames, bytes)
SELECT 1, n, 1, 200, decode(repeat(md5(n::text), 128), 'hex') FROM generate_series(25, {traces}, 25) AS n;
UPDATE studio_1.world SET seq = {traces} WHERE id = 1
"""

# Scopes of some traces each, as many as there are turns: decks are selected once and then cached.
DEALT = """
INSERT INTO studio_1.trace (world, id, kind, scope, author, x, y, z, body, created_at_ms, base_good, score)
SELECT 1, w.seq + n, 2, '{place} ' || n % {places}, md5(n::text), n % 1000, 0, n / 1000,
    '{{"part1":"1","part2":"2","part3":"Look left, then climb."}}', 0, n % 7, (hashtext(n::text) & 1023) / 1024.0
FROM studio_1.world AS w, generate_series(1, {places} * {each}) AS n WHERE w.id = 1;
UPDATE studio_1.world SET seq = seq + {places} * {each} WHERE id = 1
"""

PLACES = 5
PLACE, LARGE_PLACE = 1_000, 100_000


def run(setup: Setup, report: Report) -> None:
    large = LARGE // 10 if setup.quick else LARGE
    with House(setup.parent) as house:
        postgres = servers.Postgres(house)
        few, _ = costs(house, setup, postgres, "few", SMALL)
        few_dealt, _ = dealing(house, setup, postgres, "few", PLACE)
        many, calls = costs(house, setup, postgres, "many", large)
        dealt, statements = dealing(house, setup, postgres, "many", PLACE)
        large_place = LARGE_PLACE // 10 if setup.quick else LARGE_PLACE
        dealt_large, _ = dealing(house, setup, postgres, "many", large_place)
    beside = f"with {SMALL:,}"
    for what, our in many.items():
        report.rows.append(Row(f"{what}, {large:,} traces stored", beside, [our], [few[what]], "", "at most", 1.1, 1.0))
    row = f"buffers touched by selecting a scope's decks, {large:,} traces stored"
    report.rows.append(Row(row, beside, [dealt], [few_dealt], "", "at most", 1.1, 1.0))
    row, beside = f"buffers touched by selecting a scope's decks, {large_place:,} traces in it", f"with {PLACE:,}"
    report.rows.append(Row(row, beside, [dealt_large], [dealt], "", "at most", 1.1, 1.0))
    report.records.append(Record("SQL statements to select a scope's decks", f"{statements:,.1f}"))
    report.records.append(Record("SQL statements per 1,000 accepted posts, 64 connections", f"{calls:,.1f}"))


def costs(
    house: House, setup: Setup, postgres: servers.Postgres, name: str, traces: int
) -> tuple[dict[str, float], float]:
    """What a batch and a refresh cost; and statements per 1,000 posts under load."""
    database = postgres.database(name, counted=True)
    # Periodic work is kept out as far as possible.
    quiet = {"database": database, "revision_check_ms": 60000}
    house.stop(servers.cairn(house, setup, **quiet).process)
    say(f"storing {traces:,} traces")
    postgres.sql(GROW.format(traces=traces), name)
    postgres.sql("VACUUM ANALYZE", name)

    post = setup.bodies.read_bytes().splitlines()[0]
    cairn = servers.cairn(house, setup, **quiet)
    batch, refresh = buffers(postgres, name, cairn, post)
    house.stop(cairn.process)
    asking = servers.cairn(house, setup, **quiet, recent_bytes=0)
    _, asked = buffers(postgres, name, asking, post)
    house.stop(asking.process)

    def counted(posts: int, looks: int) -> float:
        """The instructions of a number of posts, and of a number of reads, each after a post."""
        slowly = {"snapshot_wait_ms": 60000, "database_timeout_ms": 60000}
        with House(setup.parent) as own:
            cairn = servers.cairn(own, setup, under=CALLGRIND, **quiet, **slowly)
            servers.look(cairn.port)
            for number in range(posts):
                servers.leave(cairn.port, post)
                if number < looks:
                    servers.look(cairn.port)
            own.stop(cairn.process, within_secs=60)
            return sum(threads(own.folder).values())

    say("instructions, by callgrind")
    first, more, looked = counted(FIRST, 0), counted(FIRST + TIMES, 0), counted(FIRST + TIMES, TIMES)

    # Last, because a full scope is trimmed meanwhile.
    cairn = servers.cairn(house, setup, **quiet)
    before = revision(postgres, name)
    postgres.counted(name)
    wrk(setup.seconds, cairn.url("/add-object"), setup.bodies)
    calls = sum(calls for calls, _ in postgres.counted(name).values())
    posts = (revision(postgres, name) - before) / TRACES_A_POST
    house.stop(cairn.process)
    costs = {
        "buffers touched by a batch": batch,
        "buffers touched by a refresh": refresh,
        "buffers touched by a refresh that has to query the database": asked,
        "instructions that Cairn runs for a batch": (more - first) / TIMES,
        "instructions that Cairn runs for a refresh and the read that causes it": (looked - more) / TIMES,
    }
    return costs, calls / posts * 1000


def buffers(postgres: servers.Postgres, name: str, cairn: servers.Server, post: bytes) -> tuple[float, float]:
    """Buffers that a batch touches, and those of the other statements when a read follows."""
    # What a connection reads once from the catalogue does not belong to a batch.
    for _ in range(FIRST):
        servers.leave(cairn.port, post)
        servers.look(cairn.port)
    postgres.counted(name)
    for _ in range(TIMES):
        servers.leave(cairn.port, post)
    batch = postgres.counted(name, at_least=TIMES)
    servers.look(cairn.port)
    postgres.counted(name)
    for _ in range(TIMES):
        servers.leave(cairn.port, post)
        servers.look(cairn.port)
    both = postgres.counted(name, at_least=TIMES)
    beside = [touched for statement, (_, touched) in both.items() if statement not in batch]
    return sum(touched for _, touched in batch.values()) / TIMES, sum(beside) / TIMES


def dealing(
    house: House, setup: Setup, postgres: servers.Postgres, name: str, each: int
) -> tuple[float, float]:
    """Buffers and statements that it takes to select the decks of a scope with `each` traces."""
    database = postgres.url(name)
    place = f"of {each}"
    say(f"storing {PLACES} scopes of {each:,} traces")
    postgres.sql(DEALT.format(place=place, places=PLACES, each=each), name)
    postgres.sql("VACUUM ANALYZE", name)
    environment = {**os.environ, "DATABASE_URL": database, "CAIRN_DATA": str(house.folder / "data")}
    mint = [setup.cairn, "key", "mint", "default", "default", "live"]
    key = subprocess.run(mint, check=True, stdout=subprocess.PIPE, text=True, env=environment).stdout.strip()
    cairn = servers.cairn(house, setup, database=database, revision_check_ms=60000, key_check_ms=1000)

    def deal(scope: str) -> None:
        path = "/v1/deck?deck=0&scope=" + scope.replace(" ", "+")
        answer = servers.ask(cairn.port, path, headers={"X-API-Key": key})
        if answer.status != 200:
            raise RuntimeError(f"GET {path} answered {answer.status}: {answer.read()[:500]!r}")

    # What is queried once, such as the world's name.
    deal("nowhere")
    postgres.counted(name)
    for number in range(PLACES):
        deal(f"{place} {number}")
    counted = postgres.counted(name).values()
    house.stop(cairn.process)
    return sum(touched for _, touched in counted) / PLACES, sum(calls for calls, _ in counted) / PLACES


def revision(postgres: servers.Postgres, database: str) -> int:
    """How many traces the world has taken in."""
    return int(postgres.sql("SELECT seq FROM studio_1.world WHERE id = 1", database))
