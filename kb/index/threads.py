"""How many threads the arithmetic of one search may take."""

from __future__ import annotations

from threadpoolctl import threadpool_limits

from kb.index.dense import set_search_threads


def one_thread_each() -> None:
    """Have every search, and every encoding of tokens, compute in its own thread alone.

    They run side by side. With a pool of threads behind them, products this small cost twice the processor time: the
    others wait for the next one in a busy loop.
    """
    set_search_threads(1)
    threadpool_limits(1, user_api="blas")
