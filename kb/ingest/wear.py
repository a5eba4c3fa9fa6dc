"""How worn a worker is: libraries leak, and memory that was needed once is not given back to the system."""

from __future__ import annotations

import os
import sys
from pathlib import Path

MOST_FILES = 500
"""Files after which a worker begins anew, so that what libraries leak stays small."""


def resident_mb() -> int:
    """Memory this process holds now, in millions of bytes; where the system does not tell, the most it ever held."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return _peak_mb()
    return pages * os.sysconf("SC_PAGE_SIZE") // 1_000_000


def _peak_mb() -> int:
    if sys.platform == "win32":
        return 0
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // 1_000_000 if sys.platform == "darwin" else peak // 1_000
