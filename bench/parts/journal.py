"""The journal's reads in a large store on PostgreSQL, beside a signed-in read of one title, and that beside pgbench's select by
primary key; and the buffers that they touch, beside a tenth of the store."""

from __future__ import annotations

import hashlib
import json
import math
import random
import re
import statistics
import subprocess
from pathlib import Path

import servers
from context import BENCH, Setup, say
from house import House
from load import CONNECTIONS, Invalid, Side, in_turns
from table import Record, Report, Row

NEEDS = ["postgresql", "wrk"]

USERS, TITLES, ENTRIES_EACH, FOLLOWED_EACH = 100_000, 50_000, 20, 20
# Sessions among which the load is spread.
SESSIONS = 2_000
# Requests whose buffers are counted.
COUNTED = 200

# The id of a user, and the name that goes with it.
USER = "'00000000-0000-4000-8000-' || lpad(to_hex({n}), 12, '0')"
NAME = "'player' || {n}"
# In which digits that look like letters are those.
KEY = "translate('player' || {n}, '01', 'ol')"

FILL = [
    """INSERT INTO "user" (id, email, email_key, password, epoch, administrator, created_at_ms, password_at_ms)
    SELECT {user}, 'u' || n || '@example.org', 'u' || n || '@example.org', '', 0, false, 0, 0
    FROM generate_series(1, {users}) AS n""",
    """INSERT INTO profile (user_id, username, username_key, username_at_ms, display_name, bio, languages, audience,
        found_by_name, found_by_place, found_by_statistics, theme, language, currency, mail, revision, created_at_ms)
    SELECT {user}, {name}, {key}, 0, '', '', '', 0, true, false, true, 0, '', '', 0, 1, 0
    FROM generate_series(1, {users}) AS n""",
    """INSERT INTO name_word (word, user_id) SELECT {name}, {user} FROM generate_series(1, {users}) AS n""",
    # Half of those whom somebody follows follow back.
    """INSERT INTO follow (follower, followed, since_ms)
    SELECT {user}, {other}, 0 FROM generate_series(1, {users}) AS n, generate_series(1, {followed} / 2) AS k,
        LATERAL (SELECT (n + k * k * 31 - 1) % {users} + 1 AS m) AS other WHERE m <> n
    UNION SELECT {other}, {user}, 0 FROM generate_series(1, {users}) AS n, generate_series(1, {followed} / 2, 2) AS k,
        LATERAL (SELECT (n + k * k * 31 - 1) % {users} + 1 AS m) AS other WHERE m <> n""",
    """INSERT INTO title (id, name, name_key, year, platforms, genres, revision, created_at_ms, changed_at_ms)
    SELECT n, 'Title ' || n, 'title ' || n, 1980 + n % 45, '', '', 1, 0, 0 FROM generate_series(1, {titles}) AS n""",
    """INSERT INTO title_genre (title, genre, name_key)
    SELECT n, 'genre ' || n % 20, 'title ' || n FROM generate_series(1, {titles}) AS n""",
    """INSERT INTO title_platform (title, platform, name_key)
    SELECT n, 'platform ' || n % 10, 'title ' || n FROM generate_series(1, {titles}) AS n""",
    """INSERT INTO library_entry ("user", title, state, since_ms, added_ms, changed_ms, revision, score, audience,
        loose_minutes, written)
    SELECT {user}, (n * 7919 + k * 104729) % {titles} + 1, k % 5, k * 1000 + n, 0, k * 1000 + n, 1,
        CASE WHEN k % 3 = 0 THEN 10 * (k % 11) END, CASE WHEN k % 7 = 0 THEN 1 ELSE 0 END, k * 10, 0
    FROM generate_series(1, {users}) AS n, generate_series(1, {entries}) AS k ON CONFLICT DO NOTHING""",
]

LISTS, HOME, GAME = 3, 5, 0.2


def filled(postgres: servers.Postgres, setup: Setup, house: House, name: str, users: int, counted: bool) -> str:
    """Creates the tables and that many users with their libraries; returns the database's URL."""
    database = postgres.database(name, counted=counted)
    house.stop(servers.cairn(house, setup, database=database).process)
    say(f"storing {users * ENTRIES_EACH:,} entries of {users:,} users")
    words = {
        "users": users,
        "titles": TITLES,
        "entries": ENTRIES_EACH,
        "followed": FOLLOWED_EACH,
        "user": USER.format(n="n"),
        "other": USER.format(n="m"),
        "name": NAME.format(n="n"),
        "key": KEY.format(n="n"),
    }
    for statement in FILL:
        postgres.sql(statement.format(**words), name)
    columns = 'digest, id, "user", epoch, cookie, address, agent, created_at_ms, used_at_ms, expires_at_ms'
    user = USER.format(n=f"(1 + number * {users} / {SESSIONS + 1})")
    postgres.sql(
        f"""INSERT INTO user_session ({columns})
        SELECT sha256(encode(sha256(('token ' || number)::bytea), 'hex')::bytea), 's' || number, {user},
            0, false, '', '', 0, 9223372036854, 9223372036854 FROM generate_series(1, {SESSIONS}) AS number""",
        name,
    )
    postgres.sql("VACUUM ANALYZE", name)
    return database


def token(number: int) -> str:
    return hashlib.sha256(f"token {number}".encode()).hexdigest()


