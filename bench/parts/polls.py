"""How long one poll of a task occupies a reactor thread, under the mixed load.

The kernel records when a poll begins and ends (by probes on tokio's functions for it), and when a thread leaves the processor;
the time in between, less the time off the processor, is the poll's own. A virtual machine can itself be halted meanwhile, which
no clock inside it can tell from work. So the processor is also sampled some thousand times a second: a poll that had it for a
millisecond was seen three times. A probe costs some microseconds, so the load is a quarter of the peak. Needs root and kernel
tracing.
"""

from __future__ import annotations

import re
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import probes
import servers
from context import Setup, say
from house import House
from load import openloop
from parts.mixed import WRITES_PER_1000
from probes import Probe, probed
from table import Record, Report, Row

NEEDS = ["postgresql", "redis-server", *probes.NEEDS]

# The functions that poll a task, one for each type of task; and their caller on a reactor thread, not on a blocking one.
POLL = " tokio::runtime::task::raw::poll"
TURN = " tokio::runtime::scheduler::multi_thread::worker::Context::run_task"
PROBES = [Probe("p", "turns", TURN), Probe("p", "begins", POLL), Probe("r", "ends", POLL)]
LONG_SECS = 0.001
# Samples of the processor in a second, and how many fall into a long poll: a poll that was seen less often took a millisecond
# at most, whatever the clock says.
LOOKS = 3000
SEEN = 3

LINE = re.compile(r"\s*.+?\s+(?P<thread>\d+)\s+(?P<time>[\d.]+):\s+(?P<event>\S+):\s*(?P<rest>.*)")
SWITCH = re.compile(r"prev_pid=(\d+) .*next_pid=(\d+)")


class Poll(NamedTuple):
    """How long a poll had the processor by the clock, and in how many samples it was seen."""

    secs: float
    seen: int


def polls(lines: Iterable[str]) -> Iterator[Poll]:
    """The polls on reactor threads."""
    turning: set[int] = set()
    begun: dict[int, float] = {}
    left: dict[int, float] = {}
    away: defaultdict[int, float] = defaultdict(float)
    seen: defaultdict[int, int] = defaultdict(int)
    for found in filter(None, map(LINE.match, lines)):
        thread, time, event = int(found["thread"]), float(found["time"]), found["event"]
        if event == "cairn:turns":
            turning.add(thread)
        elif event == "cairn:begins":
            begun[thread], away[thread], seen[thread] = time, 0, 0
        elif event == "cairn:ends":
            if thread in begun and thread in turning:
                yield Poll(time - begun[thread] - away[thread], seen[thread])
            begun.pop(thread, None)
        elif event.startswith("cpu-clock"):
            seen[thread] += 1
        elif switch := SWITCH.search(found["rest"]):
            one, other = int(switch[1]), int(switch[2])
            left[one] = time
            if other in left and other in begun:
                away[other] += time - left.pop(other)


def run(setup: Setup, report: Report) -> None:
    with House(setup.parent) as house:
        database, redis = servers.Postgres(house).database("cairn"), servers.redis(house)
        both = [servers.cairn(house, setup, database=database, redis=redis) for _ in range(2)]
        servers.leave_all(both[0].port, setup.bodies)
        rate = openloop(setup, both, 0, WRITES_PER_1000)["rate"] / 4
        recorded = house.folder / "polls.data"
        with probed(setup.cairn, PROBES) as count:
            say(f"{count} probes, {rate:,.0f}/s")
            watched = "cairn:*", "sched:sched_switch", f"cpu-clock/freq={LOOKS}/"
            noted = [word for event in watched for word in ("-e", event)]
            record = ["perf", "record", "-a", "-q", "-m", "8M", *noted, "-o", recorded]
            with subprocess.Popen([*record, "--", "sleep", str(setup.seconds)], stdout=subprocess.DEVNULL) as recording:
                openloop(setup, both, rate, WRITES_PER_1000)
                recording.wait(timeout=60)
        script = ["perf", "script", "-i", recorded, "-F", "comm,tid,time,event,trace"]
        with subprocess.Popen(script, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as printed:
            took = sorted(polls(printed.stdout or []))
    if not took:
        raise RuntimeError("the kernel has noted no poll")
    late = [poll for poll in took if poll.secs > LONG_SECS]
    long = sum(poll.seen >= SEEN for poll in late)
    what = f"polls that kept a thread for over 1 ms, in 10,000; mixed 95/5, {rate:,.0f}/s over two instances"
    report.rows.append(Row(what, "", [long / len(took) * 10_000], [], "", "at most", 0, 0))
    figures = ", ".join(f"{took[int(len(took) * share)].secs * 1e6:,.0f} µs" for share in (0.5, 0.99, 0.999))
    longest = ", ".join(f"{poll.secs * 1e3:.1f} ms (seen {poll.seen} times)" for poll in took[:-4:-1])
    what = f"polls of tasks there, {len(took):,}: median, p99, p99.9; the three that lasted longest by the clock"
    report.records.append(Record(what, f"{figures}; {longest}"))
