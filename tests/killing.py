"""The real application and its worker, killed the hard way (SIGKILL) again and again while files are sent to it.

What a client was told is remembered: every file that was confirmed, every link that was ever seen. In the end all of it
must be there.
"""

from __future__ import annotations

import io
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import requests

from kb.evaluation.bench_process import family
from kb.settings import PROJECT_DIR, Settings
from kb.store import Store
from kb.store.versions import Version

START_S = 60
QUIET_S = 240
WORKS = 4
"""Works of which one edition after the other is sent."""
MOST_WAITING = 20
"""Files on their way at once."""


class Service:
    """`streamlit run streamlit_app.py` with its worker, on a port of its own."""

    def __init__(self, settings: Settings, log: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self._log = log.open("ab")
        self._environment = {
            **os.environ,
            "KB_DATA_DIR": str(settings.data_dir),
            "KB_CORPUS_DIR": str(settings.corpus_dir),
            "KB_MODEL_CACHE_DIR": str(settings.model_cache_dir),
            "KB_THREADS": "1",
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the application; it may not answer yet."""
        command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", "--server.port", str(self.port)]
        self._process = subprocess.Popen(
            command, cwd=PROJECT_DIR, env=self._environment, stdout=self._log, stderr=self._log
        )

    def kill_worker(self) -> bool:
        """Kill what the application started: the worker or, in turn, its parser; False where there is nothing yet."""
        assert self._process is not None
        below = [pid for pid in family(self._process.pid) if pid != self._process.pid]
        for pid in below[:1]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return bool(below)

    def kill(self, *, with_worker: bool) -> None:
        """Kill the application; without its worker, that one is left an orphan."""
        assert self._process is not None
        below = [pid for pid in family(self._process.pid) if pid != self._process.pid]
        self._process.kill()
        self._process.wait()
        for pid in below if with_worker else []:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def stop(self) -> None:
        """Stop in good order, once or again."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(60)
            self._process = None
        self._log.close()

    def answers(self, path: str) -> int:
        """Status of an address; 0 where nobody answers."""
        try:
            return requests.get(self.address + path, timeout=10).status_code
        except requests.RequestException:
            return 0

    def wait_until_up(self) -> None:
        """Wait until it answers."""
        deadline = time.monotonic() + START_S
        while self.answers("/healthz") != 200:
            assert time.monotonic() < deadline, "it does not start"
            time.sleep(0.2)


@dataclass
class Sender:
    """Sends files as the page's script does: again, in the same batch, until each is confirmed."""

    service: Service
    store: Store
    random: random.Random
    confirmed: dict[int, str] = field(default_factory=dict)
    """Words that only this file holds, by the number of its job."""
    sent: int = 0
    _over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._send, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Send nothing more; what was begun is confirmed."""
        self._over.set()
        self._thread.join(START_S + QUIET_S)
        assert not self._thread.is_alive(), "a file is never confirmed"

    def _send(self) -> None:
        while not self._over.is_set():
            self.sent += 1
            name, content, words = self._file(self.sent)
            while (job_id := self._post(name, content, f"batch-{self.sent:06}")) is None:
                time.sleep(0.3)
            self.confirmed[job_id] = words
            self._over.wait(self.random.uniform(0.05, 0.6))
            while len(self.store.jobs.unfinished()) > MOST_WAITING and not self._over.wait(0.2):
                pass

    def _file(self, number: int) -> tuple[str, bytes, str]:
        """Of three files one is the next edition of a work, the others are documents of their own."""
        words = f"confirmed{number:06}"
        body = "\n\n".join(f"## Part {part}\n\n{words} says this in part {part}." for part in range(3))
        if number % 3:
            return f"file-{number}.md", f"# File {number}\n\n{body}\n".encode(), words
        work = f"work-{number // 3 % WORKS}"
        front = f"---\ntitle: Plan {work}\nid: {work}\nsupersedes: {work}\nlanguage: en\n---\n"
        return f"{work}.md", f"{front}# Plan\n\n{body}\n".encode(), words

    def _post(self, name: str, content: bytes, batch: str) -> int | None:
        try:
            answer = requests.post(
                f"{self.service.address}/uploads",
                data={"batch": batch, "publisher": "Test"},
                files=[("files", (name, io.BytesIO(content)))],
                headers={"Accept": "application/json"},
                timeout=60,
            )
            return int(answer.json()["files"][0]["id"]) if answer.status_code == 200 else None
        except requests.RequestException:
            return None


@dataclass
class Watch:
    """Everything that was ever seen in the library, and what must hold of it at any moment."""

    store: Store
    links: set[str] = field(default_factory=set)
    claims: set[tuple[int, str]] = field(default_factory=set)

    def look(self) -> None:
        """See what is there; every version is whole, every work has one current edition."""
        versions = self.store.versions.list_all()
        for version in versions:
            passages = self.store.passages.list(version.id)
            assert len(passages) == version.passage_count > 0, version
            assert self.store.files.has(version.sha256), version
            self.links |= {f"/d/{version.work_id}", f"/d/{version.work_id}/{version.id}", f"/c/{passages[0].id}"}
            self.links.add(f"/files/{version.id}.md")
        for work in {version.work_id for version in versions}:
            assert sum(_is_current(version) for version in versions if version.work_id == work) == 1, work

    def wait_for_a_claim(self, patience_s: float) -> None:
        """Wait until a worker that was not killed yet reads a file, or for so long."""
        deadline = time.monotonic() + patience_s
        while time.monotonic() < deadline:
            claims = {(job.id, job.owner) for job in self.store.jobs.unfinished() if job.state == "running"}
            if claims - self.claims:
                self.claims |= claims
                return
            time.sleep(0.05)

    def wait_until_quiet(self) -> None:
        """Wait until nothing is on its way; a file that took its workers down too often is tried again."""
        deadline = time.monotonic() + QUIET_S
        while True:
            for job in self.store.queue.page("failed", limit=1_000):
                assert job.problem == "worker-stopped", job
                self.store.jobs.retry(job.id)
            active = self.store.jobs.unfinished()
            if not active:
                return
            assert time.monotonic() < deadline, f"stuck: {active}"
            time.sleep(0.5)


def _is_current(version: Version) -> bool:
    return version.status == "current"
