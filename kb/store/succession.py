"""Which edition replaced which: in one language, across works, as far as the chain goes."""

from __future__ import annotations

from collections.abc import Set

from sqlalchemy import Connection, or_, select

from kb.model.editions import Successor, is_newer
from kb.model.works import Version
from kb.store import schema
from kb.store.database import Database
from kb.store.former_works import names_of, present_id
from kb.store.versions import version_of
from kb.store.withdrawals import standing

_V = schema.versions.c


class Succession:
    """What replaced an edition, as versions say by their status, their work and what they supersede."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def successor(self, version: Version) -> Successor | None:
        """The edition to read in place of `version`; None where that is current or nothing replaced it.

        The chain is followed to the current edition, or to the last that readers may see. Versions that were withdrawn
        are stepped over.
        """
        chain: list[Version] = []
        seen = {version.id}
        with self._database.read() as connection:
            last = version
            while last.status != "current" and (following := _next(connection, last, seen)) is not None:
                seen.add(following.id)
                chain.append(last := following)
            shown = [each for each in chain if standing(connection, each.id) is None]
        shown = [each for each in shown if each.status != "retired"] or shown
        return Successor(shown[-1], chain[0]) if shown else None

    def predecessor(self, version: Version) -> Version | None:
        """The edition that `version` replaced at once and that readers may see; None where none is held."""
        named = version.metadata.supersedes
        with self._database.read() as connection:
            found = connection.execute(
                select(schema.versions).where(
                    or_(_V.id == named, _V.work_id.in_({version.work_id, present_id(connection, named)})),
                    _V.language == version.metadata.language,
                    _V.status != "current",
                    _V.id != version.id,
                )
            )
            candidates = [
                each
                for each in map(version_of, found.mappings())
                if _replaces(version, each) and standing(connection, each.id) is None
            ]
        return max(candidates, key=lambda each: (each.id == named, *_age(each)), default=None)


def _next(connection: Connection, version: Version, seen: Set[str]) -> Version | None:
    """What replaced `version` at once: what names it, else the newest of its work, else what names its work."""
    names = names_of(connection, version.work_id)
    found = connection.execute(
        select(schema.versions).where(
            or_(_V.work_id == version.work_id, _V.supersedes.in_({version.id, *names})),
            _V.language == version.metadata.language,
            _V.id.not_in(seen),
        )
    )
    candidates = [each for each in map(version_of, found.mappings()) if _replaces(each, version)]
    return max(candidates, key=lambda each: (*_claim(each, version), *_age(each)), default=None)


def _replaces(other: Version, version: Version) -> bool:
    """Whether `other` came after `version`; of two editions of one work, which are told by their dates."""
    if other.metadata.supersedes == version.id or other.work_id != version.work_id:
        return True
    return (version.status == "superseded" and other.status == "current") or is_newer(other, version)


def _claim(other: Version, version: Version) -> tuple[int, bool, bool]:
    """How directly `other` replaces `version`: by its very name, as the current edition of its work, by the work."""
    exactly = other.metadata.supersedes == version.id
    sibling = other.work_id == version.work_id
    is_current = other.status == "current"
    return 3 if exactly else 2 if sibling and is_current else 0 if sibling else 1, is_current, other.status != "retired"


def _age(version: Version) -> tuple[str, str]:
    return version.metadata.published, version.added_at
