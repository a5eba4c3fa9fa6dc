"""Works and versions: what the library holds."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from kb.errors import NotFoundError
from kb.i18n import same_publishers
from kb.model.hits import Filters
from kb.model.passages import PlacedHeading
from kb.model.works import EditionStatus, Metadata, Version, with_shared
from kb.store import schema
from kb.store.database import Database, now
from kb.store.former_works import forget_former, note_former

_V = schema.versions.c
_PLAIN = (
    *("id", "work_id", "sha256", "path", "media_type", "size_bytes", "page_count", "passage_count", "word_count"),
    *("status", "added_at", "slug"),
)
_DESCRIBED = (
    *("title", "language", "publisher", "country", "document_type", "published", "licence", "source_url"),
    "supersedes",
)


@dataclass(frozen=True, slots=True)
class Facets:
    """How many versions carry each value; what filters can offer. Retired versions are not counted."""

    countries: Mapping[str, int]
    publishers: Mapping[str, int]
    languages: Mapping[str, int]
    document_types: Mapping[str, int]
    years: Mapping[int, int]


class Versions:
    """The `works` and `versions` tables."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, version_id: str) -> Version:
        """The version with this id; raises `NotFoundError`."""
        found = self.get_many([version_id])
        if not found:
            raise NotFoundError("This library holds no such document.", remedy="Search for its title.", id=version_id)
        return found[version_id]

    def get_many(self, version_ids: Sequence[str]) -> dict[str, Version]:
        """Versions by id; ids that do not exist are left out."""
        with self._database.read() as connection:
            rows = connection.execute(select(schema.versions).where(_V.id.in_(version_ids))).mappings()
            return {row["id"]: version_of(row) for row in rows}

    def by_work(self, work_id: str) -> list[Version]:
        """Every version of a work, current first, then newest first; raises `NotFoundError`."""
        with self._database.read() as connection:
            rows = connection.execute(select(schema.versions).where(_V.work_id == work_id)).mappings()
            found = [version_of(row) for row in rows]
        if not found:
            raise NotFoundError("This library holds no such document.", remedy="Search for its title.", id=work_id)
        order = ("current", "superseded", "retired")
        return sorted(
            sorted(found, key=lambda v: (v.metadata.published, v.added_at), reverse=True),
            key=lambda v: order.index(v.status),
        )

    def list(self, filters: Filters = Filters(), *, include_retired: bool = False) -> list[Version]:  # noqa: B008  frozen
        """Versions that meet `filters`, by title."""
        with self._database.read() as connection:
            rows = connection.execute(
                select(schema.versions)
                .where(conditions(filters, include_retired=include_retired))
                .order_by(_V.title, _V.id)
            ).mappings()
            return [version_of(row) for row in rows]

    def list_all(self) -> Sequence[Version]:
        """Every version, whatever its status, by id."""
        with self._database.read() as connection:
            return [version_of(row) for row in connection.execute(select(schema.versions).order_by(_V.id)).mappings()]

    def ids(self, filters: Filters) -> set[str]:
        """Ids of the versions that meet `filters`."""
        with self._database.read() as connection:
            return set(connection.scalars(select(_V.id).where(conditions(filters))))

    def facets(self, filters: Filters = Filters()) -> Facets:  # noqa: B008  frozen
        """Counts of each value among the versions that meet `filters`."""
        with self._database.read() as connection:
            rows = connection.execute(
                select(_V.country, _V.publisher, _V.language, _V.document_type, _V.year).where(conditions(filters))
            ).all()
        columns: Sequence[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * 5
        return Facets(*(dict(Counter(value for value in column if value not in (None, ""))) for column in columns))

    def outline(self, version_id: str) -> Sequence[PlacedHeading]:
        """Headings of a version in order."""
        heading = schema.headings.c
        with self._database.read() as connection:
            rows = connection.execute(
                select(heading.level, heading.title, heading.page, heading.start)
                .where(heading.version_id == version_id)
                .order_by(heading.ordinal)
            )
            return [PlacedHeading(*row) for row in rows]

    def last_changed(self) -> str:
        """When a version was last added, ISO 8601; empty in an empty library."""
        with self._database.read() as connection:
            return connection.scalar(select(func.max(_V.added_at))) or ""


def insert_version(connection: Connection, version: Version) -> None:
    """Add a version and, where it is new, its work."""
    _make_work(connection, version.work_id)
    connection.execute(insert(schema.versions).values(**_row(version)))


def set_status(connection: Connection, version_id: str, status: EditionStatus) -> None:
    """Change the edition status of one version."""
    connection.execute(update(schema.versions).where(_V.id == version_id).values(status=status))


def set_work(connection: Connection, version_id: str, work_id: str) -> None:
    """Make one version an edition of another work, which is made where it is new.

    The id that the work had goes on leading to it once no edition is left under it.
    """
    _make_work(connection, work_id)
    before = connection.scalar(select(_V.work_id).where(_V.id == version_id))
    connection.execute(update(schema.versions).where(_V.id == version_id).values(work_id=work_id))
    if before and connection.execute(select(_V.id).where(_V.work_id == before).limit(1)).first() is None:
        note_former(connection, before, work_id)


def set_path(connection: Connection, version_id: str, path: str) -> None:
    """Change where one version was found last."""
    connection.execute(update(schema.versions).where(_V.id == version_id).values(path=path))


def set_title(connection: Connection, version_id: str, title: str) -> None:
    """Change the title of one version; its passages have to be replaced with it."""
    connection.execute(update(schema.versions).where(_V.id == version_id).values(title=title))


def set_metadata(connection: Connection, version_id: str, metadata: Metadata, *, path: str, slug: str) -> None:
    """Replace what is known of a version besides its text."""
    connection.execute(
        update(schema.versions).where(_V.id == version_id).values(path=path, slug=slug, **_metadata_row(metadata))
    )


def set_counts(
    connection: Connection, version_id: str, *, page_count: int | None, passage_count: int, word_count: int
) -> None:
    """Replace the counts of a version that was read again."""
    connection.execute(
        update(schema.versions)
        .where(_V.id == version_id)
        .values(page_count=page_count, passage_count=passage_count, word_count=word_count)
    )


def conditions(filters: Filters, *, include_retired: bool = False) -> ColumnElement[bool]:
    """`filters` as a condition on the `versions` table."""
    wanted: list[ColumnElement[bool]] = []
    for column, values in (
        (_V.country, with_shared(filters.countries)),
        (_V.publisher, same_publishers(filters.publishers)),
        (_V.language, filters.languages),
        (_V.document_type, filters.document_types),
    ):
        if values:
            wanted.append(column.in_(values))
    if filters.year_from is not None:
        wanted.append(_V.year >= filters.year_from)
    if filters.year_to is not None:
        wanted.append(_V.year <= filters.year_to)
    if filters.work_id:
        wanted.append(or_(_V.work_id == filters.work_id, _V.id == filters.work_id))
    if not include_retired:
        wanted.append(_V.status == "current" if filters.current_only else _V.status != "retired")
    return and_(True, *wanted)


def _make_work(connection: Connection, work_id: str) -> None:
    """A work under `work_id`, which from now on leads to no other."""
    connection.execute(insert(schema.works).values(id=work_id, created_at=now()).on_conflict_do_nothing())
    forget_former(connection, work_id)


def _metadata_row(metadata: Metadata) -> dict[str, object]:
    extra = json.dumps(dict(metadata.extra), ensure_ascii=False, sort_keys=True)
    return {name: getattr(metadata, name) for name in _DESCRIBED} | {"year": metadata.year, "extra": extra}


def _row(version: Version) -> dict[str, object]:
    return {name: getattr(version, name) for name in _PLAIN} | _metadata_row(version.metadata)


def version_of(row: RowMapping) -> Version:
    """The version of a row of the table."""
    metadata = Metadata(**{name: row[name] for name in _DESCRIBED}, extra=json.loads(row["extra"]))
    return Version(**{name: row[name] for name in _PLAIN}, metadata=metadata)
