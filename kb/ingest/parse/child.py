"""The process that opens files: reads requests as lines of JSON, answers with lines of JSON.

Started by `runner`, never by hand. It loads the libraries of a format when the first file of that format comes.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from kb.errors import KbError
from kb.ingest.parse import refusals
from kb.ingest.parse.kinds import kind_of
from kb.ingest.parse.parsed import Limits, Parsed
from kb.ingest.parse.wire import error_to_wire, parsed_to_wire, picture_to_wire, recognised_to_wire

if sys.platform != "win32":
    import resource

_SPARE_S = 0.5
"""How long before the parent's time is up a program of ours gives up, so that it can still say so."""


def read(
    data: bytes, *, filename: str, limits: Limits, on_progress: Callable[[int, int], None], wordless: bool = False
) -> Parsed:
    """Parse `data` by its kind in this process; raises an `UnreadableDocumentError` or `ManifestError`.

    `wordless` as in `pdf.parse`.
    """
    kind = kind_of(data, filename)
    match kind:
        case "pdf":
            from kb.ingest.parse import pdf

            return pdf.parse(data, limits=limits, on_progress=on_progress, wordless=wordless)
        case "markdown":
            from kb.ingest.parse import markdown

            parsed = markdown.parse(data, limits=limits)
        case "html":
            from kb.ingest.parse import html

            parsed = html.parse(data, limits=limits)
        case "docx":
            from kb.ingest.parse import docx

            parsed = docx.parse(data, limits=limits)
        case "text":
            from kb.ingest.parse import plain

            parsed = plain.parse(data, limits=limits)
    on_progress(1, 1)
    return parsed


def answer(request: dict[str, Any], on_progress: Callable[[int, int], None]) -> dict[str, Any]:
    """The answer to one request: what was `found`, or `error`."""
    limits = Limits(request["max_pages"], request["max_characters"])
    try:
        data = Path(request["path"]).read_bytes()
        if request["picture"] is not None:
            from kb.ingest.parse import drawing

            return {"found": picture_to_wire(drawing.draw(data, **request["picture"]))}
        if request["recognise"] is not None:
            from kb.ingest.parse import recognition

            limit_s = request["timeout_s"] - _SPARE_S
            found = recognition.recognise(data, **request["recognise"], limit_s=limit_s)
            return {"found": recognised_to_wire(found)}
        parsed = read(
            data,
            filename=request["filename"],
            limits=limits,
            on_progress=on_progress,
            wordless=request["wordless"],
        )
        return {"found": parsed_to_wire(parsed)}
    except KbError as error:
        return {"error": error_to_wire(error)}
    except MemoryError:
        return {"error": error_to_wire(refusals.too_big_in_memory(request["memory_mb"]))}
    except OSError as error:
        return {"unopened": [error.errno or 0, error.strerror or str(error)]}
    except Exception as error:  # noqa: BLE001  # libraries raise anything on hostile bytes; the file is to blame, and named
        return {"error": error_to_wire(refusals.damaged(repr(error)))}


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answer requests until there are no more."""

    def send(value: dict[str, Any]) -> None:
        answers.write(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n")
        answers.flush()

    send({"ready": True})
    for line in requests:
        request = json.loads(line)
        _limit(request["memory_mb"], request["timeout_s"])
        send(answer(request, lambda done, total: send({"progress": [done, total]})) | {"peak_mb": _peak_mb()})


def _limit(memory_mb: int, timeout_s: int) -> None:
    """Limits for the next file: address space, and processor time from now on. Windows has only the parent's clock."""
    if sys.platform == "win32":
        return
    size = memory_mb * 1_000_000
    _lower(resource.RLIMIT_AS, size)
    _lower(resource.RLIMIT_CORE, 0)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _lower(resource.RLIMIT_CPU, int(usage.ru_utime + usage.ru_stime) + timeout_s + 1)


def _lower(limit: int, value: int) -> None:
    if sys.platform == "win32":
        return
    hard = resource.getrlimit(limit)[1]
    wanted = value if hard == resource.RLIM_INFINITY else min(value, hard)
    try:
        resource.setrlimit(limit, (wanted, hard))
    except (ValueError, OSError):  # macOS refuses some; the parent's clock still holds
        logging.getLogger(__name__).debug("Limit %s is not available here", limit)


def _peak_mb() -> int:
    """Most memory that this process has taken, or one that it started, in megabytes.

    Linux counts the parent's into `ru_maxrss`, but not into `VmHWM`.
    """
    status = Path("/proc/self/status")
    if sys.platform == "win32":
        return 0
    unit = 1_000_000 if sys.platform == "darwin" else 1_000
    started = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // unit
    if status.is_file():
        return max(started, int(status.read_text(encoding="ascii").partition("VmHWM:")[2].split()[0]) // 1_000)
    return max(started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // unit)


def main() -> None:
    """Keep standard output for answers alone: libraries that print would break the protocol."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
