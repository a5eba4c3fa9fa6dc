"""Embeddings by model and text: nothing is ever embedded twice.

A passage has a vector and the codes of its token vectors, written together; what only serves to find a mean has the
vector alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.sqlite import insert

from kb.store import schema

_E = schema.embeddings.c
_T = schema.token_vectors.c
_BLOCK_ROWS = 500


def find(connection: Connection, model_id: str, hashes: Sequence[str]) -> Mapping[str, NDArray[np.float16]]:
    """Vectors held for these text hashes, each of shape (dimension,)."""
    found: dict[str, NDArray[np.float16]] = {}
    for i in range(0, len(hashes), _BLOCK_ROWS):
        rows = connection.execute(
            select(_E.text_hash, _E.vector).where(
                _E.model_id == model_id, _E.text_hash.in_(hashes[i : i + _BLOCK_ROWS])
            )
        )
        found.update({hashed: np.frombuffer(vector, dtype=np.float16) for hashed, vector in rows})
    return found


def find_codes(connection: Connection, model_id: str, codec: str, hashes: Sequence[str]) -> Mapping[str, bytes]:
    """Codes of token vectors held for these text hashes, as `codec` makes them (see `kb.index.vectors`)."""
    found: dict[str, bytes] = {}
    for i in range(0, len(hashes), _BLOCK_ROWS):
        wanted = (_T.model_id == model_id, _T.codec == codec, _T.text_hash.in_(hashes[i : i + _BLOCK_ROWS]))
        found.update(
            (hashed, codes) for hashed, codes in connection.execute(select(_T.text_hash, _T.codes).where(*wanted))
        )
    return found


def missing(connection: Connection, model_id: str, codec: str, hashes: Sequence[str]) -> list[str]:
    """Those of these text hashes for which a vector or the codes of `codec` are not held, in their order."""
    held: set[str] = set()
    same = (_T.model_id == _E.model_id) & (_T.text_hash == _E.text_hash) & (_T.codec == codec)
    both = select(_E.text_hash).join(schema.token_vectors, same).where(_E.model_id == model_id)
    for i in range(0, len(hashes), _BLOCK_ROWS):
        held.update(connection.scalars(both.where(_E.text_hash.in_(hashes[i : i + _BLOCK_ROWS]))))
    return [hashed for hashed in hashes if hashed not in held]


def save(connection: Connection, model_id: str, hashes: Sequence[str], vectors: NDArray[np.floating]) -> None:
    """Keep one vector (row of `vectors`, shape (n, dimension)) for each hash; one that is held stays."""
    rows = [
        {"model_id": model_id, "text_hash": hashed, "vector": vector.astype(np.float16).tobytes()}
        for hashed, vector in zip(hashes, vectors, strict=True)
    ]
    if rows:
        connection.execute(insert(schema.embeddings).on_conflict_do_nothing(), rows)


def save_codes(connection: Connection, model_id: str, codec: str, codes: Mapping[str, bytes]) -> None:
    """Keep the codes of token vectors by text hash; what is held stays."""
    rows = [
        {"model_id": model_id, "text_hash": hashed, "codec": codec, "codes": some} for hashed, some in codes.items()
    ]
    if rows:
        connection.execute(insert(schema.token_vectors).on_conflict_do_nothing(), rows)


def counts(connection: Connection) -> Mapping[str, int]:
    """How many embeddings each model has."""
    rows = connection.execute(select(_E.model_id, func.count()).group_by(_E.model_id))
    return {model_id: count for model_id, count in rows}  # noqa: C416  a row is no pair to the type checker
