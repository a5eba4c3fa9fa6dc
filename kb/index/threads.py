"""How many threads the arithmetic of one search may take."""

from __future__ import annotations

from threadpoolctl import threadpool_limits


def one_thread_each() -> None:
    """Have numpy compute in the thread that calls it, all over this process.

    Searches, and the encoding of tokens, run side by side. With a pool of threads behind them, products this small cost
    twice the processor time: the others wait for the next one in a busy loop.
    """
    threadpool_limits(1, user_api="blas")
