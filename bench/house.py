"""A temporary folder with the processes that were started in it. Leaving the context ends them and removes the folder."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

Command = Sequence[str | Path]


class DidNotStart(Exception):
    """A server ended, or did not answer in time; the end of its log says why."""


class House:
    """Every process gets its own process group, so that the terminal's Ctrl-C reaches only the benchmark, which then ends
    them in order. The kernel ends them if the benchmark itself is killed."""

    def __init__(self, parent: Path) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="cairn-bench.", dir=parent))
        # nginx and PostgreSQL run under other accounts.
        self.folder.chmod(0o755)
        self.processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in reversed(self.processes):
            self.stop(process)
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(
        self,
        name: str,
        command: Command,
        answers: Callable[[], bool],
        *,
        within_secs: float = 30,
        account: Sequence[str] = (),
        environment: dict[str, str] | None = None,
    ) -> subprocess.Popen[bytes]:
        """Starts a server and waits until it answers."""
        log = self.folder / f"{name}.log"
        process = subprocess.Popen(
            ["setpriv", *account, "--pdeathsig", "TERM", "--", *command],
            cwd=self.folder,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=log.open("ab"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.processes.append(process)
        deadline = time.monotonic() + within_secs
        while not answers():
            if process.poll() is not None or time.monotonic() > deadline:
                end = log.read_text(errors="replace")[-2000:]
                raise DidNotStart(f"{name} did not start:\n{end}")
            time.sleep(0.001)
        return process

    def stop(self, process: subprocess.Popen[bytes], within_secs: float = 15) -> None:
        """Ends a server with SIGTERM; then kills what is left of it and of its children."""
        for how in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(process.pid, how)
            except ProcessLookupError:
                break
            try:
                process.wait(within_secs)
            except subprocess.TimeoutExpired:
                continue
        process.wait()


def free_port() -> int:
    """A free port below 32768, where the ports of outgoing connections begin on Linux."""
    while True:
        port = random.randrange(20000, 32000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
