"""Receipts: what reading each file gave, for ever."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace

from sqlalchemy import Connection, func, insert, select, update

from kb.model.receipts import Health, Notice, Receipt, Sample
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
            row = connection.execute(
                select(_R.body, _R.created_at).where(_R.version_id == version_id).order_by(_R.id.desc()).limit(1)
            ).one_or_none()
        return _receipt(row.body, row.created_at) if row else None

    def health(self) -> Mapping[str, Health]:
        """How well each version was read, by its newest receipt; those without one are left out."""
        newest = select(func.max(_R.id)).where(_R.version_id.is_not(None)).group_by(_R.version_id)
        with self._database.read() as connection:
            rows = connection.execute(select(_R.version_id, _R.body, _R.created_at).where(_R.id.in_(newest)))
            read = {row.version_id: _receipt(row.body, row.created_at) for row in rows}
        return {version_id: receipt.health for version_id, receipt in read.items() if receipt.outcome != "retired"}

    def problems(self, *, limit: int = 100) -> Sequence[Receipt]:
        """Newest receipts of files that could not be read and have not been read since."""
        newest: dict[tuple[str, str], Receipt] = {}
        with self._database.read() as connection:
            for row in connection.execute(
                select(_R.collection, _R.path, _R.body, _R.created_at).order_by(_R.id.desc())
            ):
                newest.setdefault((row.collection, row.path), _receipt(row.body, row.created_at))
        return [receipt for receipt in newest.values() if receipt.outcome == "failed"][:limit]

    def add_samples(self, version_id: str, samples: Sequence[Sample]) -> None:
        """Note on the newest receipt of a version which searches find it."""
        with self._database.write() as connection:
            row = connection.execute(
                select(_R.id, _R.body).where(_R.version_id == version_id).order_by(_R.id.desc()).limit(1)
            ).one_or_none()
            if row is None:
                return
            body = _body(replace(_receipt(row.body), samples=tuple(samples)))
            connection.execute(update(schema.receipts).where(_R.id == row.id).values(body=body))


def save(connection: Connection, collection: str, receipt: Receipt) -> None:
    """Keep a receipt."""
    connection.execute(
        insert(schema.receipts).values(
            collection=collection,
            path=receipt.path,
            version_id=receipt.version_id or None,
            created_at=now(),
            body=_body(receipt),
        )
    )


def _body(receipt: Receipt) -> str:
    fields = asdict(receipt)
    del fields["created_at"]
    return json.dumps(fields, ensure_ascii=False, sort_keys=True)


def _receipt(body: str, created_at: str = "") -> Receipt:
    fields = json.loads(body)
    fields["notices"] = tuple(Notice(**notice) for notice in fields["notices"])
    fields["samples"] = tuple(Sample(**sample) for sample in fields.get("samples", ()))
    for name in ("pages_without_text", "blank_pages", "ocr_pages", "garbled_pages"):
        fields[name] = tuple(fields.get(name, ()))
    for name in ("pictures", "tables"):
        fields[name] = {int(page): n for page, n in fields.get(name, {}).items()}
    fields["language_pages"] = {each: tuple(numbers) for each, numbers in fields.get("language_pages", {}).items()}
    return Receipt(**fields, created_at=created_at)
