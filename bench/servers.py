"""The servers that are measured, and those that they need: how each is started, and when it is ready."""

from __future__ import annotations

import http.client
import os
import pwd
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from context import BENCH, ROOT, Setup, seed_python
from house import Command, House, free_port

HOST = "127.0.0.1"

# The bounds by network, off.
_SETTINGS = (ROOT / "config/default.toml").read_text()
NO_BOUNDS = {f"CAIRN_{name.upper()}": "0" for name in re.findall(r"^(address_\w+) = ", _SETTINGS, re.MULTILINE)}


@dataclass
class Server:
    """A server that answers HTTP."""

    process: subprocess.Popen[bytes]
    port: int

    def url(self, path: str) -> str:
        return f"http://{HOST}:{self.port}{path}"

    def memory_mb(self, what: str) -> float:
        """`VmRSS`, its memory now, or `VmHWM`, the most that it ever used."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(f"{what}:"):
                return int(line.split()[1]) / 1024
        raise KeyError(what)


def ask(
    port: int, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
) -> http.client.HTTPResponse:
    """Sends one request on a new connection. The response has been read; `read()` returns its body."""
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    connection.request("GET" if body is None else "POST", path, body, headers or {})
    return connection.getresponse()


def answers_http(port: int, path: str) -> bool:
    try:
        return ask(port, path).status == 200
    except OSError:
        return False


def leave(port: int, body: bytes) -> None:
    """Posts the body; fails unless it is accepted."""
    answer = ask(port, "/add-object", body, {"Content-Type": "application/json"})
    if answer.status != 201:
        raise RuntimeError(f"POST /add-object answered {answer.status}: {answer.read()[:500]!r}")


def look(port: int) -> http.client.HTTPResponse:
    """Fetches the gzipped snapshot; fails unless it is 200."""
    answer = ask(port, "/get-objects", headers={"Accept-Encoding": "gzip"})
    if answer.status != 200:
        raise RuntimeError(f"GET /get-objects answered {answer.status}: {answer.read()[:500]!r}")
    return answer


def leave_all(port: int, bodies: Path) -> None:
    """Posts every body, one after the other."""
    for line in bodies.read_bytes().splitlines():
        leave(port, line)


def cairn(
    house: House,
    setup: Setup,
    *,
    under: Command = (),
    database: str = "",
    redis: str = "",
    data: str = "data",
    **settings: object,
) -> Server:
    """Starts Cairn with `settings` of config/default.toml, run by the command `under`."""
    port = free_port()
    environment = {
        "CAIRN_LISTEN": f"{HOST}:{port}",
        "CAIRN_DATA": data,
        "DATABASE_URL": database,
        "REDIS_URL": redis,
        "CAIRN_OPEN_WORLD": "true",
        # Shutdown is not measured.
        "CAIRN_DRAIN_SECS": "0",
        # All load comes from one network, with few keys: what is bounded by network is not bounded here, and keys are counted
        # and never refused.
        **NO_BOUNDS,
        "CAIRN_KEY_RATE": "100000000",
        "CAIRN_KEY_BYTES_PER_DAY": "0",
        "CAIRN_ADDRESS_BYTES_PER_DAY": "0",
        **{f"CAIRN_{name.upper()}": str(value) for name, value in settings.items()},
    }
    process = house.start(
        "cairn", [*under, setup.cairn], lambda: answers_http(port, "/livez"), environment=environment, within_secs=120
    )
    return Server(process, port)


def bare(house: House, setup: Setup, answer: Path, *, under: Command = ()) -> Server:
    """hyper, answering the same bytes."""
    port = free_port()
    process = house.start(
        "bare", [*under, setup.bare, str(port), answer], lambda: answers_http(port, "/"), within_secs=120
    )
    return Server(process, port)


def seed(house: House, database: str, redis: str) -> Server:
    """The seed's stack, with the two workers of its docker-compose.yml."""
    port = free_port()
    command: list[str | Path] = [
        seed_python(),
        "-m",
        "uvicorn",
        "main:app",
        "--app-dir",
        BENCH / "peers/seed",
        "--workers",
        "2",
    ]
    command += ["--host", HOST, "--port", str(port), "--no-access-log", "--log-level", "warning"]
    environment = {"DATABASE_URL": database, "REDIS_URL": redis, "PYTHONDONTWRITEBYTECODE": "1"}
    return Server(house.start("seed", command, lambda: answers_http(port, "/health"), environment=environment), port)


def nginx(house: House, upstream: int, static_root: Path) -> Server:
    """The shipped nginx.conf in front of an instance of Cairn; it also serves pre-gzipped files under /static/."""
    port = free_port()
    folder = house.folder / "nginx"
    folder.mkdir()
    # Without nginx/limits.conf, its bounds by network.
    shutil.copy(ROOT / "nginx/nginx.conf", folder)
    (folder / "upstream.conf").write_text(f"server {HOST}:{upstream};\n")
    listen = (ROOT / "nginx/listen.conf").read_text()
    listen = listen.replace("listen 8000", f"listen {HOST}:{port}").replace("/dev/stdout", "access.log")
    # As fast as nginx can: the file stays open, and its length and date are not checked again.
    static = f"""
location /static/ {{
    alias {static_root}/;
    gzip_static always;
    open_file_cache max=16 inactive=1h;
    open_file_cache_valid 1h;
    types {{ application/json json; }}
}}
"""
    (folder / "listen.conf").write_text(listen + static)
    program = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin") or "nginx"
    command: list[str | Path] = [
        program,
        "-p",
        f"{folder}/",
        "-c",
        folder / "nginx.conf",
        "-g",
        "daemon off;",
        "-e",
        "stderr",
    ]
    return Server(house.start("nginx", command, lambda: answers_http(port, "/livez")), port)


