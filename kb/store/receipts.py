"""Receipts: what reading each file gave, for ever."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Connection, insert, select

from kb.model.receipts import Notice, Receipt
from kb.store import schema
from kb.store.database import Database, now

_R = schema.receipts.c


class Receipts:
    """The `receipts` table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_version(self, version_id: str) -> Receipt | None:
        """The newest receipt of a version."""
        with self._database.read() as connection:
            body = connection.scalar(select(_R.body).where(_R.version_id == version_id).order_by(_R.id.desc()).limit(1))
        return _receipt(body) if body else None

    def problems(self, *, limit: int = 100) -> Sequence[Receipt]:
        """Newest receipts of files that could not be read and have not been read since."""
        newest: dict[tuple[str, str], Receipt] = {}
        with self._database.read() as connection:
            for row in connection.execute(select(_R.collection, _R.path, _R.body).order_by(_R.id.desc())):
                newest.setdefault((row.collection, row.path), _receipt(row.body))
        return [receipt for receipt in newest.values() if receipt.outcome == "failed"][:limit]


def save(connection: Connection, collection: str, receipt: Receipt) -> None:
    """Keep a receipt."""
    body = json.dumps(asdict(receipt), ensure_ascii=False, sort_keys=True)
    connection.execute(
        insert(schema.receipts).values(
            collection=collection,
            path=receipt.path,
            version_id=receipt.version_id or None,
            created_at=now(),
            body=body,
        )
    )


def _receipt(body: str) -> Receipt:
    fields = json.loads(body)
    fields["notices"] = tuple(Notice(**notice) for notice in fields["notices"])
    fields["pages_without_text"] = tuple(fields["pages_without_text"])
    return Receipt(**fields)
