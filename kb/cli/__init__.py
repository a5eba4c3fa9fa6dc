"""The command line: `python -m kb ...`, a stable contract for people and for other programs.

Every command takes `--data DIR`, a whole library, and `--json`, which prints JSON on standard output and nothing else
there; progress and messages go to standard error. Exit codes: 0 done, 1 something is wrong and said, 2 wrong usage.
"""

from kb.cli.commands import main

__all__ = ["main"]
