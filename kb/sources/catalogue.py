"""The catalogue of official publications as it stands in `sources.toml` of the corpus: `[[source]]` tables."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeVar, cast, get_args
from urllib.parse import urlsplit

from kb.errors import ManifestError, NotFoundError
from kb.ingest.collections import CATALOGUE_NAME, read_catalogue
from kb.ingest.describe import work_name
from kb.model.themes import THEMES, Theme, theme_named
from kb.model.works import Country, DocumentType, Version
from kb.settings import Settings
from kb.text.language import LANGUAGES, Language

log = logging.getLogger(__name__)

Check = Literal["verified", "secondary", "unverified"]
"""What our check of an entry rests on: the publication itself, other publications, or nothing yet."""

Media = Literal["pdf", "html"]

_OWN: tuple[DocumentType, ...] = ("briefing", "playbook")
"""Kinds of our own documents: an entry may describe such a file to the library, an official source it is not."""

_REQUIRED = ("id", "title", "language")
_Word = TypeVar("_Word", bound=str)


@dataclass(frozen=True, slots=True)
class OfficialSource:
    """One edition of an official publication: what it is, where it is, under which licence it may be used.

    `title` is as published. `path` is set for a file that lies in the corpus already. `media` is empty where the
    address alone tells what will come. `described` is the whole table, as metadata for the library.
    """

    id: str
    title: str
    language: Language
    url: str = ""
    title_en: str = ""
    title_ja: str = ""
    publisher: str = ""
    country: Country = "other"
    document_type: DocumentType = "other"
    published: str = ""
    licence: str = ""
    note: str = ""
    path: str = ""
    check: Check = "unverified"
    media: Media | Literal[""] = ""
    supersedes: str = ""
    superseded_by: str = ""
    theme: Theme | None = None
    described: Mapping[str, str] = field(default_factory=dict)

    def title_in(self, language: Language) -> str:
        """The title in `language`, ours where there is no official one; empty where nobody wrote one."""
        own = self.title_ja if language == "ja" else self.title_en
        return own or (self.title if language == self.language else "")

    @property
    def year(self) -> int | None:
        """Year of publication, if known."""
        return int(self.published[:4]) if self.published[:4].isdigit() else None


def official_sources(settings: Settings) -> Sequence[OfficialSource]:
    """The catalogue of the corpus, read again only when it has changed; empty where there is none.

    Raises `ManifestError`, which names the entry and the field that cannot be understood.
    """
    path = settings.corpus_dir / CATALOGUE_NAME
    try:
        state = path.stat()
    except OSError:
        return ()
    return _read(path, state.st_mtime_ns, state.st_size)


def shown_sources(settings: Settings) -> Sequence[OfficialSource]:
    """The same for pages that show more than the catalogue: a faulty one is logged and left out."""
    try:
        return official_sources(settings)
    except ManifestError as error:
        log.warning("%s", error)
        return ()


def chosen(catalogue: Sequence[OfficialSource], ids: Sequence[str]) -> Sequence[OfficialSource]:
    """The sources with these ids, in the order of the catalogue, or all where none is named."""
    known = {source.id for source in catalogue}
    for wanted in ids:
        if wanted not in known:
            raise NotFoundError(
                f"The catalogue has no source “{wanted}”.",
                remedy="python -m kb sources list shows the ids of all.",
                reason="no-source",
                id=wanted,
            )
    return [source for source in catalogue if not ids or source.id in ids]


def held_versions(
    catalogue: Sequence[OfficialSource], versions: Sequence[Version], fetched: Mapping[str, str] | None = None
) -> Mapping[str, Version]:
    """The version that holds each source, by the id of the source: told by work, address or place in the corpus.

    `fetched` are ids of versions by the id of the source they were fetched as: bytes that somebody had added before
    know nothing of the catalogue. Of several the first version counts, so the caller's order decides. Retired versions
    do not hold anything.
    """
    found: dict[tuple[str, str], Version] = {}
    for version in versions:
        if version.status != "retired":
            for name, value in (
                ("version", version.id),
                ("work", version.work_id),
                ("url", _address(version.metadata.source_url)),
                ("path", version.path),
            ):
                found.setdefault((name, value), version)
    held: dict[str, Version] = {}
    for source in catalogue:
        keys = (
            *(("work", work_name(source.id)), ("url", _address(source.url)), ("path", source.path)),
            ("version", (fetched or {}).get(source.id, "")),
        )
        match = next((found[key] for key in keys if key[1] and key in found), None)
        if match is not None:
            held[source.id] = match
    return held


def _address(url: str) -> str:
    """`url` as two writings of one address are the same: without scheme, `www.`, fragment and last slash."""
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.netloc.lower().removeprefix('www.')}{parts.path.rstrip('/')}{query}"


@lru_cache(maxsize=8)
def _read(path: Path, *_: int) -> Sequence[OfficialSource]:
    tables = enumerate(read_catalogue(path), 1)
    sources = [_source(number, table) for number, table in tables if table.get("document_type") not in _OWN]
    known: set[str] = set()
    for source in sources:
        if source.id in known:
            raise _refused(f"the id “{source.id}” stands twice")
        known.add(source.id)
    return tuple(sources)


def _source(number: int, table: Mapping[str, str]) -> OfficialSource:
    where = f"source {number} (“{table.get('id', '')}”)"
    for name in _REQUIRED:
        if not table.get(name, "").strip():
            raise _refused(f"{where} has no “{name}”")
    if work_name(table["id"]) != table["id"]:
        raise _refused(f"{where}: an id is lower-case letters, digits and hyphens")
    if urlsplit(table.get("url", "")).scheme not in ("", "https", "http"):
        raise _refused(f"{where}: “url” must begin with https://")
    return OfficialSource(
        language=_one_of(where, "language", table["language"], LANGUAGES),
        country=_one_of(where, "country", table.get("country", "other"), get_args(Country)),
        document_type=_one_of(where, "document_type", table.get("document_type", "other"), get_args(DocumentType)),
        check=_one_of(where, "status", table.get("status", "unverified"), get_args(Check)),
        media=cast("Media | Literal['']", _one_of(where, "media", table.get("media", ""), ("", *get_args(Media)))),
        theme=theme_named(_one_of(where, "theme", table.get("theme", ""), ("", *THEMES))),
        described=dict(table),
        **{name: table.get(name, "") for name in _PLAIN},
    )


_PLAIN = (
    *("id", "title", "url", "title_en", "title_ja", "publisher", "published", "licence", "note", "path"),
    *("supersedes", "superseded_by"),
)


def _one_of(where: str, name: str, value: str, allowed: Sequence[_Word]) -> _Word:
    if value not in allowed:
        raise _refused(f"{where}: “{name}” must be one of {', '.join(filter(None, allowed))}")
    return cast(_Word, value)


def _refused(detail: str) -> ManifestError:
    return ManifestError(
        f"The catalogue {CATALOGUE_NAME} cannot be used: {detail}.",
        remedy="Correct it there.",
        path=CATALOGUE_NAME,
        reason="sources",
        detail=detail,
    )
