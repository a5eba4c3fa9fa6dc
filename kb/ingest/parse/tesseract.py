"""Tesseract, a program for text recognition (OCR): used where it is installed, never required."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from collections.abc import Sequence

ENGLISH, JAPANESE, VERTICAL = "eng", "jpn", "jpn_vert"
_KNOWN = (JAPANESE, ENGLISH, VERTICAL)
_LIST_S = 15
_LEAST_DPI = 70
"""Tesseract takes fewer for a mistake."""
_MOST_BYTES = 20_000_000
"""Of an answer: far more than the words of any page."""


@functools.lru_cache(maxsize=1)
def installed_languages() -> tuple[str, ...]:
    """Which of `jpn`, `eng` and `jpn_vert` the installed Tesseract reads; none where it is not installed.

    Asked once in each process: what is installed later is seen after a restart.
    """
    program = shutil.which("tesseract")
    if program is None:
        return ()
    try:
        answer = subprocess.run(
            [program, "--list-langs"], capture_output=True, stdin=subprocess.DEVNULL, timeout=_LIST_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ()
    listed = (answer.stdout + answer.stderr).decode("utf-8", "replace").split()
    return tuple(language for language in _KNOWN if language in listed)


def table_of_words(picture: bytes, *, languages: Sequence[str], dpi: int, is_vertical: bool, limit_s: float) -> str:
    """Tesseract's table of the words in a picture (TSV); empty where it fails or takes longer than `limit_s`.

    It has the limits on memory and processor time of the process that starts it, and is killed when time is up.
    """
    program = shutil.which("tesseract")
    if program is None or not languages or limit_s <= 0:
        return ""
    layout = "5" if is_vertical else "3"  # one block of vertical lines, or whatever the page turns out to be
    try:
        answer = subprocess.run(
            [
                program,
                "stdin",
                "stdout",
                "-l",
                "+".join(languages),
                "--psm",
                layout,
                "--dpi",
                str(max(dpi, _LEAST_DPI)),
                "tsv",
            ],
            input=picture,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=limit_s,
            check=False,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},  # its threads wait for each other more than they help
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout[:_MOST_BYTES].decode("utf-8", "replace") if answer.returncode == 0 else ""
