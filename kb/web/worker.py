"""The process that reads uploads, kept alive beside the server."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

from kb.settings import PROJECT_DIR, Settings

log = logging.getLogger(__name__)

_PAUSES_S = (1.0, 10.0)
"""Shortest and longest pause before a worker that stopped is started again; it doubles while none lives for longer, so
that one that cannot start does not spin."""
_PATIENCE_S = 10.0
"""For a worker to finish in good order when the server stops; what it had begun is taken up again later."""


@contextlib.asynccontextmanager
async def worker(settings: Settings) -> AsyncIterator[None]:
    """Keep one worker running for as long as the block is."""
    keeper = asyncio.create_task(_keep_running(settings))
    try:
        yield
    finally:
        keeper.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeper


def variables(settings: Settings) -> dict[str, str]:
    """Every setting as a variable of the environment, so that a process in any folder resolves them to the same."""
    values: dict[str, object] = {
        **dict(settings),
        "index_dir": settings.index_path,
        "glossary_file": settings.glossary_path,
    }
    if Path(settings.model).is_dir():
        values["model"] = Path(settings.model)
    return {
        f"KB_{name.upper()}": str(value.absolute() if isinstance(value, Path) else value)
        for name, value in values.items()
    }


async def _keep_running(settings: Settings) -> None:
    environment = os.environ | variables(settings)
    shortest_s, longest_s = _PAUSES_S
    pause_s = shortest_s
    while True:
        started = time.monotonic()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "kb", "worker", "--parent", str(os.getpid())), cwd=PROJECT_DIR, env=environment
        )
        try:
            code = await process.wait()
        except asyncio.CancelledError:
            await _stop(process)
            raise
        log.warning("The worker stopped with code %s; starting it again", code)
        await asyncio.sleep(pause_s)
        pause_s = min(2 * pause_s, longest_s) if time.monotonic() - started < 2 * longest_s else shortest_s


async def _stop(process: asyncio.subprocess.Process) -> None:
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), _PATIENCE_S)
    except TimeoutError:
        process.kill()
        await process.wait()
