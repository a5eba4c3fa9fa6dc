"""What is logged, where and how."""

from __future__ import annotations

import logging


def set_up_logging(level: str) -> None:
    """Log lines of the application from `level` on, to standard error; libraries from warnings on."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    logging.getLogger("kb").setLevel(level)