def paths(users: int) -> dict[str, list[str]]:
    """What is asked, each a line for each session."""
    chance = random.Random(7)

    def anybody() -> str:
        return f"player{chance.randint(1, users)}"

    asked = {
        "a title": lambda: f"/api/games/{chance.randint(1, TITLES)}",
        "the own library": lambda: "/api/library?state=ongoing",
        "somebody's library": lambda: f"/api/users/{anybody()}/library",
        "somebody's statistics": lambda: f"/api/users/{anybody()}/statistics",
        "people by name": lambda: f"/api/people?name={anybody()}",
        "home": lambda: "/api/home",
    }
    sessions = range(1, SESSIONS + 1)
    return {what: [f"{token(number)} {path()}" for number in sessions] for what, path in asked.items()}


def run(setup: Setup, report: Report) -> None:
    users = USERS // 10 if setup.quick else USERS
    with House(setup.parent) as house:
        postgres = servers.Postgres(house)
        few = buffers(house, setup, postgres, "few", users // 10)
        many = buffers(house, setup, postgres, "many", users)
        server = servers.cairn(house, setup, database=postgres.url("many"), account_rate=100_000_000)
        late: dict[str, list[float]] = {}

        def get(what: str, lines: list[str]) -> Side:
            file = house.folder / f"{what}.paths"
            file.write_text("\n".join(lines) + "\n")

            def side(seconds: float) -> float:
                seen = wrk(seconds, server, file)
                late.setdefault(what, []).append(seen["p99_ms"])
                return seen["p50_ms"] if what != "a title" else seen["requests"] / seen["seconds"]

            return side

        asked = paths(users)
        median_of_title = get_median(house, server, asked["a title"])
        sides: dict[str, Side] = {what: get(what, lines) for what, lines in asked.items()}
        sides["a title's median"] = median_of_title
        sides["pgbench"] = lambda seconds: select(seconds, house, postgres)
        seen = in_turns(setup, sides)
    beside = "a title, signed in"
    for what in asked:
        if what == "a title":
            continue
        bar = HOME if what == "home" else LISTS
        report.rows.append(
            Row(f"median of {what}, 64 connections", beside, seen[what], seen["a title's median"], "ms", "at most", bar, bar / 2)
        )
        report.records.append(Record(f"p99 of {what}", f"{statistics.median(late[what]):,.1f} ms"))
    report.records.append(Record("p99 of a title", f"{statistics.median(late['a title']):,.1f} ms"))
    pgbench = "pgbench's select by primary key"
    report.rows.append(Row("GET of a title, signed in", pgbench, seen["a title"], seen["pgbench"], "/s", "at least", GAME, 0.4))
    for what, touched in many.items():
        name = f"buffers touched by {what}, {users * ENTRIES_EACH:,} entries stored"
        report.rows.append(Row(name, "with a tenth", [touched], [few[what]], "", "at most", 1.2, 1.05))


def get_median(house: House, server: servers.Server, lines: list[str]) -> Side:
    file = house.folder / "title.paths"
    file.write_text("\n".join(lines) + "\n")
    return lambda seconds: wrk(seconds, server, file)["p50_ms"]


def wrk(seconds: float, server: servers.Server, file: Path) -> dict[str, float]:
    """Asks for the paths of a file, as fast as 64 connections can."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{math.ceil(seconds)}s", "--timeout", "10s", "-s", BENCH / "paths.lua"]
    command += [server.url("/"), "--", file]
    out = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=seconds + 60).stdout
    seen: dict[str, float] = json.loads(out.splitlines()[-1])
    if seen["status"] or seen["broken"] or not seen["requests"]:
        raise Invalid(f"{seen['status']} failed answers, {seen['broken']} broken or late, of {seen['requests']}")
    return seen


def select(seconds: float, house: House, postgres: servers.Postgres) -> float:
    """Selects of one title by its primary key, by PostgreSQL's own benchmark; a second."""
    script = house.folder / "select.sql"
    script.write_text(f"\\set id random(1, {TITLES})\nSELECT * FROM title WHERE id = :id;\n")
    command = [postgres.programs / "pgbench", "-n", "-M", "prepared", "-c", str(CONNECTIONS), "-j", "2"]
    command += ["-T", str(math.ceil(seconds)), "-f", script]
    command += ["-h", servers.HOST, "-p", str(postgres.port), "-U", "cairn", "many"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60)
    tps = re.search(r"^tps = ([0-9.]+)", done.stdout, re.MULTILINE)
    if done.returncode or not tps:
        raise Invalid(f"pgbench: {done.stderr[-500:]}")
    return float(tps[1])


def buffers(house: House, setup: Setup, postgres: servers.Postgres, name: str, users: int) -> dict[str, float]:
    """Buffers that a request of each kind touches in a store of so many users."""
    database = filled(postgres, setup, house, name, users, counted=True)
    server = servers.cairn(house, setup, database=database, revision_check_ms=60000, account_rate=100_000_000)
    touched: dict[str, float] = {}
    for what, lines in paths(users).items():

        def ask(line: str) -> None:
            session, path = line.split()
            answer = servers.ask(server.port, path, headers={"Authorization": f"Bearer {session}"})
            if answer.status != 200:
                raise RuntimeError(f"GET {path} answered {answer.status}: {answer.read()[:500]!r}")

        for line in lines[:COUNTED]:
            ask(line)
        postgres.counted(name)
        for line in lines[:COUNTED]:
            ask(line)
        counted = postgres.counted(name, at_least=COUNTED)
        touched[what] = sum(buffers for _, buffers in counted.values()) / COUNTED
    house.stop(server.process)
    postgres.sql("ALTER DATABASE " + name + " SET pg_stat_statements.track = 'none'")
    return touched
