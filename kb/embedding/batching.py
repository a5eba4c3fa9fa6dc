"""Which texts are run together: neighbours in length, so that hardly anything is padding."""

from __future__ import annotations

from collections.abc import Sequence

BATCH_TOKENS = 1024
"""Most tokens of one run, padding included. Larger runs fall out of the processor's cache and are slower."""


def batches(lengths: Sequence[int], *, max_tokens: int = BATCH_TOKENS) -> list[list[int]]:
    """Positions of `lengths`, each once, longest first; rows times longest row stays within `max_tokens`.

    A text longer than that is a batch by itself.
    """
    made: list[list[int]] = []
    for position in sorted(range(len(lengths)), key=lambda position: -lengths[position]):
        if made and (len(made[-1]) + 1) * lengths[made[-1][0]] <= max_tokens:
            made[-1].append(position)
        else:
            made.append([position])
    return made