def redis(house: House) -> str:
    """Starts a Redis without persistence; returns its URL."""
    port = free_port()
    command: list[str | Path] = [
        "redis-server",
        "--bind",
        HOST,
        "--port",
        str(port),
        "--save",
        "",
        "--appendonly",
        "no",
    ]
    house.start("redis", command, lambda: redis_cli(port, "ping").strip() == "PONG")
    return f"redis://{HOST}:{port}"


def redis_cli(port: int, *command: str, value: Path | None = None) -> str:
    """Runs a Redis command, whose last argument may be the bytes of a file; returns the reply."""
    with value.open("rb") if value else open(os.devnull, "rb") as stdin:
        asked = ["redis-cli", "-p", str(port), *(["-x"] if value else []), *command]
        return subprocess.run(asked, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout


class Postgres:
    """A PostgreSQL as Debian sets it up, on a disk: fsync, synchronous_commit and the rest by default, except for the number of
    connections. pg_stat_statements is loaded, and counts only in databases that enable it."""

    def __init__(self, house: House) -> None:
        look = ". scripts/programs.sh; postgres_folder"
        found = subprocess.run(["bash", "-c", look], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
        self.programs = Path(found.stdout.strip())
        self.port = free_port()
        self.folder = house.folder / "postgres"
        self.folder.mkdir()
        account = self.account()
        data, log = self.folder / "data", (house.folder / "initdb.log").open("ab")
        make: list[str | Path] = [
            self.programs / "initdb",
            "--pgdata",
            data,
            "--username=cairn",
            "--auth=trust",
            "--locale=C.UTF-8",
        ]
        subprocess.run(["setpriv", *account, "--", *make, "--encoding=UTF8"], check=True, cwd=self.folder, stdout=log)
        command: list[str | Path] = [
            self.programs / "postgres",
            "-D",
            data,
            "-p",
            str(self.port),
            "-h",
            HOST,
            "-k",
            self.folder,
        ]
        settings = [
            "max_connections=300",
            "shared_preload_libraries=pg_stat_statements",
            "pg_stat_statements.track=none",
        ]
        for setting in settings:
            command += ["-c", setting]
        ready: list[str | Path] = [
            self.programs / "pg_isready",
            "--quiet",
            "--host",
            self.folder,
            "--port",
            str(self.port),
        ]
        house.start("postgres", command, lambda: subprocess.run(ready).returncode == 0, account=account)

    def account(self) -> list[str]:
        """The account for setpriv, because PostgreSQL refuses to run as root."""
        if os.geteuid() != 0:
            return []
        try:
            user = pwd.getpwnam("postgres")
        except KeyError:
            user = pwd.getpwnam("nobody")
        os.chown(self.folder, user.pw_uid, user.pw_gid)
        return [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]

    def database(self, name: str, *, counted: bool = False) -> str:
        """Creates a database; returns its URL. `counted`: pg_stat_statements counts its statements."""
        self.sql(f"CREATE DATABASE {name}")
        if counted:
            self.sql("CREATE EXTENSION pg_stat_statements", name)
            self.sql(f"ALTER DATABASE {name} SET pg_stat_statements.track = 'top'")
        return self.url(name)

    def url(self, name: str) -> str:
        return f"postgresql://cairn@{HOST}:{self.port}/{name}"

    def sql(self, text: str, database: str = "postgres") -> str:
        """Runs one statement, or several in a transaction; returns the rows, unaligned."""
        command: list[str | Path] = [
            self.programs / "psql",
            "-XAtq",
            "-v",
            "ON_ERROR_STOP=1",
            "-h",
            self.folder,
            "-p",
            str(self.port),
        ]
        command += ["-U", "cairn", "-d", database, "-c", text]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()

    def counted(self, database: str, at_least: int = 1) -> dict[str, tuple[int, int]]:
        """The statements run in that database since the last call: how often each, and the buffers that it touched. Only those
        that were run `at_least` times. This query itself is not counted."""
        quiet = "SET pg_stat_statements.track = 'none'"
        columns = "queryid, calls, shared_blks_hit + shared_blks_read"
        here = f"dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND calls >= {at_least}"
        rows = self.sql(f"{quiet}; SELECT {columns} FROM pg_stat_statements WHERE {here}", database)
        self.sql(f"{quiet}; SELECT pg_stat_statements_reset()", database)
        cells = (row.split("|") for row in rows.splitlines())
        return {statement: (int(calls), int(buffers)) for statement, calls, buffers in cells}
