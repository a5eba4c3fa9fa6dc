"""Correcting what is known of a document, and saying what it is to another one; every step can be taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from sqlalchemy import Connection, select

from kb.errors import NotFoundError
from kb.ingest.editions import settle_editions
from kb.model.corrections import REQUIRED, Answer, Correction, Field, Origins, proposed, value_of
from kb.model.works import Version
from kb.store import Store, corrections, passages, schema, versions
from kb.store.corrections import answer_field
from kb.store.database import next_revision
from kb.store.withdrawals import standing

_V = schema.versions.c


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that somebody else corrected while it was being edited: to what, and who."""

    value: str
    by: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a version now: values by field as corrected, where unconfirmed ones come from, and its history.

    That a document is of neither country counts only where somebody said so; else its country is empty. `seen` numbers
    the newest correction; `title_waits` until its passages have been prepared with the new title.
    """

    version: Version
    values: Mapping[Field, str]
    proposed: Origins
    history: Sequence[Correction]
    seen: int
    title_waits: bool

    @property
    def missing(self) -> Sequence[Field]:
        """Required fields of which nothing is known, in the order of the form."""
        return [field for field in REQUIRED if not self.values[field]]


def known(store: Store, version_id: str) -> Known:
    """What is known of a version; raises `NotFoundError`."""
    version = store.versions.get(version_id)
    history = store.corrections.history(version_id)
    corrected = {correction.field for correction in history}
    origins = store.origins.of_version(version_id)
    title = next((correction.value for correction in history if correction.field == "title"), version.title)
    fields: tuple[Field, ...] = (*_APPLIED, "title", "work_id", "edition")
    values: dict[Field, str] = {field: value_of(version, field) for field in fields} | {"title": title}
    unconfirmed = {
        field: origin for field in origins if field not in corrected and (origin := proposed(origins, field))
    }
    if values["country"] == "other" and unconfirmed.pop("country", ""):
        values["country"] = ""
    return Known(
        version=version,
        values=values,
        proposed=unconfirmed,
        history=history,
        seen=max((correction.id for correction in history), default=0),
        title_waits=title != version.title,
    )


def correct(
    store: Store, version_id: str, wanted: Mapping[Field, str], *, by: str, seen: int
) -> Mapping[Field, Conflict]:
    """Keep and apply what was entered; gives the fields that somebody else has changed since correction `seen`.

    Where there is such a conflict nothing is changed. A field that was not touched since then stays as the other left
    it. Values that were only proposed count as confirmed. An empty work makes the version a work of its own again. A
    title is taken over by the worker, because passages are embedded with it; everything else holds at once. Raises
    `NotFoundError`.
    """
    with store.database.write() as connection:
        _refuse_withdrawn(connection, version_id)
        before = known(store, version_id)
        wanted, conflicts = _merged(before, wanted, seen)
        if conflicts:
            return conflicts
        if not wanted.get("work_id", "x"):
            wanted = {**wanted, "work_id": version_id}
        changed: dict[str, tuple[str, str]] = {
            field: (before.values[field], value)
            for field, value in wanted.items()
            if value != before.values[field] or field in before.proposed
        }
        corrections.save(connection, version_id, changed, by=by)
        _apply(connection, before.version, {field: value for field, (_, value) in changed.items()})
    return {}


def answer(store: Store, version_id: str, other_id: str, said: Answer, *, by: str) -> None:
    """Keep and apply what a version was said to be to another one; raises `NotFoundError`.

    `edition` and `replacement` put it into the other's work and make the other superseded, a `replacement` also out of
    search; `earlier` makes it an older edition; `different` changes nothing but that nobody is asked again; `open`
    takes back what was said before.
    """
    with store.database.write() as connection:
        _refuse_withdrawn(connection, version_id)
        version, other = store.versions.get(version_id), store.versions.get(other_id)
        was_replaced = other.status == "retired" and corrections.is_replaced(connection, other_id)
        changed: dict[str, str] = {}
        match said:
            case "edition" | "replacement":
                changed = {"work_id": other.work_id, "supersedes": other.id}
            case "earlier":
                changed = {"work_id": other.work_id}
            case "open":
                changed = _as_before(store.corrections.history(version_id), other_id)
        rows: dict[str, tuple[str, str]] = {
            field: (was, value)
            for field, value in changed.items()
            if (was := value_of(version, cast(Field, field))) != value
        }
        corrections.save(connection, version_id, {**rows, answer_field(said): ("", other_id)}, by=by)
        if said == "earlier":
            versions.set_status(connection, version_id, "superseded")
        if was_replaced and standing(connection, other_id) is None:
            versions.set_status(connection, other_id, "superseded")
        _apply(connection, version, changed, beside=[other])


def _refuse_withdrawn(connection: Connection, version_id: str) -> None:
    """Raise `NotFoundError` for what readers no longer see: a licence entered now would show its words again."""
    if standing(connection, version_id) is not None:
        raise NotFoundError("This document was withdrawn.", remedy="Restore it first.", id=version_id)


def settled(store: Store, version_id: str) -> Sequence[tuple[Answer, Version]]:
    """What a version was said to be to others, newest first; what was taken back is left out."""
    latest: dict[str, Answer] = {}
    for correction in reversed(store.corrections.history(version_id)):
        if kind := corrections.answer_of(correction.field):
            latest.pop(correction.value, None)
            latest[correction.value] = kind
    held = store.versions.get_many(list(latest))
    return [(kind, held[key]) for key, kind in reversed(latest.items()) if kind != "open" and key in held]


_APPLIED: tuple[Field, ...] = (
    *("publisher", "country", "language", "published", "licence", "document_type", "source_url", "supersedes"),
)
"""Fields that are columns of a version and hold at once."""


def _merged(
    before: Known, wanted: Mapping[Field, str], seen: int
) -> tuple[Mapping[Field, str], Mapping[Field, Conflict]]:
    """`wanted` without the fields that only others changed since, and those that both did."""
    at_first: dict[str, str] = {}
    latest: dict[str, Correction] = {}
    for correction in reversed(before.history):
        if correction.id > seen:
            at_first.setdefault(correction.field, correction.was)
            latest[correction.field] = correction
    kept = {field: value for field, value in wanted.items() if field not in latest or value != at_first[field]}
    conflicts = {
        field: Conflict(latest[field].value, latest[field].by)
        for field, value in kept.items()
        if field in latest and value != latest[field].value
    }
    return kept, conflicts


def _as_before(history: Sequence[Correction], other_id: str) -> dict[str, str]:
    """Fields as they were before the newest answer about another version; those changed again since then stay."""
    said = next((c for c in history if corrections.answer_of(c.field) and c.value == other_id), None)
    if said is None:
        return {}
    found: dict[str, str] = {}
    for field in ("work_id", "supersedes"):
        newest = next((correction for correction in history if correction.field == field), None)
        if newest is not None and newest.at == said.at:
            found[field] = newest.was
    return found


def _apply(
    connection: Connection, version: Version, changed: Mapping[str, str], *, beside: Iterable[Version] = ()
) -> None:
    """Make a version what it was corrected to, with the editions this concerns, as a change that every process sees."""
    concerned = [*(other.id for other in beside), *_family(connection, version)]
    metadata = corrections.overlay(connection, version.id, version.metadata)
    if passages.listed(connection, version.id):
        metadata = replace(metadata, title=version.title)
    versions.set_metadata(connection, version.id, metadata, path=version.path, slug=version.slug)
    if work_id := changed.get("work_id"):
        versions.set_work(connection, version.id, work_id)
    after = replace(version, work_id=changed.get("work_id", version.work_id), metadata=metadata)
    settle_editions(connection, dict.fromkeys([*concerned, *_family(connection, after), version.id]))
    next_revision(connection)


def _family(connection: Connection, version: Version) -> Sequence[str]:
    """What a version says it supersedes, then the other editions of its work; newest first."""
    named = version.metadata.supersedes
    rows = connection.execute(
        select(_V.id, _V.work_id)
        .where(_V.id != version.id, _V.work_id.in_([version.work_id, named]) | (_V.id == named))
        .order_by(_V.published.desc(), _V.added_at.desc())
    ).all()
    return [row.id for row in sorted(rows, key=lambda row: named not in (row.id, row.work_id))]
