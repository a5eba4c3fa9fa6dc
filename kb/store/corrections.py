"""Corrections of metadata: append-only, the newest of a field wins over whatever is read from the file again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast, get_args

from sqlalchemy import Connection, Row, func, insert, or_, select

from kb.model.corrections import ANSWERS, Answer, Correction, Field
from kb.model.works import Metadata
from kb.store import schema
from kb.store.database import Database, now

_C = schema.corrections.c
_V = schema.versions.c
_ANSWER = "answer:"
_METADATA = tuple(field for field in get_args(Field) if field not in ("work_id", "edition"))


class Corrections:
    """The `corrections` table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def history(self, version_id: str) -> Sequence[Correction]:
        """Corrections of a version, newest first."""
        with self._database.read() as connection:
            rows = connection.execute(
                select(schema.corrections).where(_C.version_id == version_id).order_by(_C.id.desc())
            )
            return [_correction(row) for row in rows]

    def answers(self, version_id: str) -> Mapping[str, Answer]:
        """What a version was said to be to each other one, by the other's id; also as said from there."""
        with self._database.read() as connection:
            return answers(connection, version_id)

    def retitled(self) -> Mapping[str, str]:
        """Titles that were corrected but are not yet those of their versions, by version."""
        newest = select(func.max(_C.id)).where(_C.field == "title").group_by(_C.version_id)
        with self._database.read() as connection:
            rows = connection.execute(
                select(_C.version_id, _C.value)
                .join(schema.versions, _V.id == _C.version_id)
                .where(_C.id.in_(newest), _C.value != _V.title)
            )
            return {row.version_id: row.value for row in rows}


def save(connection: Connection, version_id: str, values: Mapping[str, tuple[str, str]], *, by: str) -> None:
    """Keep corrections by field: what it was and what it is now."""
    at = now()
    rows = [
        {
            "version_id": version_id,
            "field": field,
            "value": value,
            "was": was,
            "corrected_by": by,
            "corrected_at": at,
        }
        for field, (was, value) in values.items()
    ]
    if rows:
        connection.execute(insert(schema.corrections), rows)


def answer_field(answer: Answer) -> str:
    """The field under which an answer about another version is kept."""
    return f"{_ANSWER}{answer}"


def answer_of(field: str) -> Answer | None:
    """The answer that is kept under `field`; None for a correction of a field of a version."""
    return next((answer for answer in ANSWERS if field == answer_field(answer)), None)


def is_replaced(connection: Connection, version_id: str) -> bool:
    """Whether another version was said to be a better file of the same edition."""
    latest = answers(connection, version_id)
    rows = connection.execute(
        select(_C.version_id).where(_C.field == answer_field("replacement"), _C.value == version_id)
    )
    return any(latest[row.version_id] == "replacement" for row in rows)


def answers(connection: Connection, version_id: str) -> dict[str, Answer]:
    """As `Corrections.answers`, within the caller's transaction."""
    rows = connection.execute(
        select(_C.version_id, _C.field, _C.value)
        .where(
            _C.field.in_([answer_field(answer) for answer in ANSWERS]),
            or_(_C.version_id == version_id, _C.value == version_id),
        )
        .order_by(_C.id)
    )
    found: dict[str, Answer] = {}
    for row in rows:
        other = row.value if row.version_id == version_id else row.version_id
        found[other] = cast(Answer, row.field.removeprefix(_ANSWER))
    return found


def newest(connection: Connection, version_id: str) -> Mapping[str, Correction]:
    """The correction of each field that holds now."""
    rows = connection.execute(select(schema.corrections).where(_C.version_id == version_id).order_by(_C.id))
    return {row.field: _correction(row) for row in rows}


def overlay(connection: Connection, version_id: str, metadata: Metadata) -> Metadata:
    """`metadata` as it was corrected; the work is not part of it (see `corrected_work`)."""
    held = newest(connection, version_id)
    changed = {field: held[field].value for field in _METADATA if field in held}
    if "edition" in held:
        changed_extra = {**metadata.extra, "edition": held["edition"].value}
        metadata = replace(metadata, extra={key: value for key, value in changed_extra.items() if value})
    return replace(metadata, **changed) if changed else metadata  # type: ignore[arg-type]  # checked when entered


def corrected_work(connection: Connection, version_id: str) -> str:
    """The work that a version was said to belong to; empty where nobody said so."""
    held = newest(connection, version_id).get("work_id")
    return held.value if held else ""


def _correction(row: Row[tuple[object, ...]]) -> Correction:
    return Correction(
        id=row.id,
        version_id=row.version_id,
        field=row.field,
        value=row.value,
        was=row.was,
        by=row.corrected_by,
        at=row.corrected_at,
    )
