"""Comments on paragraphs of playbook pages: with the words they are about, so that they outlive edits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, insert, select, update

from kb.errors import NotFoundError
from kb.store import schema
from kb.store.database import Database, now
from kb.text.language import Language

_C = schema.playbook_comments.c


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment on the words `quoted` under `heading` of a body as they stood in `revision`, or an answer to another.

    Moments are ISO 8601 in UTC; `settled_at` is empty while it is open. `answers` is the comment it answers.
    """

    id: int
    page_id: int
    language: Language
    revision: int
    heading: str
    quoted: str
    author: str
    text: str
    made_at: str
    answers: int | None
    settled_by: str
    settled_at: str


class WikiComments:
    """The `playbook_comments` table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, page_id: int, language: Language) -> Sequence[Comment]:
        """Comments on a body and their answers, oldest first."""
        with self._database.read() as connection:
            rows = connection.execute(
                select(schema.playbook_comments).where(_C.page_id == page_id, _C.language == language).order_by(_C.id)
            )
            return [Comment(**row) for row in rows.mappings()]

    def open_count(self, page_id: int, language: Language) -> int:
        """How many comments on a body nobody has settled; answers do not count."""
        with self._database.read() as connection:
            return (
                connection.scalar(
                    select(func.count()).where(
                        _C.page_id == page_id, _C.language == language, _C.answers.is_(None), _C.settled_at == ""
                    )
                )
                or 0
            )

    def open_counts(self) -> Mapping[tuple[int, Language], int]:
        """The same of every body that has any."""
        with self._database.read() as connection:
            rows = connection.execute(
                select(_C.page_id, _C.language, func.count())
                .where(_C.answers.is_(None), _C.settled_at == "")
                .group_by(_C.page_id, _C.language)
            )
            return {(page_id, language): count for page_id, language, count in rows}

    def add(
        self,
        page_id: int,
        language: Language,
        *,
        revision: int,
        heading: str,
        quoted: str,
        author: str,
        text: str,
        answers: int | None = None,
    ) -> int:
        """Add a comment; gives its id. One that answers another on the same body opens that again."""
        with self._database.write() as connection:
            if answers is not None:
                mine = (_C.id == answers, _C.page_id == page_id, _C.language == language, _C.answers.is_(None))
                opened = connection.execute(
                    update(schema.playbook_comments).where(*mine).values(settled_by="", settled_at="")
                )
                if not opened.rowcount:
                    raise _unknown()
            made = connection.execute(
                insert(schema.playbook_comments).values(
                    page_id=page_id,
                    language=language,
                    revision=revision,
                    heading=heading,
                    quoted=quoted,
                    author=author,
                    text=text,
                    made_at=now(),
                    answers=answers,
                    settled_by="",
                    settled_at="",
                )
            )
            assert made.inserted_primary_key is not None
            return int(made.inserted_primary_key[0])

    def settle(self, page_id: int, comment_id: int, *, by: str) -> None:
        """Note that a comment of a page is dealt with; with an empty `by` it is open again."""
        values = {"settled_by": by, "settled_at": now() if by else ""}
        with self._database.write() as connection:
            mine = (_C.id == comment_id, _C.page_id == page_id)
            if not connection.execute(update(schema.playbook_comments).where(*mine).values(**values)).rowcount:
                raise _unknown()


def _unknown() -> NotFoundError:
    return NotFoundError("There is no such comment on this page.", remedy="Load the page again.")
