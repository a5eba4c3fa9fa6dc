"""What a command costs: the processor time and memory of a process and everything it starts."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

_SAMPLE_S = 0.1
_PROC = Path("/proc")


class CommandFailedError(RuntimeError):
    """A measured command ended with an error; the end of what it said is the message."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one command cost.

    `cpu_s` counts the process and all that it started and waited for. `peak_mb` is the most memory the process itself
    held, `children_peak_mb` the most that any one process below it held; both 0 where there is no /proc to read.
    """

    cpu_s: float
    wall_s: float
    peak_mb: int
    children_peak_mb: int
    answer: Mapping[str, Any]
    """The JSON object on the last line of its standard output."""


class Resident(NamedTuple):
    """Memory of a process, in millions of bytes: all that is resident, and what of it are pages of mapped files.

    The system takes the latter back where others need memory, and reads them again.
    """

    whole_mb: int
    mapped_mb: int


def measure(command: Sequence[str], *, environment: Mapping[str, str], cwd: Path) -> Cost:
    """Run a command that prints one JSON line at its end; raises `CommandFailedError`."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        started = time.perf_counter()
        process = subprocess.Popen(command, env={**os.environ, **environment}, cwd=cwd, stdout=out, stderr=err)
        peaks: dict[int, int] = {}
        done = threading.Event()
        watcher = threading.Thread(target=_watch, args=(process.pid, peaks, done), daemon=True)
        watcher.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            raise
        finally:
            done.set()
            watcher.join()
        wall_s = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            err.seek(0)
            raise CommandFailedError(err.read().decode(errors="replace")[-2_000:])
        out.seek(0)
        lines = out.read().decode().strip().splitlines()
    return Cost(
        cpu_s=usage.ru_utime + usage.ru_stime,
        wall_s=wall_s,
        peak_mb=peaks.pop(process.pid, 0) // 1_000,
        children_peak_mb=max(peaks.values(), default=0) // 1_000,
        answer=json.loads(lines[-1]) if lines else {},
    )


def family(pid: int) -> Iterator[int]:
    """A process and every process below it that is alive; nothing where there is no /proc."""
    yield pid
    for task in (_PROC / str(pid) / "task").glob("*"):
        try:
            children = (task / "children").read_text().split()
        except OSError:
            continue
        for child in children:
            yield from family(int(child))


def peak_kb(pid: int) -> int:
    """Most memory a process has held, in thousands of bytes; 0 where that cannot be read.

    Not `ru_maxrss`: on Linux that begins at what the parent held when it started the process.
    """
    try:
        status = (_PROC / str(pid) / "status").read_text()
    except OSError:
        return 0
    kibibytes = next((line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")), "0")
    return int(kibibytes) * 1_024 // 1_000


def resident() -> Resident:
    """What this process holds in memory now; zeros where there is no /proc to read."""
    try:
        lines = (_PROC / "self" / "smaps_rollup").read_text().splitlines()
    except OSError:
        return Resident(0, 0)
    kibibytes = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines[1:])}
    whole_mb, own_mb = (kibibytes[name] * 1_024 // 1_000_000 for name in ("Rss", "Anonymous"))
    return Resident(whole_mb, whole_mb - own_mb)


def _watch(pid: int, peaks: dict[int, int], done: threading.Event) -> None:
    while not done.wait(_SAMPLE_S):
        for member in family(pid):
            peaks[member] = max(peaks.get(member, 0), peak_kb(member))
