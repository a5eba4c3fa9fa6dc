"""Baskets of evidence: what each reader has collected, known by a secret that only their browser has."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, select, update

from kb.errors import BasketError
from kb.model.evidence import BasketItem
from kb.store import schema
from kb.store.database import Database, now

KEPT_DAYS = 180
"""A basket that nobody has opened or changed for so long is removed."""
MOST_ITEMS = 200
"""Passages in one basket: what an export can hold and a reader can look through."""
MOST_NOTE_CHARACTERS = 2_000
"""Of a note."""
PUT_BACK_DAYS = 1
"""What was removed can be put back for so long."""

_MOST_QUERY_CHARACTERS = 300
_SEEN_AGAIN_S = 3600
"""A basket that is looked at is marked as seen at most this often."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

_B, _I = schema.baskets.c, schema.basket_items.c


class Baskets:
    """The `baskets` and `basket_items` tables.

    A basket is named by its `secret`; the tables hold only the SHA-256 of it, so that a copy of the database opens
    nobody's basket.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def items(self, secret: str) -> Sequence[BasketItem]:
        """What is in a basket, in the order of its reader; empty where there is no such basket."""
        if not secret:
            return ()
        with self._database.read() as connection:
            rows = connection.execute(
                select(_I.passage_id, _I.note, _I.query, _I.retrieved_at)
                .where(_shown(_id(secret)))
                .order_by(_I.position)
            )
            return tuple(BasketItem(*row) for row in rows)

    def count(self, secret: str) -> int:
        """How many passages are in a basket."""
        if not secret:
            return 0
        with self._database.read() as connection:
            return connection.scalar(select(func.count()).where(_shown(_id(secret)))) or 0

    def add(self, secret: str, passage_id: str, *, query: str = "") -> None:
        """Put a passage at the end of a basket, which is made where it is new; one that is in it stays as it is.

        One that was removed before comes back with its note. Raises `BasketError` for more than `MOST_ITEMS`.
        """
        identity = _id(secret)
        with self._database.write() as connection:
            _see(connection, identity)
            own = and_(_I.basket_id == identity, _I.passage_id == passage_id)
            held = connection.execute(select(_I.removed_at).where(own)).one_or_none()
            if held is not None and not held.removed_at:
                return
            _require_room(connection, identity)
            last = connection.scalar(select(func.max(_I.position)).where(_I.basket_id == identity)) or 0
            words = _plain(query)[:_MOST_QUERY_CHARACTERS]
            values = {"position": last + 1, "query": words, "retrieved_at": now(), "removed_at": ""}
            if held is None:
                row = {"basket_id": identity, "passage_id": passage_id, "note": "", **values}
                connection.execute(insert(schema.basket_items).values(**row))
            else:
                connection.execute(update(schema.basket_items).where(own).values(**values))

    def note(self, secret: str, passage_id: str, note: str) -> None:
        """Replace the note on a passage; raises `BasketError` where it is too long, and keeps the one before."""
        written = _plain(note).strip()
        if len(written) > MOST_NOTE_CHARACTERS:
            raise BasketError(
                f"The note is longer than {MOST_NOTE_CHARACTERS:,} characters.",
                remedy="Shorten it and save it again.",
                reason="basket-note-long",
                most=MOST_NOTE_CHARACTERS,
                length=len(written),
            )
        self._change(secret, _I.passage_id == passage_id, note=written)

    def remove(self, secret: str, passage_id: str | None = None) -> str:
        """Take a passage out of a basket, or all of them; gives the moment by which `put_back` knows them."""
        moment = now()
        which = _I.passage_id == passage_id if passage_id is not None else and_(True)
        self._change(secret, which, removed_at=moment)
        return moment

    def put_back(self, secret: str, moment: str) -> None:
        """Undo one `remove`: notes and places are as they were. Raises `BasketError` where there is no room."""
        identity = _id(secret)
        removed = and_(_I.basket_id == identity, _I.removed_at == moment, _I.removed_at != "")
        with self._database.write() as connection:
            _require_room(connection, identity, for_=connection.scalar(select(func.count()).where(removed)) or 0)
            connection.execute(update(schema.basket_items).where(removed).values(removed_at=""))

    def move(self, secret: str, passage_id: str, direction: Literal["up", "down"]) -> None:
        """Exchange a passage with the one before or after it; the first and the last stay where they are."""
        identity = _id(secret)
        with self._database.write() as connection:
            rows = connection.execute(
                select(_I.passage_id, _I.position).where(_shown(identity)).order_by(_I.position)
            ).all()
            at = next((i for i, row in enumerate(rows) if row.passage_id == passage_id), None)
            to = None if at is None else at + (-1 if direction == "up" else 1)
            if at is None or to is None or not 0 <= to < len(rows):
                return
            for row, position in ((rows[at], rows[to].position), (rows[to], rows[at].position)):
                own = and_(_I.basket_id == identity, _I.passage_id == row.passage_id)
                connection.execute(update(schema.basket_items).where(own).values(position=position))
            _see(connection, identity)

    def seen(self, secret: str) -> None:
        """Note that a basket was looked at, which makes it last; one that does not exist is not made."""
        identity = _id(secret)
        with self._database.read() as connection:
            before = connection.scalar(select(_B.seen_at).where(_B.id == identity))
        if before is not None and before < _ago(timedelta(seconds=_SEEN_AGAIN_S)):
            with self._database.write() as connection:
                connection.execute(update(schema.baskets).where(_B.id == identity).values(seen_at=now()))

    def _change(self, secret: str, which: ColumnElement[bool], **values: object) -> None:
        identity = _id(secret)
        with self._database.write() as connection:
            connection.execute(update(schema.basket_items).where(_shown(identity), which).values(**values))
            connection.execute(update(schema.baskets).where(_B.id == identity).values(seen_at=now()))
            _forget(connection)


def _id(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _shown(identity: str) -> ColumnElement[bool]:
    return and_(_I.basket_id == identity, _I.removed_at == "")


def _see(connection: Connection, identity: str) -> None:
    """Make a basket where it is new, else note that it is in use; what has outlived its time goes."""
    moment = now()
    changed = connection.execute(update(schema.baskets).where(_B.id == identity).values(seen_at=moment))
    if not changed.rowcount:
        _forget(connection)
        connection.execute(insert(schema.baskets).values(id=identity, created_at=moment, seen_at=moment))


def _forget(connection: Connection) -> None:
    """Remove the baskets that nobody has used, and what was removed too long ago to be put back."""
    old = select(_B.id).where(_B.seen_at < _ago(timedelta(days=KEPT_DAYS)))
    connection.execute(delete(schema.basket_items).where(_I.basket_id.in_(old)))
    connection.execute(delete(schema.baskets).where(_B.id.in_(old)))
    removed = and_(_I.removed_at != "", _I.removed_at < _ago(timedelta(days=PUT_BACK_DAYS)))
    connection.execute(delete(schema.basket_items).where(removed))


def _require_room(connection: Connection, identity: str, *, for_: int = 1) -> None:
    held = connection.scalar(select(func.count()).where(_shown(identity))) or 0
    if held + for_ > MOST_ITEMS:
        raise BasketError(
            f"The list is full: it holds at most {MOST_ITEMS} passages.",
            remedy="Download it and remove what you no longer need, then add the passage again.",
            reason="basket-full",
            most=MOST_ITEMS,
        )


def _plain(text: str) -> str:
    """`text` without characters that no document can hold, its lines ended in one way."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _ago(time: timedelta) -> str:
    return (datetime.now(UTC) - time).isoformat(timespec="milliseconds")
