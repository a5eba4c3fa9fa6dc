"""Publications as the pictures of the library show them: what it holds, and what its catalogue lists besides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from kb.html import addresses
from kb.html.hits import version_href
from kb.i18n import Texts
from kb.model.themes import Theme
from kb.model.works import Country, Version
from kb.sources.catalogue import OfficialSource
from kb.text.language import Language


@dataclass(frozen=True, slots=True)
class Publication:
    """One edition of a publication, in whichever languages it is held.

    `published` as in `Metadata`. `replaced` are the keys of the editions that this one took the place of. `is_listed`:
    it stands in the catalogue and is not held.
    """

    key: str
    title: str
    language: Language
    href: str
    country: Country
    publisher: str
    published: str
    theme: Theme | None
    is_current: bool
    is_listed: bool = False
    replaced: tuple[str, ...] = ()

    @property
    def year(self) -> int | None:
        """Year of publication, if known."""
        return int(self.published[:4]) if self.published[:4].isdigit() else None

    @property
    def month(self) -> int | None:
        """Month of publication, if known."""
        return int(self.published[5:7]) if self.published[5:7].isdigit() else None


def publications(
    t: Texts,
    versions: Iterable[Version],
    themes: Mapping[str, Theme],
    *,
    catalogue: Sequence[OfficialSource] = (),
    held: Mapping[str, Version],
) -> list[Publication]:
    """What is held in `versions` and what else the `catalogue` lists, by date, those without one last.

    `themes` are those of works by id; the catalogue's word counts more. `held` as `held_versions` gives it. Pages of
    the playbook are no publications.
    """
    stated = {held[source.id].work_id: source.theme for source in catalogue if source.id in held and source.theme}
    known: dict[str, Publication] = {}
    keys: dict[str, str] = {}
    by_work: dict[str, list[str]] = defaultdict(list)
    for edition in _editions(version for version in versions if not version.slug):
        shown = min(edition, key=lambda version: (version.metadata.language != t.language, version.id))
        keys.update((version.id, shown.id) for version in edition)
        by_work[shown.work_id].append(shown.id)
        known[shown.id] = _held(t, shown, stated.get(shown.work_id) or themes.get(shown.work_id))
    links = [pair for members in by_work.values() for pair in _successions(known, members)]
    links += [
        (keys[version.id], by_work[version.metadata.supersedes][-1])
        for version in versions
        if version.id in keys and by_work.get(version.metadata.supersedes)
    ]
    replaced = {source.supersedes for source in catalogue} | {each.id for each in catalogue if each.superseded_by}
    for source in catalogue:
        key = keys.get(held[source.id].id, "") if source.id in held else f"source-{source.id}"
        keys[f"source-{source.id}"] = key
        if source.id not in held:
            known[key] = _listed(t, source, is_current=source.id not in replaced)
    for source in catalogue:
        links += [(keys[f"source-{source.id}"], keys.get(f"source-{source.supersedes}", ""))]
        links += [(keys.get(f"source-{source.superseded_by}", ""), keys[f"source-{source.id}"])]
    for newer, older in dict.fromkeys(links):
        if newer in known and older in known and newer != older:
            known[newer] = replace(known[newer], replaced=(*known[newer].replaced, older))
    return sorted(known.values(), key=lambda each: (not each.published, each.published, each.title, each.key))


def _editions(versions: Iterable[Version]) -> list[list[Version]]:
    """Versions that are one edition of one work in several languages, together."""
    found: dict[tuple[str, str, str], list[Version]] = defaultdict(list)
    for version in versions:
        found[version.work_id, version.metadata.published, version.status].append(version)
    return list(found.values())


def _successions(known: Mapping[str, Publication], members: Sequence[str]) -> list[tuple[str, str]]:
    ordered = sorted(members, key=lambda key: (known[key].is_current, known[key].published))
    return [(newer, older) for older, newer in pairwise(ordered)]


def _held(t: Texts, version: Version, theme: Theme | None) -> Publication:
    metadata = version.metadata
    return Publication(
        key=version.id,
        title=version.title,
        language=metadata.language,
        href=version_href(t, version),
        country=metadata.country,
        publisher=metadata.publisher,
        published=metadata.published,
        theme=theme,
        is_current=version.status == "current",
    )


def _listed(t: Texts, source: OfficialSource, *, is_current: bool) -> Publication:
    title = source.title_in(t.language)
    older = [] if is_current else [("older", "1")]  # the list shows these only where they are asked for
    return Publication(
        key=f"source-{source.id}",
        title=title or source.title,
        language=t.language if title else source.language,
        href=addresses.screen(addresses.LIBRARY, t.language, older, fragment=f"source-{source.id}"),
        country=source.country,
        publisher=source.publisher,
        published=source.published,
        theme=source.theme,
        is_current=is_current,
        is_listed=True,
    )
