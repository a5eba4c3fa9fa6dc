"""Searches that found nothing worth citing, kept as they were: what was searched, where, when and by whom."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import RowMapping, insert, select

from kb.store import schema
from kb.store.database import Database

_S = schema.playbook_searches.c


@dataclass(frozen=True, slots=True)
class FoundThen:
    """A passage that a search found and nobody thought worth citing."""

    passage_id: str
    title: str
    language: str
    page: int | None
    words: str


@dataclass(frozen=True, slots=True)
class KeptSearch:
    """A search of the documents of one country; `also` are its words in the other language, empty for none.

    `searched_on` is an ISO date, `revision` that of the library at the time.
    """

    id: int
    query: str
    also: str
    country: str
    searched_on: str
    searched_by: str
    revision: int
    found: tuple[FoundThen, ...]


class WikiSearches:
    """The `playbook_searches` table: rows are added and never changed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        query: str,
        country: str,
        *,
        also: str,
        on: str,
        by: str,
        revision: int,
        found: Sequence[FoundThen],
    ) -> int:
        """Keep a search; gives its number."""
        told = json.dumps({"also": also, "hits": [asdict(each) for each in found]}, ensure_ascii=False)
        values = {"query": query, "country": country, "searched_on": on, "searched_by": by}
        with self._database.write() as connection:
            made = connection.execute(insert(schema.playbook_searches).values(**values, revision=revision, found=told))
        assert made.inserted_primary_key is not None
        return int(made.inserted_primary_key[0])

    def get(self, number: int) -> KeptSearch | None:
        """One search by its number."""
        with self._database.read() as connection:
            row = connection.execute(select(schema.playbook_searches).where(_S.id == number)).mappings().one_or_none()
        return _kept(row) if row else None

    def of(self, query: str, on: str) -> Sequence[KeptSearch]:
        """The last search for `query` on a day in the documents of each country, newest first."""
        wanted = select(schema.playbook_searches).where(_S.query == query, _S.searched_on == on).order_by(_S.id.desc())
        with self._database.read() as connection:
            found = [_kept(row) for row in connection.execute(wanted).mappings()]
        return list({each.country: each for each in reversed(found)}.values())[::-1]


def _kept(row: RowMapping) -> KeptSearch:
    told = json.loads(row["found"])
    plain = {name: row[name] for name in ("id", "query", "country", "searched_on", "searched_by", "revision")}
    return KeptSearch(**plain, also=told["also"], found=tuple(FoundThen(**each) for each in told["hits"]))
