"""Two instances under an open loop of 95 % reads and 5 % writes in one scope, at half of their peak.

For the record: the same reads alone, while pgbench makes PostgreSQL commit as often. What that does to the reads is the
machine's part.
"""

from __future__ import annotations

import http.client
import json
import time
import zlib
from concurrent.futures import ThreadPoolExecutor

import servers
from context import Setup, say
from house import House
from load import Invalid, openloop, pgbench
from parts.writes import naive_database, naive_values
from table import Record, Report, Row, percentile, with_unit

NEEDS = ["postgresql", "redis-server"]

WRITES_PER_1000 = 50
PROBES = 200


class Probe:
    """Leaves a trace through one instance and reads through the other until it is there."""

    def __init__(self, setup: Setup, through: servers.Server, at: servers.Server) -> None:
        self.body = json.loads(setup.bodies.read_text().splitlines()[0])
        self.through = http.client.HTTPConnection(servers.HOST, through.port, timeout=10)
        self.at = http.client.HTTPConnection(servers.HOST, at.port, timeout=10)
        self.took_ms: list[float] = []
        self.lost = 0
        self.pause_secs = setup.rounds * setup.seconds / PROBES

    def __call__(self) -> None:
        name = f"probe-{time.monotonic_ns()}"
        self.body["obj"]["u_uuid"] = name
        self.through.request("POST", "/add-object", json.dumps(self.body), {"Content-Type": "application/json"})
        self.through.getresponse().read()
        answered = time.monotonic()
        while not self.seen(name.encode()):
            if time.monotonic() > answered + 2:
                self.lost += 1
                return
            # Precise enough for the target, without adding load.
            time.sleep(0.005)
        self.took_ms.append((time.monotonic() - answered) * 1000)
        time.sleep(max(0.0, answered + self.pause_secs - time.monotonic()))

    def seen(self, name: bytes) -> bool:
        self.at.request("GET", "/get-objects", headers={"Accept-Encoding": "gzip"})
        body = self.at.getresponse().read()
        # The newest 200 objects come first.
        return name in zlib.decompressobj(31).decompress(body, 64 * 1024)


def run(setup: Setup, report: Report) -> None:
    alone: list[float] = []
    mixed: list[float] = []
    committing: list[float] = []
    memory: list[float] = []
    with House(setup.parent) as house:
        postgres = servers.Postgres(house)
        database, redis = postgres.database("cairn"), servers.redis(house)
        naive_database(postgres, "naive")
        values = naive_values(setup.bodies)
        redis_port = int(redis.rsplit(":", 1)[1])
        one = servers.cairn(house, setup, database=database, redis=redis)
        other = servers.cairn(house, setup, database=database, redis=redis)
        servers.leave_all(one.port, setup.bodies)
        both = [one, other]
        probe = Probe(setup, one, other)

        peak = openloop(setup, both, 0, WRITES_PER_1000)["rate"]
        rate = peak / 2
        say(f"the peak is {peak:,.0f}/s")
        for turn in range(setup.rounds):
            try:
                before = redis_commands(redis_port)
                looked = openloop(setup, both, rate, 0)
                polls = looked["reads"]["count"]
                commands = (redis_commands(redis_port) - before) / polls * 1000
                under_load = openloop(setup, both, rate, WRITES_PER_1000, probe)
                writes = rate * WRITES_PER_1000 / 1000
                with ThreadPoolExecutor(1) as beside:
                    naive = beside.submit(pgbench, setup.seconds + 2, postgres, "naive", values, writes)
                    # Opening its connections is not measured.
                    time.sleep(1)
                    looked_beside = openloop(setup, both, rate - writes, 0)
                    naive.result()
            except Invalid as fault:
                setup.note(f"mixed load, round {turn + 1}, does not count: {fault}")
                continue
            alone.append(looked["reads"]["p99"])
            mixed.append(under_load["reads"]["p99"])
            committing.append(looked_beside["reads"]["p99"])
            memory.append(max(server.memory_mb("VmRSS") for server in both))
            say(f"round {turn + 1} of {setup.rounds}: alone {json.dumps(looked)}, mixed {json.dumps(under_load)}")
            say(f"alone while pgbench commits as often: {json.dumps(looked_beside)}")
        most = max(server.memory_mb("VmHWM") for server in both)

    what = f"GET p99, mixed 95/5, {rate:,.0f}/s over two instances"
    seen = f"a write through A is in B's answer under that load, p99 of {len(probe.took_ms)}"
    report.rows += [
        Row(what, "GET alone at the same rate", mixed, alone, "ms", "at most", 2, 1.3),
        Row(seen, "", [percentile(probe.took_ms, 0.99)], [], "ms", "at most", 250, 50),
        Row("memory of one instance under that load (VmRSS)", "", memory, [], "MB", "at most", 150, 80),
    ]
    report.records += [
        Record("GET p99 without writes to Cairn, while pgbench commits as often beside it", with_unit(committing, "ms")),
        Record("the peak of the mixed load, two instances, 64 connections", f"{peak:,.0f}/s"),
        Record(
            "a write through A is in B's answer: median, most",
            f"{percentile(probe.took_ms, 0.5):.1f} ms, {max(probe.took_ms, default=0):.1f} ms",
        ),
        Record("the most memory that an instance ever held (VmHWM), also at the peak", f"{most:,.0f} MB"),
        Record("Redis commands per 1,000 polls", f"{commands:.2f}"),
    ]
    if probe.lost:
        setup.note(f"{probe.lost} writes through A were not in B's answer within 2 s")


def redis_commands(port: int) -> int:
    """The number of commands that Redis has run."""
    lines = servers.redis_cli(port, "info", "commandstats").splitlines()
    return sum(int(line.split("calls=")[1].split(",")[0]) for line in lines if line.startswith("cmdstat_"))
